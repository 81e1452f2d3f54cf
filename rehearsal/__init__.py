"""Rehearsal: a whole procedure played in seconds, on the production code, with a skipped clock and servers of its own.

`scenario` what is to be played · `stage` the house it is played in · `play` who does what, when · `timeline` what
happened, read from journal, ledger and mail.
"""
