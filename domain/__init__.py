"""WHAT: the rules of the procedures. Pure: no clock, no database, no network; dates and values in, decisions out."""
