"""All that is known of an operation, as its cockpit and its tasks show it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.backlog import seen_operation
from api.backlog_views import OperationView, SessionView, operation_view
from api.board.told import late_view
from api.board.views import LatePageView
from api.cases import journal_page
from api.house import House
from api.pages.acts import acts, newest
from api.pages.backlog.beside import beside_of
from api.pages.backlog.plan_form import STEPS, aside_of
from api.pages.backlog.track import track_of
from api.pages.standing import standing_of
from api.pages.visit import Visit
from db.models import ActivityRow, Case, OperationRow
from db.queries.backlog_outlook import owed_so_far
from db.queries.backlog_possible import possible_on
from db.queries.board.late import WantedDue
from db.queries.board.scope import Scope
from db.queries.notices import places_changed
from domain.board import Today
from domain.permissions import Action, procedures_read_by
from domain.policy import PolicyVersion
from domain.refusals import Refusal

_LINES, _ACTS = 100, 12
"""So many lines of the journal are shown on one page; on the cockpit itself, so many of its last acts."""
MOST_AT_RISK = 6
_LATELY, _MOST_CHANGES = timedelta(days=7), 10
"""Places given and taken back are shown of so many days, the newest of them."""


def known_of(session: Session, reference: str, visit: Visit, house: House) -> dict[str, Any]:
    """What every page of an operation shows. Raises HTTPException 404."""
    found = seen_operation(session, reference)
    row: OperationRow = found.OperationRow
    operation = operation_view(session, found, visit.words.language)
    activity = session.get_one(ActivityRow, row.activity)
    poles = {one.id: one.label for one in house.book.insurer.poles}
    version = house.book.version(found.Case.policy)
    return {
        "operation": operation,
        "case": operation,
        "row": row,
        "policy": version,
        "aside": aside_of(session, operation.put_aside, visit),
        "place": f"/operations/{reference}",
        "procedure": activity.procedure,
        "activity_name": activity.name_en if visit.words.language == "en" else activity.name_fr,
        "pole_name": visit.words.name_of("Pole", operation.pole, poles.get(operation.pole, operation.pole)),
        "skills": {one.id: visit.words.name_of("Skill", one.id, one.label) for one in house.book.insurer.skills},
        "approvals": [one for one in operation.approvals if one.plan_version == operation.plan_version],
        "beside": operation.beside,
        "extension": next((one for one in operation.extensions if one.status == "waiting"), None),
        "track": track_of(session, row, version, house),
        "places_changed": places_changed(session, row.case_id, house.now() - _LATELY, _MOST_CHANGES),
        **_sessions(operation, house.today()),
    }


def _sessions(operation: OperationView, today: date) -> dict[str, list[SessionView]]:
    """Those that are to come, today's first; and those that are behind."""
    return {
        "to_come": [one for one in operation.sessions if one.day >= today],
        "held": [one for one in operation.sessions if one.day < today],
    }


def cockpit_of(
    session: Session, reference: str, visit: Visit, house: House, until: int | None = None
) -> dict[str, Any]:
    """All that stands on its page: cost, what is at risk, who has to act, what I may do, what happened."""
    known = known_of(session, reference, visit, house)
    row, version = known["row"], known["policy"]
    case = session.get_one(Case, row.case_id)
    refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
    return {
        **known,
        **standing_of(session, case, visit, house),
        **(_cost(session, row, version, known["operation"]) if visit.may(Action.READ_PAY) else {"cost_cents": None}),
        "at_risk": at_risk(session, row, visit, house, known["procedure"]),
        **beside_of(session, row.case_id, case.state, known["procedure"]),
        "possible": _told(refusals, visit),
        **(_journal(session, case, until) if visit.may("read_journal") else {"acts": [], "earlier": 0}),
        "ended_at": case.ended_at,
    }


def _journal(session: Session, case: Case, until: int | None) -> dict[str, Any]:
    """What happened last; or what happened up to a line of the journal, a page of it."""
    last = min(until or case.lines, case.lines)
    earlier = max(0, last - _LINES)
    told = acts(journal_page(session, case, earlier, last - earlier).lines)
    shown, earlier = newest(told, earlier, len(told) if until else _ACTS)
    return {"acts": shown, "earlier": earlier}


def _cost(
    session: Session, row: OperationRow, version: PolicyVersion, operation: OperationView
) -> dict[str, int | None]:
    """The newest pay file that is right, once it is over; until then what a pay file made today would come to; and the
    minutes that are not in the sum, for payroll computes them."""
    made = [one for one in operation.pay if one.void_because is None]
    owed = owed_so_far(session, row, version)
    cents = made[-1].cents if made and row.ended_on else owed.cents
    return {"cost_cents": cents, "by_payroll_minutes": owed.by_payroll_minutes}


def _told(refusals: Mapping[Action, Refusal | None], visit: Visit) -> dict[str, str | None]:
    return {action: why_not_now(one, visit) if one else None for action, one in refusals.items()}


def not_now(session: Session, row: OperationRow, action: Action, visit: Visit, house: House) -> str | None:
    """Why a command would be refused now, and what to do instead; None where its form can be filled in."""
    case = session.get_one(Case, row.case_id)
    refusal = possible_on(session, case, visit.actor, house.book, house.now(), house.today())[action]
    return why_not_now(refusal, visit) if refusal else None


def why_not_now(refusal: Refusal, visit: Visit) -> str:
    """Why something cannot be done now, and what to do instead."""
    words = visit.words
    return f"{words.told(refusal.rule, STEPS)} {words.told(refusal.remedy, STEPS)}"


def at_risk(
    session: Session, row: OperationRow, visit: Visit, house: House, procedure: str | None
) -> LatePageView | None:
    """The deadlines of its activity's cases that are past, or due within the week: where our register counts it, for
    whoever may read these cases."""
    if procedure is None or procedure not in procedures_read_by(visit.actor) or row.ended_on is not None:
        return None
    scope = Scope(visit.actor.id, Today(house.now(), house.zone), frozenset({procedure}))
    told = late_view(session, scope, WantedDue(None, None, None, MOST_AT_RISK))
    return told.model_copy(update={"due": [one for one in told.due if one.procedure == procedure]})
