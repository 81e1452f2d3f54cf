"""What the register keeps of findings."""
