"""Places in sessions: taken and given back under the session's lock, in one transaction of its own.

The operation is locked first, then the session, then the people in the order of their ids: two who sign up at once
never get one place, nobody gets two sessions that together are too much, and nobody waits for somebody who waits for
them. The workflow has no part in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.backlog_notice import gather_notices, send_at_once
from db.commands.journal import Writing, gather_line
from db.commands.keys import is_active
from db.commands.lending import take_back
from db.models import Case, KeptKey, LoanRow, OperationRow, SessionRow, SignUpRow, StaffMember, VolunteerRow
from db.queries.backlog_seats import candidates
from db.queries.backlog_sessions import hours_of_session, sessions_of
from db.queries.backlog_terms import dearest_hour
from db.queries.calendar import calendar
from domain.backlog.budget import Budget, check_paid_for
from domain.backlog.labour import BrokenLimit, Law, check_sign_up
from domain.backlog.notice import AWAY, Notice
from domain.backlog.projection import PlannedSession
from domain.backlog.sign_up import Candidate, OpenSession, check_candidate, check_open, check_places, seat_for
from domain.backlog.states import BacklogState
from domain.backlog.waiting_list import WaitingPerson, promote
from domain.backlog.words import NoticeKind, SignUpStatus
from domain.lending import LoanEnd
from domain.people import Actor
from domain.policy import Office, PolicyBook
from domain.refusals import Refusal, WrongStep

BY_LAW = "against_labour_law"
"""Why somebody has no place, as the journal says it: the limit itself would tell their contract, or hours elsewhere."""


@dataclass(frozen=True)
class SignedUp:
    """What somebody has: a place with its number, or their turn on the waiting list, 1 for whoever is next."""

    status: SignUpStatus
    seat: int | None = None
    turn: int | None = None


@dataclass
class _Place:
    """What somebody has in a session: a place with its number, or a turn on its waiting list."""

    id: UUID
    person_id: UUID
    status: str
    seat: int | None
    asked_at: datetime


@dataclass
class _Desk:
    """One session under its lock, with those who have a place and those who wait; what is written is gathered."""

    writing: Writing
    row: SessionRow
    law: Law
    sign_ups: list[_Place]
    office: Office
    notices: list[Notice] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.writing.session

    @property
    def seated(self) -> list[_Place]:
        return [one for one in self.sign_ups if one.status == SignUpStatus.SEATED]

    @property
    def waiting(self) -> list[_Place]:
        return [one for one in self.sign_ups if one.status == SignUpStatus.WAITING]

    @property
    def open_session(self) -> OpenSession:
        return OpenSession(
            number=self.row.number,
            session=hours_of_session(self.row),
            places=self.row.places,
            taken=frozenset(one.seat for one in self.seated if one.seat is not None),
            skill=self.row.skill,
            state=BacklogState(self.writing.case.state),
            dropped=self.row.dropped_at is not None or self.row.entered_at is not None,
        )

    @property
    def is_open(self) -> bool:
        """Whether places are still taken and given back."""
        try:
            check_open(self.open_session, self.writing.at, self.law.zone)
        except WrongStep:
            return False
        return True

    def own(self, person_id: UUID) -> _Place | None:
        """What somebody has in this session."""
        return next((one for one in self.sign_ups if one.person_id == person_id), None)

    def tell(self, event: str, person_id: UUID, **facts: object) -> None:
        """A line in the operation's journal."""
        gather_line(self.writing, event, {"session": self.row.number, "person_id": person_id, **facts})

    def change(self, place: _Place, status: SignUpStatus, seat: int | None, **when: datetime) -> None:
        """Somebody's place is another now."""
        place.status, place.seat = status, seat
        self.writing.batch.change(SignUpRow.id, place.id, status=status.value, seat=seat, **when)

    def notify(self, person_id: UUID, kind: NoticeKind, why: str | None = None, of: BrokenLimit | None = None) -> None:
        """Tell somebody what others, or the law, have made of their place."""
        self.notices.append(Notice(person_id, kind, why, of))

    def write(self) -> None:
        """All of it at once."""
        messages = gather_notices(self.writing, self.row, self.notices, self.law.calendar, self.office)
        self.notices.clear()
        self.writing.batch.write(self.session)
        send_at_once(self.writing, messages)


def sign_up(
    session: Session, session_id: UUID, actor: Actor, at: datetime, book: PolicyBook, *, of: str | None = None
) -> SignedUp | None:
    """Take a place, or one's turn on the waiting list; asked again, what one has already. None: no such session, or
    none of the operation with the reference `of`.

    Where places are free and others wait, because they may not have one, the list is gone through at once: nobody who
    may have a place waits beside a free one. Raises WrongStep, NotAVolunteer, Invalid, AgainstLabourLaw.
    """
    desk = _lock(session, session_id, actor.id, at, book, of)
    if desk is None:
        return None
    own = desk.own(actor.id) or _enter(desk, actor.id)
    if own.status == SignUpStatus.WAITING and desk.is_open and desk.open_session.free:
        _promote(replace(desk, writing=replace(desk.writing, actor_id=None)), asker=actor.id)
    return _told(desk, own)


