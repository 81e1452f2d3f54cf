"""The board as it is told, to pages and to programs: each function reads one part of it in the session given."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.board.views import (
    BlockedPage,
    BlockedView,
    CountsView,
    DueNumber,
    EdgeView,
    HeldView,
    LatePageView,
    LateView,
    LoadPage,
    LoadView,
    NodeView,
    Number,
    OpenNumber,
    PassedView,
    PathView,
    ProcedureView,
    StandstillView,
    TimerView,
    UntakenView,
)
from api.cases import visible_complaint
from api.house import House
from db.queries.board import blocked as blocked_queries
from db.queries.board import counts as count_queries
from db.queries.board import late as late_queries
from db.queries.board import load as load_queries
from db.queries.board import path as path_queries
from db.queries.board.late import WantedDue
from db.queries.board.scope import Scope
from db.queries.people import names_of
from domain.board import Today
from domain.complaint.diagram import edges, nodes
from domain.people import Actor
from domain.permissions import procedures_read_by


@contextmanager
def opened(house: House, actor: Actor, pole: str | None) -> Iterator[tuple[Session, Scope]]:
    """Read one board as of one instant: the session and the scope that the views below take.

    All is read from indexes over what is open: to start parallel workers would take longer than to read.
    """
    with house.reading() as session:
        session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
        yield session, Scope(actor.id, Today(house.now(), house.zone), procedures_read_by(actor), pole)


def counts_view(session: Session, scope: Scope) -> CountsView:
    """The numbers as they are told."""
    found = count_queries.counts(session, scope)
    return CountsView(
        at=scope.today.now,
        open=[OpenNumber(state=o.state, age=o.age, **Number.of(o.counted).model_dump()) for o in found.open],
        received_this_week=Number.of(found.received_this_week),
        closed_this_week=Number.of(found.closed_this_week),
        requalified_this_week=Number.of(found.requalified_this_week),
        answered_in_time=Number.of(found.answered_in_time),
        answered_late=Number.of(found.answered_late),
        share_in_time=found.share_in_time,
    )


def late_view(session: Session, scope: Scope, wanted: WantedDue) -> LatePageView:
    """What is late and will be, as it is told."""
    page = late_queries.late(session, scope, wanted)
    people = {one for line in page.lines for one in (line.owner_id, line.held.claimed_by) if one}
    names = names_of(session, people)
    due = late_queries.due(session, scope)
    return LatePageView(
        at=scope.today.now,
        due=[due_number(one) for one in due],
        lines=[_late_line(line, names) for line in page.lines],
        next=page.next,
    )


def due_number(due: late_queries.Due) -> DueNumber:
    """How many are due, as it is told."""
    number = Number.of(due.counted)
    return DueNumber(procedure=due.procedure, window=due.window, deadline=due.deadline, **number.model_dump())


def _late_line(line: late_queries.LateLine, names: dict[UUID, str]) -> LateView:
    held = HeldView(
        why=line.held.why,
        since=line.held.since,
        task=line.held.task_id,
        kind=line.held.task_kind,
        offered_to=list(line.held.offered_to),
        claimed_by=_name(line.held.claimed_by, names),
    )
    return LateView(
        deadline=line.deadline,
        due_at=line.due_at,
        window=line.window,
        case=line.reference,
        procedure=line.procedure,
        state=line.state,
        pole=line.pole,
        owner=_name(line.owner_id, names),
        held=held,
    )


def blocked_view(session: Session, scope: Scope) -> BlockedPage:
    """Who and what is blocked, as it is told."""
    found = blocked_queries.blocked(session, scope)
    items = [item for one in found for item in one.oldest]
    names = names_of(session, {one for item in items for one in (item.owner_id, item.claimed_by) if one})
    standstills = [
        StandstillView(
            kind=one.kind, cases=Number.of(one.counted), oldest=[_blocked_line(item, names) for item in one.oldest]
        )
        for one in found
    ]
    return BlockedPage(at=scope.today.now, standstills=standstills)


def _blocked_line(item: blocked_queries.Blocked, names: dict[UUID, str]) -> BlockedView:
    return BlockedView(
        id=item.id,
        case=item.reference,
        procedure=item.procedure,
        pole=item.pole,
        owner=_name(item.owner_id, names),
        about=item.about,
        since=item.since,
        offered_to=list(item.offered_to),
        meant_for=list(item.meant_for),
        claimed_by=_name(item.claimed_by, names),
        attempts=item.attempts,
        detail=item.detail,
    )


def load_view(session: Session, scope: Scope) -> LoadPage:
    """Everybody's load, as it is told."""
    found = load_queries.load(session, scope)
    names = names_of(session, {one.deputy_id for one in found if one.deputy_id})
    people = [
        LoadView(
            login=one.login,
            name=one.name,
            roles=list(one.roles),
            pole=one.pole,
            open_cases=Number.of(one.open_cases),
            tasks=Number.of(one.tasks),
            overdue=Number.of(one.overdue),
            absent=one.back_on is not None,
            back_on=one.back_on,
            deputy=_name(one.deputy_id, names),
        )
        for one in found
    ]
    untaken = [
        UntakenView(
            procedure=one.procedure,
            kind=one.kind,
            since=one.since,
            cases=Number.of(one.counted),
            overdue=Number.of(one.overdue),
        )
        for one in load_queries.untaken(session, scope)
    ]
    return LoadPage(at=scope.today.now, people=people, untaken=untaken)


def procedure_view(session: Session, scope: Scope) -> ProcedureView:
    """The drawing, with the open cases at each step."""
    found = count_queries.open_by_state(session, scope)
    return ProcedureView(
        at=scope.today.now,
        nodes=[
            NodeView(
                state=node.state,
                label=node.state.label,
                x=node.x,
                y=node.y,
                open=Number.of(found[node.state]) if node.state in found else None,
            )
            for node in nodes()
        ],
        edges=[EdgeView(begins=edge.begins, ends=edge.ends, way=edge.way) for edge in edges()],
    )


def path_view(session: Session, reference: str, actor: Actor, house: House) -> PathView:
    """The way of one case, as it is told; 404 for whoever may not see it."""
    case = visible_complaint(session, reference, actor)
    found = path_queries.path(session, case, house.book, house.now())
    names = names_of(session, {one.actor_id for one in found.passed if one.actor_id})
    return PathView(
        case=case.reference,
        passed=[PassedView(state=one.state, at=one.at, actor=_name(one.actor_id, names)) for one in found.passed],
        stands_at=found.stands_at,
        timers=[
            TimerView(
                kind=timer.kind,
                about=timer.about,
                generation=timer.generation,
                at=timer.at,
                armed=timer.armed,
                rungs=list(timer.rungs),
                to=list(timer.to),
                copies=list(timer.copies),
                at_once=timer.at_once,
            )
            for timer in found.timers
        ],
    )


def _name(person: UUID | None, names: dict[UUID, str]) -> str | None:
    return names.get(person) if person else None
