"""Reports take shape: documents and spreadsheets, from values alone, the same bytes each time."""
