"""WHEN: the order of steps, waits and deadlines. Each workflow's `run` reads like its written procedure."""
