"""What the pages are made of: words, typed fields, marks of forms, differences."""
