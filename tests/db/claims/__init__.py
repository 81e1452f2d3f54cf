"""Claims in the register."""
