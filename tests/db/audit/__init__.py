"""Audits in the register."""
