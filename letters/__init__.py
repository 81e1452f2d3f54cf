"""A letter takes shape: its words from the templates, then text, page or paper; also what has not been approved."""
