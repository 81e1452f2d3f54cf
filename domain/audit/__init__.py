"""Audit: of a delegate, once a year, from its plan to the end of what it has found.

Source: procedures, section 3
"""
