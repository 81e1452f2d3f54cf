"""Signing in: how often somebody may guess, and how long they then wait.

A login from one address has little patience. All addresses together have more, so that a crowd of machines gains
nothing; and because that alone would let a stranger lock somebody out, it is not asked of an address from which the
login has signed in lately. One address has the most: a whole house may sit behind it.
Source: policy
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

FORGOTTEN_AFTER = timedelta(hours=1)
"""So long after its last failure, nothing is held against anybody."""
KNOWN_FOR = timedelta(days=30)
"""How long an address stays one from which the login has signed in."""


class Counted(StrEnum):
    """What failures are counted for."""

    LOGIN = "login"
    ADDRESS = "address"
    BOTH = "both"


@dataclass(frozen=True)
class Limit:
    """So many failures are free; from the last free one on each has a wait, twice as long as the one before."""

    free: int
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait_after(self, failures: int) -> timedelta | None:
        """How long nobody may try again after so many failures; None while they are free."""
        if failures < self.free:
            return None
        doubled = self.first_wait * (1 << min(failures - self.free, 10))
        return min(doubled, self.longest_wait)


LIMITS = {Counted.BOTH: Limit(5), Counted.LOGIN: Limit(20), Counted.ADDRESS: Limit(100)}
