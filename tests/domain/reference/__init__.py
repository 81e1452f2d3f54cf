"""The forms of reference data."""
