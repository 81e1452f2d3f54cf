"""A real browser on a real house: what people see, click and type, and what becomes of it."""
