"""Payments in the register, without an engine."""
