"""The managers' board: views that pages and programs share, and the routes of the programs."""
