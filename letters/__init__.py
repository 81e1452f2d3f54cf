"""A letter takes shape: its words from the templates, then text, page or paper. Of letters that leave, and of drafts."""