def _enter(desk: _Desk, person_id: UUID) -> _Place:
    """A place for somebody who has none yet, or a turn behind those who wait. Whoever may get one in this is locked
    now, all of them at once: one after the other, two operations could wait for each other."""
    at, free = desk.writing.at, desk.open_session.free
    waiting = [one.person_id for one in desk.waiting]
    candidate, *_ = _candidates(desk, [person_id, *(waiting if free else ())])
    seat = seat_for(desk.open_session, candidate, desk.law, at, waiting)
    status = SignUpStatus.SEATED if seat else SignUpStatus.WAITING
    place = _Place(uuid7(), person_id, status, seat, at)
    desk.writing.batch.insert(
        SignUpRow, **vars(place), session_id=desk.row.id, seated_at=at if seat else None, given_back_at=None
    )
    desk.sign_ups.append(place)
    desk.tell("SignedUp" if seat else "WaitsForPlace", person_id, **({"seat": seat} if seat else {}))
    desk.write()
    return place


def give_back(
    session: Session, session_id: UUID, actor: Actor, at: datetime, book: PolicyBook, *, of: str | None = None
) -> SignedUp | None:
    """Give a place, or one's turn, back until the session begins: a free place goes to the next who may have it.

    None: no such session, or none of the operation with the reference `of`. Raises WrongStep.
    """
    desk = _lock(session, session_id, actor.id, at, book, of)
    if desk is None:
        return None
    own = desk.own(actor.id)
    if own is None:
        raise WrongStep("You have no place in this session, and wait for none.", "Nothing is left to do.")
    check_open(desk.open_session, at, desk.law.zone)
    desk.change(own, SignUpStatus.GIVEN_BACK, None, given_back_at=at)
    desk.sign_ups.remove(own)
    desk.tell("PlaceGivenBack", actor.id)
    take_back(session, LoanEnd.SIGNED_OFF, at, *_loans_of(desk, actor.id))
    desk.write()
    _promote(replace(desk, writing=replace(desk.writing, actor_id=None)))
    return SignedUp(SignUpStatus.GIVEN_BACK)


def judge_again(session: Session, session_id: UUID, at: datetime, book: PolicyBook) -> None:
    """Places of a session to come that may not be kept any more are taken back, each with the reason: whoever is away
    on the day, and whoever the law keeps out by now. The next who may have them get them, at once.

    Source: Code du travail; procedures, section 4 step 4
    """
    desk = _lock(session, session_id, None, at, book)
    if desk is None or not desk.is_open:
        return
    seated = desk.seated
    taken_back = False
    for place, candidate in zip(seated, _candidates(desk, [one.person_id for one in seated]), strict=True):
        if candidate is not None and (why := _no_longer(desk, candidate)):
            _take_place_back(desk, place, *why)
            taken_back = True
    desk.write()
    if desk.open_session.free:
        _promote(desk, is_told=taken_back)


def _take_place_back(desk: _Desk, place: _Place, why: str, broken: BrokenLimit | None) -> None:
    """Somebody has their place no longer, and alone is told which limit; what was lent to them for it goes back."""
    desk.change(place, SignUpStatus.GIVEN_BACK, None, given_back_at=desk.writing.at)
    desk.tell("PlaceTakenBack", place.person_id, why=BY_LAW if broken else why)
    desk.notify(place.person_id, NoticeKind.PLACE_TAKEN_BACK, why, broken)
    take_back(desk.session, LoanEnd.SIGNED_OFF, desk.writing.at, *_loans_of(desk, place.person_id))
    desk.sign_ups.remove(place)


def _no_longer(desk: _Desk, candidate: Candidate) -> tuple[str, BrokenLimit | None] | None:
    """Why somebody may not keep a place: away, or the limit of the law that it breaks by now."""
    if candidate.away:
        return AWAY, None
    broken = check_sign_up(candidate.hours, desk.open_session.session, desk.law)
    return (broken[0].limit.value, broken[0]) if broken else None


