"""The files that are exchanged with the bank."""
