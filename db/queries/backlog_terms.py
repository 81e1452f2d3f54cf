"""On which terms volunteers work, as the rules see them; and who has entered those that held in some weeks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import TermsRow, VolunteerChange
from domain.backlog.cost import Prices, prices_of
from domain.backlog.hours import Timetable
from domain.backlog.terms import Terms, held_between
from domain.policy.backlog import PayRules

TermsBy = Mapping[UUID, tuple[Terms, ...]]
"""Person → the terms on which they work, in their order."""


def terms_rows(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[TermsRow]]:
    """All that was entered about each of these people, the earliest terms first."""
    wanted = select(TermsRow).where(TermsRow.person_id.in_(list(ids)))
    ordered = wanted.order_by(TermsRow.person_id, TermsRow.from_on.nulls_first())
    found: dict[UUID, list[TermsRow]] = {}
    for row in session.scalars(ordered.execution_options(populate_existing=True)):
        found.setdefault(row.person_id, []).append(row)
    return found


def terms_of(session: Session, ids: Iterable[UUID]) -> TermsBy:
    """The terms of each of these people of whom anything is known."""
    return {one: tuple(read_terms(row) for row in rows) for one, rows in terms_rows(session, ids).items()}


def read_terms(row: TermsRow) -> Terms:
    """Terms, as the rules see them."""
    return Terms(row.contract_minutes, row.hourly_cents, row.from_on, timetable_of(row.timetable))


def timetable_of(kept: Mapping[str, Any]) -> Timetable:
    """Somebody's usual week, as the rules see it."""
    return {
        int(weekday): tuple((time.fromisoformat(starts), time.fromisoformat(ends)) for starts, ends in spans)
        for weekday, spans in kept.items()
    }


def entered_terms(
    session: Session, terms: TermsBy, weeks: Mapping[UUID, Sequence[tuple[date, date]]]
) -> defaultdict[UUID, frozenset[UUID]]:
    """Who has ever entered, or corrected, terms that held in these weeks of each person.

    Source: procedures, section 4 step 5
    """
    held = {person_id: first_days_of(terms[person_id], told) for person_id, told in weeks.items()}
    wanted = select(VolunteerChange.person_id, VolunteerChange.from_on, VolunteerChange.by_id).where(
        VolunteerChange.person_id.in_(list(weeks)), VolunteerChange.by_id.is_not(None)
    )
    found: defaultdict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for row in session.execute(wanted):
        if row.from_on in held[row.person_id]:
            found[row.person_id] |= {row.by_id}
    return found


def first_days_of(terms: Sequence[Terms], weeks: Iterable[tuple[date, date]]) -> frozenset[date | None]:
    """From when on the terms hold that held in these weeks of somebody; None: always."""
    return frozenset(one.from_on for first, last in weeks for one in held_between(terms, first, last))


def dearest_hour(session: Session, since: date) -> int | None:
    """The highest gross pay of an hour of all volunteers that holds on this day or later, in cents; or None.

    Source: procedures, section 4 step 4
    """
    return max(_dearest_hours(session, since), default=None)


def prices(session: Session, since: date, rules: PayRules) -> Prices | None:
    """What an hour costs from this day on; None where the pay of too few volunteers is known to tell it.

    Source: procedures, section 4 step 3
    """
    return prices_of(_dearest_hours(session, since), rules)


def _dearest_hours(session: Session, since: date) -> Sequence[int]:
    """Of each volunteer the highest gross pay of an hour that holds on this day or later, in cents."""
    later = aliased(TermsRow)
    replaced = (
        select(later.id)
        .where(
            later.person_id == TermsRow.person_id,
            later.from_on <= since,
            or_(TermsRow.from_on.is_(None), later.from_on > TermsRow.from_on),
        )
        .exists()
    )
    wanted = select(func.max(TermsRow.hourly_cents)).where(~replaced).group_by(TermsRow.person_id)
    return session.scalars(wanted).all()