def _loans_of(desk: _Desk, person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return LoanRow.session_id == desk.row.id, LoanRow.person_id == person_id


def give_places(
    session: Session,
    session_id: UUID,
    places: int,
    actor: Actor,
    at: datetime,
    book: PolicyBook,
    *,
    of: str | None = None,
) -> SessionRow | None:
    """A session has so many places from now on; those who wait get the new ones, in their turn. Asked again, nothing
    changes. None: no such session, or none of the operation with the reference `of`. Raises WrongStep, Invalid,
    BeyondBudget.

    Source: procedures, section 4 step 4
    """
    desk = _lock(session, session_id, actor.id, at, book, of)
    if desk is None:
        return None
    before = desk.row.places
    check_places(desk.open_session, places, at, desk.law.zone)
    if places > before:
        _check_paid_for(desk, places, book)
        desk.row.places = places
        desk.tell("PlacesAdded", actor.id, from_places=before, places=places)
        session.flush()
        desk.write()
        _promote(replace(desk, writing=replace(desk.writing, actor_id=None)))
    return desk.row


def _check_paid_for(desk: _Desk, places: int, book: PolicyBook) -> None:
    """The approved budget covers the session with so many places, and the operation's other ones."""
    session, case = desk.session, desk.writing.case
    row = session.get_one(OperationRow, case.id)
    budget = Budget(
        row.budget_cents,
        dearest_hour(session, row.starts_on),
        book.version(case.policy).backlog.pay,
    )
    others = [one for one in sessions_of(session, case.id) if one.id != desk.row.id]
    check_paid_for(others, [PlannedSession(desk.row.day, places, desk.row.minutes)], budget)


def _lock(
    session: Session, session_id: UUID, actor_id: UUID | None, at: datetime, book: PolicyBook, of: str | None = None
) -> _Desk | None:
    """The operation first, then the session: the order in which a decision takes them. All else is read under these
    locks: the calendar is filled under them as well."""
    found = session.execute(_locking(), {"session_id": session_id}).one_or_none()
    if found is None or of not in (None, found.Case.reference):
        return None
    version = book.version(found.Case.policy)
    wanted = select(SignUpRow.id, SignUpRow.person_id, SignUpRow.status, SignUpRow.seat, SignUpRow.asked_at).where(
        SignUpRow.session_id == session_id, SignUpRow.status.in_([SignUpStatus.SEATED, SignUpStatus.WAITING])
    )
    places = [_Place(*row) for row in session.execute(wanted.order_by(SignUpRow.asked_at, SignUpRow.id))]
    writing = Writing(session, found.Case, at, None, actor_id, found.KeptKey)
    law = Law(version.backlog.labour, version.office.zone, calendar(session))
    return _Desk(writing, found.SessionRow, law, places, version.office)


@cache
def _locking() -> Select[Case, SessionRow, KeptKey | None]:
    """The operation and the session, locked, and the key that chains journals. Built once."""
    locked = (
        select(Case, SessionRow, KeptKey)
        .select_from(Case)
        .join(SessionRow, SessionRow.operation_id == Case.id)
        .join(KeptKey, is_active(), isouter=True)
    )
    wanted = locked.where(SessionRow.id == bindparam("session_id", type_=SessionRow.id.type))
    return wanted.with_for_update(of=[Case, SessionRow]).execution_options(populate_existing=True)


def _candidates(desk: _Desk, ids: Sequence[UUID]) -> list[Candidate | None]:
    """These people with their hours, locked in the order of their ids; None for who is no volunteer."""
    wanted = (
        select(VolunteerRow.person_id, StaffMember.skills)
        .join(StaffMember, StaffMember.id == VolunteerRow.person_id)
        .where(VolunteerRow.person_id.in_(ids))
        .order_by(VolunteerRow.person_id)
        .with_for_update(of=VolunteerRow)
    )
    rows = desk.session.execute(wanted).all()
    found = candidates(desk.session, desk.row, {row.person_id: row.skills for row in rows}, desk.law)
    return [found.get(one) for one in ids]


def _promote(desk: _Desk, *, is_told: bool = True, asker: UUID | None = None) -> None:
    """Free places go to those who wait, in their turn; whoever may not have one any more is passed over: the journal
    says why, but where it said so before and nothing has changed. The `asker` sees it at once, the others are told.

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
        desk.change(rows[person_id], SignUpStatus.SEATED, seat, seated_at=desk.writing.at)
        desk.tell("PlaceGiven", person_id, seat=seat)
        if person_id != asker:
            desk.notify(person_id, NoticeKind.PLACE_GIVEN)
    if is_told or promotion.promoted:
        for over in promotion.passed_over:
            desk.tell("PassedOver", over.person_id, why=BY_LAW)
        for person_id, code in passed.items():
            desk.tell("PassedOver", person_id, why=code)
    desk.write()


def _able(desk: _Desk, known: Mapping[UUID, Candidate]) -> tuple[list[UUID], dict[UUID, str]]:
    """Those who are there on the day and have the skill; for the others, the refusal's name. The law is asked later."""
    able, passed = [], {}
    for person_id, candidate in known.items():
        try:
            check_candidate(desk.open_session, candidate, desk.law)
        except Refusal as refusal:
            if refusal.code == BY_LAW:
                able.append(person_id)
            else:
                passed[person_id] = refusal.code
        else:
            able.append(person_id)
    return able, passed


def _sessions_held(desk: _Desk, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many sessions of the operation each of them has."""
    wanted = (
        select(SignUpRow.person_id)
        .join(SessionRow, SessionRow.id == SignUpRow.session_id)
        .where(
            SessionRow.operation_id == desk.writing.case.id,
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


def _told(desk: _Desk, own: _Place) -> SignedUp:
    if own.status == SignUpStatus.SEATED:
        return SignedUp(SignUpStatus.SEATED, own.seat)
    return SignedUp(SignUpStatus.WAITING, turn=1 + [one.id for one in desk.waiting].index(own.id))
