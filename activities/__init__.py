"""HOW: one side effect each. What decides is in the domain; what waits is in the workflows."""
