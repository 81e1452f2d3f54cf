"""What a manager's board shows, for the whole insurer or one pole, without the cases about whoever reads it."""
