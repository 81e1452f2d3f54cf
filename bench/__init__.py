"""Benchmarks: speed as a ratio against something run at the same time, medians with their spread."""
