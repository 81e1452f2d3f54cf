"""How sending is recorded, for letters and messages alike: begun, accepted, failed, and what may be a second copy."""

from sqlalchemy import func

from db.models.letter import Attempts


def begin(sent: Attempts) -> None:
    """An attempt that finds the last one without an answer may make a second copy, and is counted as one."""
    sent.possible_doubles += 1 if sent.sending_wall is not None else 0
    sent.attempts += 1
    sent.sending_wall = func.clock_timestamp()


def accept(sent: Attempts) -> None:
    """The mail server has taken it over."""
    sent.accepted_wall = func.clock_timestamp()
    sent.sending_wall = sent.last_error = None


def fail(sent: Attempts, error: str, *, answered: bool) -> None:
    """The attempt has failed. Without an answer of the server, the next attempt may make a second copy."""
    sent.last_error = error
    if answered:
        sent.sending_wall = None
