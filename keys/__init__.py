"""The keys: the ring that the environment gives, how something is sealed with a key, how lines are chained with one."""
