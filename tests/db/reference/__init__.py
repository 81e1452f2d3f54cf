"""Reference data taken in."""
