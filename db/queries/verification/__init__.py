"""Is the journal what was written? Every line, checkpoint and command is read and compared; nothing is mended."""
