"""Reference data as it stands: files that were taken in, and what is known of a member."""
