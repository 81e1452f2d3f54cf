"""What happens when a part of the house is away, slow, or answers wrongly."""
