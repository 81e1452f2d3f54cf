"""What volunteers are told of their places: by mail, in the inbox, and to whoever looks after the operation."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, cast, func, select
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.orm import Session

from db.models import (
    ActivityRow,
    Case,
    JournalLine,
    OperationRow,
    SessionRow,
    StaffMember,
    StaffMessage,
    VolunteerNotice,
)

Told = Row[*tuple[Any, ...]]
"""A notice with its session, the operation's reference and what its activity is called."""
OF_PLACES = ("PlaceGiven", "PlaceGivenBack", "PlaceTakenBack")
"""What the journal says when somebody else than who signs up has, or has no longer, a place."""


def waiting_notices(session: Session, at: datetime) -> dict[UUID, list[VolunteerNotice]]:
    """By person, what is to leave with this morning's digest: neither sent nor noted. Whoever has had their digest of
    this very morning is told in the next; whoever has left is told nothing."""
    has_digest = select(StaffMessage.id).where(
        StaffMessage.digest_at == at, StaffMessage.person_id == VolunteerNotice.person_id
    )
    wanted = (
        select(VolunteerNotice)
        .join(StaffMember, StaffMember.id == VolunteerNotice.person_id)
        .where(VolunteerNotice.message_id.is_(None), VolunteerNotice.noted_at.is_(None))
        .where(VolunteerNotice.leaves_at <= at, StaffMember.active, ~has_digest.exists())
        .order_by(VolunteerNotice.told_at, VolunteerNotice.id)
        .with_for_update(of=VolunteerNotice)
    )
    found: defaultdict[UUID, list[VolunteerNotice]] = defaultdict(list)
    for row in session.scalars(wanted):
        found[row.person_id].append(row)
    return dict(found)


def notices_of(session: Session, person_id: UUID) -> Sequence[Told]:
    """What somebody was told and has not noted yet, the newest first."""
    theirs = (VolunteerNotice.person_id == person_id, VolunteerNotice.noted_at.is_(None))
    newest = (VolunteerNotice.told_at.desc(), VolunteerNotice.id.desc())
    return session.execute(_told().where(*theirs).order_by(*newest)).all()


def notices_in(session: Session, message_id: UUID) -> Sequence[Told]:
    """What a message to staff says of places, the nearest session first."""
    wanted = _told().where(VolunteerNotice.message_id == message_id)
    return session.execute(wanted.order_by(SessionRow.day, VolunteerNotice.told_at, VolunteerNotice.id)).all()


def _told() -> Select[*tuple[Any, ...]]:
    return (
        select(
            VolunteerNotice,
            SessionRow,
            Case.reference,
            ActivityRow.id.label("activity"),
            ActivityRow.name_fr,
            ActivityRow.name_en,
        )
        .join(SessionRow, SessionRow.id == VolunteerNotice.session_id)
        .join(Case, Case.id == SessionRow.operation_id)
        .join(OperationRow, OperationRow.case_id == Case.id)
        .join(ActivityRow, ActivityRow.id == OperationRow.activity)
    )


def places_changed(session: Session, operation_id: UUID, since: datetime, most: int) -> Sequence[Told]:
    """Places that were given, given back or taken back since then, the newest first: when, whose, and in which
    session. Which limit of the law it was is nobody else's to read: the notice to that person says it."""
    person_id = cast(JournalLine.facts["person_id"].astext, UUID_TYPE(as_uuid=True))
    number = JournalLine.facts["session"].as_integer()
    of_session = (SessionRow.operation_id == JournalLine.case_id) & (SessionRow.number == number)
    return session.execute(
        select(
            JournalLine.event,
            JournalLine.at,
            StaffMember.name,
            SessionRow.day,
            SessionRow.number,
            func.count().over().label("count"),
        )
        .join(StaffMember, StaffMember.id == person_id)
        .join(SessionRow, of_session)
        .where(JournalLine.case_id == operation_id, JournalLine.event.in_(OF_PLACES), JournalLine.at >= since)
        .order_by(JournalLine.line.desc())
        .limit(most)
    ).all()
