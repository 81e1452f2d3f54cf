"""Activities and their figures, changed: with the history of what was there before, and who changed it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from db.models import ActivityRow, DailyFiguresRow, FigureChange
from db.queries.figures import activities, names_of
from domain.backlog.figures import (
    ActivityExists,
    ActivityFacts,
    DayKept,
    FiguresLine,
    Measured,
    NewActivity,
    check_activity,
    figures_of_day,
)
from domain.backlog.words import FiguresSource
from domain.refusals import Invalid

_LOCK = 7_100_200
_FACTS = tuple(ActivityFacts.model_fields)
KEPT = ("stock", "inflow", "handled", "minutes", "planned", "present")


@dataclass(frozen=True)
class Author:
    """Who changes figures (None: whoever runs the programs), when, on which day, and out of which file."""

    at: datetime
    today: date
    by: UUID | None = None
    import_id: UUID | None = None

    @property
    def source(self) -> FiguresSource:
        """Where the figures come from."""
        return FiguresSource.CSV if self.import_id else FiguresSource.TYPED


def lock_figures(session: Session) -> None:
    """Whoever else changes activities or figures waits for the end of this transaction."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def add_activity(session: Session, new: NewActivity, author: Author) -> tuple[ActivityRow, bool]:
    """A new activity, whose figures are wanted from today on, and whether it is new; the same again changes nothing.

    Raises Invalid, ActivityExists.
    """
    lock_figures(session)
    check_activity(new)
    known = session.get(ActivityRow, new.id)
    if (
        known is not None
        and _facts(known) == _facts(new)
        and (known.kind, known.procedure) == (new.kind, new.procedure)
    ):
        return known, False
    if known is not None:
        raise ActivityExists(
            f"There is an activity {new.id} already.", "Give another id, or change the one that there is.", field="id"
        )
    _check_names(session, new.id, new)
    told = _facts(new)
    row = ActivityRow(
        id=new.id, kind=str(new.kind), procedure=new.procedure, former_names=[], since=author.today, **told
    )
    session.add(row)
    session.flush()
    _note(session, [_change(row.id, None, None, {"kind": row.kind, "procedure": row.procedure, **told}, author)])
    return row, True


def change_activity(session: Session, row: ActivityRow, facts: ActivityFacts, author: Author) -> bool:
    """Rename it, or change its standard, its usual people… Whether anything changed. Its figures stay, and so do the
    names that it had: files may go on using them. Raises Invalid, ActivityExists.
    """
    lock_figures(session)
    session.refresh(row)
    check_activity(facts)
    before, after = _facts(row), _facts(facts)
    if before == after:
        return False
    _check_names(session, row.id, facts)
    left = {row.name_fr, row.name_en} - {facts.name_fr, facts.name_en}
    row.former_names = sorted({*row.former_names, *left})
    for name, value in after.items():
        setattr(row, name, value)
    changed = [name for name in _FACTS if before[name] != after[name]]
    _note(session, [_change(row.id, None, _only(before, changed), _only(after, changed), author)])
    session.flush()
    return True


def measured_by(row: ActivityRow) -> Measured:
    """What the rules of a day's figures know of an activity."""
    return Measured(row.id, row.minutes, row.staff, of_register=row.procedure is not None, active=row.active)


def keep_day(session: Session, day: date, lines: Iterable[FiguresLine], author: Author) -> int:
    """The figures of a day, of one activity or of several: all of them, or none. How many of them changed anything.

    Raises Invalid with the field `figures.<n>.<name>`. Source: procedures, section 4 step 1
    """
    lock_figures(session)
    known = {name: row for row in activities(session, active_only=False) for name in names_of(row)}
    kept: dict[str, DayKept] = {}
    for number, line in enumerate(lines):
        try:
            row = activity_of(line, known, kept)
            kept[row.id] = figures_of_day(line, measured_by(row), day, author.today)
        except Invalid as refusal:
            raise Invalid(refusal.rule, refusal.remedy, field=f"figures.{number}.{refusal.field}") from None
    return write_figures(session, list(kept.items()), author)


