"""Has anything been decided, received, claimed or released since? Asked once a second, so it reads indexes only.

Numbers of commands are given before their transactions commit, and so are the instants of decisions: one that is
smaller can appear later than one that is greater. So what was decided within the last half minute is looked at each
time, and what has not been seen before is new.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import CommandRow, TaskRow

OVERLAP = timedelta(seconds=30)
"""Longer than any transaction of ours may take to commit."""
MOST = 5_000


@dataclass(frozen=True)
class Mark:
    """The register as of one look: commands decided lately and those that wait, by number; how many tasks are claimed,
    and the last claim. `at_wall` is the register's own wall time.
    """

    at_wall: datetime
    decided: frozenset[int]
    waiting: frozenset[int]
    claimed: tuple[int, datetime | None]


def look(session: Session, before: Mark | None) -> Mark:
    """Take a mark; of what was decided, since half a minute before the mark before, so that no outage hides any."""
    wall_now = session.execute(select(func.clock_timestamp())).scalar_one()
    since_wall = min(before.at_wall, wall_now) - OVERLAP if before else wall_now - OVERLAP
    decided = select(CommandRow.order).where(CommandRow.decided_wall > since_wall)
    waiting = select(CommandRow.order).where(CommandRow.status == "received")
    claimed = select(func.count(), func.max(TaskRow.claimed_at)).where(
        TaskRow.closed_at.is_(None), TaskRow.claimed_by.is_not(None)
    )
    count, last = session.execute(claimed).one()
    return Mark(
        at_wall=wall_now,
        decided=frozenset(session.scalars(decided.order_by(CommandRow.decided_wall.desc()).limit(MOST))),
        waiting=frozenset(session.scalars(waiting.order_by(CommandRow.order).limit(MOST))),
        claimed=(count, last),
    )


def differs(mark: Mark, before: Mark) -> bool:
    """Whether something has happened between two marks: what has only grown old is no change."""
    return not mark.decided <= before.decided or mark.waiting != before.waiting or mark.claimed != before.claimed
