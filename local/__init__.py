"""The servers of one machine: started, watched and stopped by our own code, reachable from this machine only."""
