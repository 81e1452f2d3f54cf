"""Places in sessions: taken and given back under the session's lock, in one transaction of its own.

The operation is locked first, then the session, then the people in the order of their ids: two who sign up at once
never get one place, nobody gets two sessions that together are too much, and nobody waits for somebody who waits for
them. The workflow has no part in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.journal import Writing, add_line
from db.models import Case, SessionRow, SignUpRow, StaffMember, VolunteerRow
from db.queries.backlog import hours_of_session
from db.queries.backlog_seats import candidates, law_of
from domain.backlog.labour import Law
from domain.backlog.sign_up import Candidate, OpenSession, check_candidate, check_open, check_places, seat_for
from domain.backlog.states import BacklogState
from domain.backlog.waiting_list import PassedOver, WaitingPerson, promote
from domain.backlog.words import SignUpStatus
from domain.people import Actor
from domain.policy import PolicyBook
from domain.refusals import Refusal, WrongStep


@dataclass(frozen=True)
class SignedUp:
    """What somebody has: a place with its number, or their turn on the waiting list, 1 for whoever is next."""

    status: SignUpStatus
    seat: int | None = None
    turn: int | None = None


@dataclass
class _Desk:
    """One session under its lock, with those who have a place and those who wait."""

    session: Session
    case: Case
    row: SessionRow
    law: Law
    at: datetime
    sign_ups: list[SignUpRow]

    @property
    def seated(self) -> list[SignUpRow]:
        return [one for one in self.sign_ups if one.status == SignUpStatus.SEATED]

    @property
    def waiting(self) -> list[SignUpRow]:
        return [one for one in self.sign_ups if one.status == SignUpStatus.WAITING]

    @property
    def open_session(self) -> OpenSession:
        return OpenSession(
            number=self.row.number,
            session=hours_of_session(self.row),
            places=self.row.places,
            taken=frozenset(one.seat for one in self.seated if one.seat is not None),
            skill=self.row.skill,
            state=BacklogState(self.case.state),
            dropped=self.row.dropped_at is not None or self.row.entered_at is not None,
        )

    def own(self, person_id: UUID) -> SignUpRow | None:
        """What somebody has in this session."""
        return next((one for one in self.sign_ups if one.person_id == person_id), None)

    def tell(self, event: str, person_id: UUID, actor_id: UUID | None, **facts: object) -> None:
        """A line in the operation's journal."""
        told = {"session": self.row.number, "person_id": person_id, **facts}
        add_line(Writing(self.session, self.case, self.at, None, actor_id), event, told)


def sign_up(session: Session, session_id: UUID, actor: Actor, at: datetime, book: PolicyBook) -> SignedUp | None:
    """Take a place, or one's turn on the waiting list; asked again, what one has already. None: no such session.

    Raises WrongStep, NotAVolunteer, Invalid, AgainstLabourLaw.
    """
    desk = _lock(session, session_id, at, book)
    if desk is None:
        return None
    if own := desk.own(actor.id):
        return _told(desk, own)
    [candidate] = _candidates(desk, [actor.id])
    seat = seat_for(desk.open_session, candidate, desk.law, at, [one.person_id for one in desk.waiting])
    row = SignUpRow(
        id=uuid7(),
        session_id=session_id,
        person_id=actor.id,
        status=SignUpStatus.SEATED if seat else SignUpStatus.WAITING,
        seat=seat,
        asked_at=at,
        seated_at=at if seat else None,
    )
    session.add(row)
    session.flush()
    desk.sign_ups.append(row)
    desk.tell("SignedUp" if seat else "WaitsForPlace", actor.id, actor.id, **({"seat": seat} if seat else {}))
    return _told(desk, row)


def give_back(session: Session, session_id: UUID, actor: Actor, at: datetime, book: PolicyBook) -> SignedUp | None:
    """Give a place, or one's turn, back until the session begins: a free place goes to the next who may have it.

    None: no such session. Raises WrongStep.
    """
    desk = _lock(session, session_id, at, book)
    if desk is None:
        return None
    own = desk.own(actor.id)
    if own is None:
        raise WrongStep("You have no place in this session, and wait for none.", "Nothing is left to do.")
    check_open(desk.open_session, at, desk.law.zone)
    own.status, own.seat, own.given_back_at = SignUpStatus.GIVEN_BACK, None, at
    session.flush()
    desk.sign_ups.remove(own)
    desk.tell("PlaceGivenBack", actor.id, actor.id)
    _promote(desk)
    return SignedUp(SignUpStatus.GIVEN_BACK)


