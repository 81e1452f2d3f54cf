"""What the register keeps of activities and their figures."""
