"""The rules of the house as tests: they read the sources, and say where a file does not keep to what was agreed."""
