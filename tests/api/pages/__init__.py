"""Pages, as a browser without JavaScript sees them; and what they are made of: words, typed fields, marks of forms."""
