"""The filters of the lists of cases, as an address carries them: enums, dates and instants, nobody's data."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.house import TheHouse
from db.queries.board.deadlines import Deadline
from db.queries.case_filters import Narrowed
from db.queries.case_lists import WantedCases
from db.queries.complaint_lists import Wanted
from domain.board import AgeBand, Blockage
from domain.civil import Day, Instant
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category
from domain.policy import DeadlineName

COMPLAINTS, CASES = "/api/v1/complaints", "/api/v1/cases"


def narrowed(
    house: TheHouse,
    states: Annotated[list[ComplaintState] | None, Query(description="at one of these steps")] = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    category: Category | None = None,
    age: Annotated[AgeBand | None, Query(description="received so many calendar days ago")] = None,
    received_from: Day | None = None,
    received_before: Day | None = None,
    ended_from: Instant | None = None,
    deadline: Annotated[DeadlineName | None, Query(description="with an open deadline of this name")] = None,
    due_from: Annotated[Instant | None, Query(description="whose open deadline is due from then on")] = None,
    due_before: Annotated[Instant | None, Query(description="whose open deadline is due before")] = None,
    late: Annotated[bool, Query(description="whose open deadline is past due")] = False,
    answered_from: Annotated[Instant | None, Query(description="whose answer left from then on")] = None,
    answered_late: Annotated[bool | None, Query(description="whose answer left after its date, or in time")] = None,
    held_by: Annotated[str | None, Query(max_length=60, description="login of whoever has an open task on it")] = None,
    task_due_before: Annotated[Instant | None, Query(description="with an open task that is due before")] = None,
    blocked: Annotated[Blockage | None, Query(description="where something does not go on")] = None,
    undecided_before: Annotated[Instant | None, Query(description="with `blocked=command`: given before")] = None,
) -> Narrowed:
    """What the address asks for; an age and dates of reception hold together."""
    starts, ends = age.received(house.today()) if age else (None, None)
    return Narrowed(
        states=tuple(states or ()),
        is_open=is_open,
        category=category,
        received_from=_latest(starts, received_from),
        received_before=_earliest(ends, received_before),
        ended_from=ended_from,
        deadline=deadline,
        due_from=due_from,
        due_before=_earliest(house.now() if late else None, due_before),
        answered_from=answered_from,
        answered_late=answered_late,
        held_by=held_by,
        task_due_before=task_due_before,
        blocked=blocked,
        undecided_before=undecided_before,
    )


TheNarrowed = Annotated[Narrowed, Depends(narrowed)]


def narrowed_cases(
    house: TheHouse,
    states: Annotated[list[str] | None, Query(description="at one of these steps", max_length=20)] = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    received_from: Day | None = None,
    received_before: Day | None = None,
    deadline: Annotated[Deadline | None, Query(description="with an open deadline of this name")] = None,
    due_from: Annotated[Instant | None, Query(description="whose open deadline is due from then on")] = None,
    due_before: Annotated[Instant | None, Query(description="whose open deadline is due before")] = None,
    late: Annotated[bool, Query(description="whose open deadline is past due")] = False,
    held_by: Annotated[str | None, Query(max_length=60, description="login of whoever has an open task on it")] = None,
    task_due_before: Annotated[Instant | None, Query(description="with an open task that is due before")] = None,
    untaken: Annotated[
        str | None, Query(max_length=40, description="with a task of this kind, in nobody's hands")
    ] = None,
    blocked: Annotated[Blockage | None, Query(description="where something does not go on")] = None,
    undecided_before: Annotated[Instant | None, Query(description="with `blocked=command`: given before")] = None,
) -> Narrowed:
    """What the address asks for of the cases of any procedure."""
    return Narrowed(
        states=tuple(states or ()),
        is_open=is_open,
        received_from=received_from,
        received_before=received_before,
        deadline=deadline,
        due_from=due_from,
        due_before=_earliest(house.now() if late else None, due_before),
        held_by=held_by,
        task_due_before=task_due_before,
        untaken=untaken,
        blocked=blocked,
        undecided_before=undecided_before,
    )


CasesNarrowed = Annotated[Narrowed, Depends(narrowed_cases)]


def link(wanted: Wanted | WantedCases) -> str:
    """The address that lists these cases."""
    given = {"pole": wanted.pole, "owner": wanted.owner}
    if isinstance(wanted, WantedCases):
        given = {"procedure": wanted.procedure} | given
    asked = {name: value for name, value in given.items() if value is not None} | wanted.narrowed.told()
    listing = CASES if isinstance(wanted, WantedCases) else COMPLAINTS
    return f"{listing}?{urlencode({name: _written(value) for name, value in asked.items()}, doseq=True)}"


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return [str(one) for one in value] if isinstance(value, tuple) else str(value)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: Any) -> Any:
    """The first of some days, or of some instants."""
    return min((day for day in days if day is not None), default=None)
