"""What can be wrong with this machine, said in one sentence with its remedy."""


class LocalError(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do about it."""
