"""The page of an operation's messages to the members who wait longest: looked at, proposed, approved, left.

Source: procedures, section 4 step 4
"""

from asyncio import to_thread
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.backlog import case_of, seen_operation
from api.backlog_messages import ReachView, message_views, reach_of
from api.house import House, TheHouse
from api.pages.backlog.known import not_now
from api.pages.form import FormView, begun, mistaken, status_of
from api.pages.giving import Sent, Shown, carried_out, or_shown
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Admitted, Visit
from api.tasks import mine, read_form
from db.commands.command import Ask
from db.models import TaskRow
from db.queries.delay import open_approval
from domain.backlog.commands import ProposeMessage
from domain.backlog.states import BacklogState
from domain.permissions import Action
from domain.refusals import Refusal, WrongStep
from domain.tasks import may_do

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Admitted(Action.READ_OPERATIONS))]
Proposer = Annotated[Visit, Depends(Admitted(Action.PROPOSE_MESSAGE))]
_MISTAKES = (Refusal, ValidationError, RequestValidationError)
_DECIDED = {"approve_message": "message_approved", "refuse": "message_refused"}


@router.get("/operations/{reference}/message")
def shown(request: Request, reference: str, visit: Reader, house: TheHouse) -> Response:
    """The messages of an operation, and the form of the next one for who may propose it."""
    return _page(request, reference, visit, house)


@router.post("/operations/{reference}/message/preview")
def look(request: Request, reference: str, visit: Proposer, typed: SentForm, house: TheHouse) -> Response:
    """Whom it would reach, and the letter: nothing is kept, and the form stays as it was typed."""
    try:
        _, reach = _looked_at(reference, typed, house)
    except _MISTAKES as error:
        form = mistaken(_address(reference), typed, error, visit.words)
        return _page(request, reference, visit, house, form, status_of(error))
    return _page(request, reference, visit, house, FormView(_address(reference), typed), reach=reach)


@router.post("/operations/{reference}/message")
async def propose(request: Request, reference: str, visit: Proposer, typed: SentForm, house: TheHouse) -> Response:
    """Put it before its approver; with what is wrong, the same page again."""
    address = _address(reference)
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown_again = partial(_page, request, reference, visit, house)
    sent = Sent(visit, house, case_id, address, typed, shown_again, address, BacklogState.__name__)

    async def proposing() -> Response:
        asked, _ = await to_thread(_looked_at, reference, typed, house)
        ask = Ask("propose_message", asked.model_dump(mode="json"), sent.key, case_id=case_id)
        return await carried_out(sent, ask, "message_proposed")

    return await or_shown(sent, proposing)


@router.post("/operations/{reference}/message/decide")
async def decide(request: Request, reference: str, visit: Reader, typed: SentForm, house: TheHouse) -> Response:
    """Let the very message leave that was read, or refuse it with the reason."""
    outcome, address = typed["outcome"], _address(reference)
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown_again = _with_decision(request, reference, visit, house)
    sent = Sent(visit, house, case_id, address, typed, shown_again, address, BacklogState.__name__)

    async def deciding() -> Response:
        row = await house.transact(lambda session: _task(session, reference, visit))
        said = {name: typed.text(name) for name in ("sha256", "reason") if typed.text(name)}
        form = read_form("backlog", row.kind, {"outcome": outcome, **said})
        ask = Ask(outcome, form.model_dump(mode="json"), sent.key, row.id)
        return await carried_out(sent, ask, _DECIDED[outcome])

    return await or_shown(sent, deciding)


def _with_decision(request: Request, reference: str, visit: Visit, house: House) -> Shown:
    """The page, with what is wrong in the decision that was sent."""
    return lambda decision, status: _page(request, reference, visit, house, None, status, decision=decision)


def _looked_at(reference: str, typed: Typed, house: House) -> tuple[ProposeMessage, ReachView]:
    """The message as it was typed, and whom it would reach. Raises ValidationError, Invalid, WrongStep."""
    asked = ProposeMessage.model_validate(_said(typed))
    with house.reading() as session:
        return asked, reach_of(session, house, reference, asked)


def _task(session: Session, reference: str, visit: Visit) -> TaskRow:
    """The open task to approve the message. Raises WrongStep; or as the task does, for who may not do it."""
    found = open_approval(session, case_of(session, reference))
    if found is None:
        raise WrongStep("No message is before its approver.", "Read the operation again.")
    return mine(session, found.id, visit.actor)[0]


def _said(typed: Typed) -> dict[str, Any]:
    """What was typed, as the API takes it; what was left empty is not said."""
    said: dict[str, Any] = {name: typed.text(name) for name in ("promised_on", "more_than_days")}
    words = {name: value for name in ("fr", "en") if (value := typed.text(f"words.{name}"))}
    beyond = {"after_the_end": True} if typed["after_the_end"] else {}
    return {name: value for name, value in said.items() if value} | {"words": words} | beyond


def _page(
    request: Request,
    reference: str,
    visit: Visit,
    house: House,
    sent: FormView | None = None,
    status: int = 200,
    *,
    reach: ReachView | None = None,
    decision: FormView | None = None,
) -> Response:
    with house.reading() as session:
        row = seen_operation(session, reference)
        rules = house.book.version(row.Case.policy).backlog.message
        filled = {"more_than_days": str(rules.waits_more_than.days)}
        task = open_approval(session, row.OperationRow.case_id)
        values = {
            "reference": row.Case.reference,
            "operation": row.OperationRow,
            "messages": message_views(session, house, reference),
            "form": sent or begun(session, visit.actor.id, _address(reference), filled),
            "decision": decision or FormView(f"{_address(reference)}/decide", Typed()),
            "may_decide": task is not None
            and may_do(frozenset(task.offered_to), frozenset(task.excluded), visit.actor),
            "not_now": not_now(session, row.OperationRow, Action.PROPOSE_MESSAGE, visit, house),
            "quiet_days": rules.quiet_after_letter.days,
        }
    before = {message.id: letters_of(message.reach) for message in values["messages"]}
    letters = letters_of(reach)
    return page(request, visit, "delay/message.html", status, **values, reach=reach, letters=letters, before=before)


def letters_of(reach: ReachView | None) -> dict[str, Markup]:
    """The letters of a message as they will look, by language."""
    return {one.language: Markup(one.html) for one in reach.letters} if reach else {}  # noqa: S704  (escaped there)


def _address(reference: str) -> str:
    return f"/operations/{reference}/message"