def give_places(
    session: Session, session_id: UUID, places: int, actor: Actor, at: datetime, book: PolicyBook
) -> SessionRow | None:
    """A session has so many places from now on; those who wait get the new ones, in their turn. Asked again, nothing
    changes. None: no such session. Raises WrongStep, Invalid.

    Source: procedures, section 4 step 4
    """
    desk = _lock(session, session_id, at, book)
    if desk is None:
        return None
    before = desk.row.places
    check_places(desk.open_session, places, at, desk.law.zone)
    if places > before:
        desk.row.places = places
        session.flush()
        told = {"session": desk.row.number, "person_id": actor.id, "from_places": before, "places": places}
        add_line(Writing(session, desk.case, at, None, actor.id), "PlacesAdded", told)
        _promote(desk)
    return desk.row


def _lock(session: Session, session_id: UUID, at: datetime, book: PolicyBook) -> _Desk | None:
    """The operation first, then the session: the order in which a decision takes them."""
    case_id = session.scalar(select(SessionRow.operation_id).where(SessionRow.id == session_id))
    if case_id is None:
        return None
    case = session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()
    row = session.scalars(
        select(SessionRow)
        .where(SessionRow.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    law = law_of(session, book.version(case.policy))
    wanted = select(SignUpRow).where(
        SignUpRow.session_id == session_id, SignUpRow.status.in_([SignUpStatus.SEATED, SignUpStatus.WAITING])
    )
    ordered = wanted.order_by(SignUpRow.asked_at, SignUpRow.id).execution_options(populate_existing=True)
    return _Desk(session, case, row, law, at, list(session.scalars(ordered)))


def _candidates(desk: _Desk, ids: Sequence[UUID]) -> list[Candidate | None]:
    """These people with their hours, locked in the order of their ids; None for who is no volunteer."""
    wanted = select(VolunteerRow).where(VolunteerRow.person_id.in_(ids)).order_by(VolunteerRow.person_id)
    rows = desk.session.scalars(wanted.with_for_update()).all()
    found = candidates(desk.session, desk.row, rows, desk.law)
    return [found.get(one) for one in ids]


def _promote(desk: _Desk) -> None:
    """Free places go to those who wait, in their turn; whoever may not have one any more is passed over, and told why.

    Source: procedures, section 4 step 4
    """
    rows = {one.person_id: one for one in desk.waiting}
    if not rows:
        return
    known = {one.person_id: one for one in _candidates(desk, list(rows)) if one is not None}
    held = _sessions_held(desk, list(rows))
    able, passed = _able(desk, known)
    names = _logins(desk.session, list(rows))
    waiting = [WaitingPerson(one, names[one], rows[one].asked_at, held.get(one, 0)) for one in able]
    hours = {one: known[one].hours for one in able}
    one = desk.open_session
    promotion = promote(waiting, len(one.free), one.session, hours, desk.law)
    for person_id, seat in zip(promotion.promoted, one.free, strict=False):
        row = rows[person_id]
        row.status, row.seat, row.seated_at = SignUpStatus.SEATED, seat, desk.at
        desk.session.flush()
        desk.tell("PlaceGiven", person_id, None, seat=seat)
    for over in promotion.passed_over:
        _tell_passed(desk, over)
    for person_id, code in passed.items():
        desk.tell("PassedOver", person_id, None, why=code)


def _able(desk: _Desk, known: Mapping[UUID, Candidate]) -> tuple[list[UUID], dict[UUID, str]]:
    """Those who are there on the day and have the skill; for the others, the refusal's name. The law is asked later."""
    able, passed = [], {}
    for person_id, candidate in known.items():
        try:
            check_candidate(desk.open_session, candidate, desk.law)
        except Refusal as refusal:
            if refusal.code == "against_labour_law":
                able.append(person_id)
            else:
                passed[person_id] = refusal.code
        else:
            able.append(person_id)
    return able, passed


def _tell_passed(desk: _Desk, over: PassedOver) -> None:
    desk.tell("PassedOver", over.person_id, None, why=over.broken[0].limit.value)


def _sessions_held(desk: _Desk, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many sessions of the operation each of them has."""
    wanted = (
        select(SignUpRow.person_id)
        .join(SessionRow, SessionRow.id == SignUpRow.session_id)
        .where(
            SessionRow.operation_id == desk.case.id,
            SignUpRow.person_id.in_(ids),
            SignUpRow.status == SignUpStatus.SEATED,
            SessionRow.dropped_at.is_(None),
        )
    )
    found: dict[UUID, int] = {}
    for person_id in desk.session.scalars(wanted):
        found[person_id] = found.get(person_id, 0) + 1
    return found


def _logins(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(StaffMember.id, StaffMember.login).where(StaffMember.id.in_(ids)))
    return {row.id: row.login for row in rows}


def _told(desk: _Desk, own: SignUpRow) -> SignedUp:
    if own.status == SignUpStatus.SEATED:
        return SignedUp(SignUpStatus.SEATED, own.seat)
    return SignedUp(SignUpStatus.WAITING, turn=1 + [one.id for one in desk.waiting].index(own.id))
