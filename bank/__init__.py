"""The bank: what we send it (credit transfers, pain.001) and what it answers (status reports, pain.002)."""
