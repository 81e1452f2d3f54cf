"""The API: what it answers, to whom, and how it refuses."""
