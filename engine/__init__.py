"""The way to Temporal: one client, whose payloads and failures are encrypted before they leave this process."""
