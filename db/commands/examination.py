"""The doctor's examinations as they are kept: begun, seen alive, ended. All in wall time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import ExaminationRow
from domain.refusals import ExaminationRuns

DEAD_AFTER = timedelta(minutes=2)
"""An examination that has given no sign for so long has died with its process."""
ABANDONED = "abandoned"


@dataclass(frozen=True)
class Result:
    """What an examination found: how many cases it looked at, the findings, and the cases that were being worked on."""

    cases: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)
    at_work: list[str] = field(default_factory=list)


def begin(session: Session, asked_by: UUID) -> UUID:
    """An examination begins in the API. One at a time, over all its processes. Raises ExaminationRuns."""
    wall = _wall(session)
    session.execute(
        update(ExaminationRow)
        .where(ExaminationRow.ended_wall.is_(None), ExaminationRow.seen_wall < wall - DEAD_AFTER)
        .values(ended_wall=wall, failure=ABANDONED)
    )
    row = ExaminationRow(id=uuid7(), origin="api", asked_by=asked_by, began_wall=wall, seen_wall=wall)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise ExaminationRuns(
            "An examination is under way, and there is one at a time.",
            "Wait for its end: GET /api/v1/administration/examination tells how far it is.",
        ) from None
    return row.id


def see(session: Session, examination_id: UUID, cases: int) -> None:
    """It is alive, and has looked at so many cases."""
    session.execute(
        update(ExaminationRow)
        .where(ExaminationRow.id == examination_id, ExaminationRow.ended_wall.is_(None))
        .values(seen_wall=_wall(session), cases=cases)
    )


def end(session: Session, examination_id: UUID, result: Result, failure: str | None = None) -> None:
    """It has ended, or could not go on because of an error of this name."""
    wall = _wall(session)
    session.execute(
        update(ExaminationRow)
        .where(ExaminationRow.id == examination_id)
        .values(
            seen_wall=wall,
            ended_wall=wall,
            cases=result.cases,
            findings=result.findings,
            at_work=result.at_work,
            failure=failure,
        )
    )


def keep_result(session: Session, result: Result, began_wall: datetime, *, mending: bool) -> None:
    """Keep what `echeance doctor` has found, and whether it was to mend."""
    wall = _wall(session)
    session.add(
        ExaminationRow(
            id=uuid7(),
            origin="command_line",
            began_wall=began_wall,
            seen_wall=wall,
            ended_wall=wall,
            cases=result.cases,
            mending=mending,
            findings=result.findings,
            at_work=result.at_work,
        )
    )


def _wall(session: Session) -> datetime:
    wall: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return wall