def activity_of(line: FiguresLine, known: Mapping[str, ActivityRow], given: Container[str] = ()) -> ActivityRow:
    """The activity that a line names, if none of those before has named it. Raises Invalid."""
    row = known.get(line.activity.casefold())
    if row is None:
        raise Invalid(
            "No activity has, or had, this id or name.", "Write it as the list of activities does.", field="activity"
        )
    if row.id in given:
        raise Invalid("This activity is given twice.", "Give each activity once.", field="activity")
    return row


def write_figures(session: Session, figures: Iterable[tuple[str, DayKept]], author: Author) -> int:
    """Write what is another than before, each with its history; how many that are. Only under the lock of figures."""
    wanted = list(figures)
    before = _before(session, wanted)
    changed = _changed(wanted, before)
    if changed:
        rows = [_row(name, one, author) for name, one in changed]
        statement = upsert(DailyFiguresRow)
        renewed = {name: statement.excluded[name] for name in (*KEPT, "source", "at")}
        session.execute(statement.on_conflict_do_update(index_elements=["activity_id", "day"], set_=renewed), rows)
        _note(session, [_day_change(name, before.get((name, one.day)), one, author) for name, one in changed])
    return len(changed)


def changes_among(session: Session, figures: Iterable[tuple[str, DayKept]]) -> int:
    """How many of them are another than what is known."""
    wanted = list(figures)
    return len(_changed(wanted, _before(session, wanted)))


def _changed(
    wanted: list[tuple[str, DayKept]], before: Mapping[tuple[str, date], DayKept]
) -> list[tuple[str, DayKept]]:
    return [(name, one) for name, one in wanted if before.get((name, one.day)) != one]


def as_kept(row: DailyFiguresRow) -> DayKept:
    """A row as the rules know it."""
    return DayKept(row.day, **{name: getattr(row, name) for name in KEPT})


def _before(session: Session, wanted: list[tuple[str, DayKept]]) -> dict[tuple[str, date], DayKept]:
    if not wanted:
        return {}
    days = [one.day for _, one in wanted]
    rows = session.scalars(
        select(DailyFiguresRow)
        .where(
            DailyFiguresRow.activity_id.in_({name for name, _ in wanted}),
            DailyFiguresRow.day.between(min(days), max(days)),
        )
        .execution_options(populate_existing=True)
    )
    return {(row.activity_id, row.day): as_kept(row) for row in rows}


def _row(activity_id: str, kept: DayKept, author: Author) -> dict[str, Any]:
    numbers = {name: getattr(kept, name) for name in KEPT}
    return {"activity_id": activity_id, "day": kept.day, "source": str(author.source), "at": author.at, **numbers}


def _day_change(activity_id: str, before: DayKept | None, after: DayKept, author: Author) -> dict[str, Any]:
    told = before.as_json() if before else None
    return _change(activity_id, after.day, told, after.as_json(), author)


def _change(
    activity_id: str, day: date | None, before: Mapping[str, Any] | None, after: Mapping[str, Any], author: Author
) -> dict[str, Any]:
    return {
        "activity_id": activity_id,
        "day": day,
        "at": author.at,
        "by_id": author.by,
        "import_id": author.import_id,
        "before": None if before is None else _plain(before),
        "after": _plain(after),
    }


def _note(session: Session, changes: list[dict[str, Any]]) -> None:
    session.execute(insert(FigureChange), changes)


def _plain(told: Mapping[str, Any]) -> Any:
    return to_jsonable_python(
        {name: float(value) if isinstance(value, Decimal) else value for name, value in told.items()}
    )


def _facts(of: ActivityRow | ActivityFacts) -> dict[str, Any]:
    return {name: getattr(of, name) for name in _FACTS}


def _only(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: facts[name] for name in names}


def _check_names(session: Session, activity_id: str, facts: ActivityFacts) -> None:
    """Raises ActivityExists: by its name, of today or of the past, a file has to find one activity."""
    wanted = {activity_id, facts.name_fr.casefold(), facts.name_en.casefold()}
    for other in activities(session, active_only=False):
        if other.id != activity_id and (taken := wanted & names_of(other)):
            field = "id" if activity_id in taken else "name_fr" if facts.name_fr.casefold() in taken else "name_en"
            raise ActivityExists(
                f"The activity {other.id} has, or had, this name.", "Choose a name that tells them apart.", field=field
            )
