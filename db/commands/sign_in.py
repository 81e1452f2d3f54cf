"""Attempts to sign in: counted before the password is looked at, so that a hundred at once are not a hundred guesses.

All in wall time. The counts are shared by every process of the API, and outlive each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import SignInCount
from domain.sign_in import FORGOTTEN_AFTER, KNOWN_FOR, LIMITS, Counted

_BUCKET_BITS = 20
_SWEPT_AT_ONCE = 1_000
Counts = Mapping[Counted, SignInCount]


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to sign in: the login that they typed, and where they are."""

    login: str
    address: str

    def buckets(self) -> dict[Counted, int]:
        """Where this attempt is counted."""
        both = f"{self.login}\0{self.address}"
        told = {Counted.ADDRESS: self.address, Counted.BOTH: both, Counted.LOGIN: self.login}
        return {kind: _bucket(text) for kind, text in told.items()}


def count_attempt(session: Session, attempt: Attempt, wall_now: datetime) -> timedelta | None:
    """Count it as a failure until it has succeeded; or, where it has to wait, say how long and count nothing."""
    _sweep(session, wall_now)
    counts = _limiting(_counts(session, attempt, wall_now), wall_now)
    ends = [count.blocked_until_wall for count in counts.values() if count.blocked_until_wall]
    wait = max([*ends, wall_now]) - wall_now
    if wait > timedelta(0):
        return wait
    for kind, count in counts.items():
        count.failures += 1
        count.last_wall = wall_now
        count.blocked_until_wall = _end_of_wait(kind, count, wall_now)
    return None


def forgive_attempt(session: Session, attempt: Attempt, wall_now: datetime) -> None:
    """It has succeeded: it was no failure, and from here on the login is known at this address."""
    for kind, count in _counts(session, attempt, wall_now).items():
        count.failures = 0 if kind is Counted.BOTH else max(count.failures - 1, 0)
        if LIMITS[kind].wait_after(count.failures) is None:
            count.blocked_until_wall = None
        if kind is Counted.BOTH:
            count.known_until_wall = wall_now + KNOWN_FOR


def _end_of_wait(kind: Counted, count: SignInCount, wall_now: datetime) -> datetime | None:
    wait = LIMITS[kind].wait_after(count.failures)
    return wall_now + wait if wait else None


def _limiting(counts: Counts, wall_now: datetime) -> Counts:
    """Those that this attempt is held to: what strangers do to a login elsewhere is no matter where it is known."""
    known = counts[Counted.BOTH].known_until_wall
    at_home = known is not None and known > wall_now
    return {kind: count for kind, count in counts.items() if not (at_home and kind is Counted.LOGIN)}


def _counts(session: Session, attempt: Attempt, wall_now: datetime) -> Counts:
    """The attempt's counts, locked, always in one order; what is forgotten begins again."""
    fresh = [
        {"kind": kind, "bucket": bucket, "failures": 0, "last_wall": wall_now}
        for kind, bucket in sorted(attempt.buckets().items())
    ]
    adding = insert(SignInCount).values(fresh)
    locking = adding.on_conflict_do_update(
        index_elements=[SignInCount.kind, SignInCount.bucket], set_={"kind": adding.excluded.kind}
    )
    rows = session.scalars(locking.returning(SignInCount), execution_options={"populate_existing": True}).all()
    for row in rows:
        if row.last_wall < wall_now - FORGOTTEN_AFTER:
            row.failures, row.blocked_until_wall = 0, None
    return {Counted(row.kind): row for row in rows}


def _sweep(session: Session, wall_now: datetime) -> None:
    """Drop what says nothing any more; what somebody is counting just now is left to the next time."""
    known = SignInCount.known_until_wall
    idle = (
        select(SignInCount.kind, SignInCount.bucket)
        .where(SignInCount.last_wall < wall_now - FORGOTTEN_AFTER, known.is_(None) | (known < wall_now))
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(SignInCount).where(tuple_(SignInCount.kind, SignInCount.bucket).in_(idle)))


def _bucket(text: str) -> int:
    """Twenty bits of its hash: enough to count by, too few to say what it was."""
    return int.from_bytes(sha256(text.encode()).digest()[:4]) >> (32 - _BUCKET_BITS)
