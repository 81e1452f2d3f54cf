"""What is given on an operation without a task: another plan, a later end, the end before its time, given up."""

from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.backlog import case_of, seen_operation
from api.house import House, TheHouse
from api.pages.backlog.doors import Canceller, Extender, Replanner, Stopper
from api.pages.backlog.effect import Effect, Planned
from api.pages.backlog.known import known_of, not_now
from api.pages.backlog.new import LOOK, MORE
from api.pages.backlog.plan_checks import look_ahead, plan_wrong
from api.pages.backlog.plan_form import STEPS, counts, in_its_rows, plan_filled, plan_mistaken, plan_said, tidy
from api.pages.choices import choices
from api.pages.fields import said_in
from api.pages.form import FormView, begun, status_of
from api.pages.giving import Sent, Shown, give
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from domain.backlog.commands import CASE_COMMANDS, PlanAsked, Replan
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter()


@dataclass(frozen=True)
class Act:
    """A command on an operation: its kind, the last part of its page's address, what is said when done, the right."""

    kind: str
    part: str
    said: str
    action: Action


EXTEND = Act("request_extension", "request-extension", "extension_requested", Action.REQUEST_EXTENSION)
STOP = Act("stop", "stop", "operation_stopped", Action.STOP_OPERATION)
CANCEL = Act("cancel", "cancel", "operation_cancelled", Action.CANCEL_OPERATION)


@router.get("/operations/{reference}/request-extension")
def extension_page(request: Request, reference: str, visit: Extender, house: TheHouse) -> Response:
    """Until when, and why."""
    return _showing(request, EXTEND, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/request-extension")
async def request_extension(
    request: Request, reference: str, visit: Extender, typed: SentForm, house: TheHouse
) -> Response:
    """Ask the general director for it."""
    return await _give(request, EXTEND, reference, visit, typed, house)


@router.get("/operations/{reference}/stop")
def stop_page(request: Request, reference: str, visit: Stopper, house: TheHouse) -> Response:
    """What it means to stop."""
    return _showing(request, STOP, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/stop")
async def stop(request: Request, reference: str, visit: Stopper, typed: SentForm, house: TheHouse) -> Response:
    """End it before its time, with the reason."""
    return await _give(request, STOP, reference, visit, typed, house)


@router.get("/operations/{reference}/cancel")
def cancel_page(request: Request, reference: str, visit: Canceller, house: TheHouse) -> Response:
    """What it means to give it up."""
    return _showing(request, CANCEL, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/cancel")
async def cancel(request: Request, reference: str, visit: Canceller, typed: SentForm, house: TheHouse) -> Response:
    """Give it up, with the reason."""
    return await _give(request, CANCEL, reference, visit, typed, house)


async def _give(request: Request, act: Act, reference: str, visit: Visit, typed: Typed, house: House) -> Response:
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown = _showing(request, act, reference, visit, house)
    place = f"/operations/{reference}"
    sent = Sent(visit, house, case_id, _address(act, reference), typed, shown, place, STEPS, plan_mistaken)
    form = CASE_COMMANDS[act.kind]
    return await give(sent, act.kind, form, said_in(form, typed), act.said)


def _showing(request: Request, act: Act, reference: str, visit: Visit, house: House) -> Shown:
    """How the page of a command is shown, again or for the first time."""

    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            filled = later_end(values, house) if act is EXTEND else {}
            form = sent or begun(session, visit.actor.id, _address(act, reference), filled)
            values |= {"not_now": None if sent else not_now(session, values["row"], act.action, visit, house)}
        return page(request, visit, f"backlog/{act.kind}.html", status, form=form, **values)

    return shown


def later_end(values: Mapping[str, object], house: House) -> dict[str, str]:
    """The end that is proposed: the week in which the stock would be back for good, as far as the rules allow; where
    that is not known, two weeks more."""
    operation, track = values["operation"], values["track"]
    ends_on, back_on = operation.ends_on, track.back_on  # type: ignore[attr-defined]
    after = max(ends_on, house.today())
    wanted = back_on + timedelta(days=7) if back_on and back_on > ends_on else after + timedelta(weeks=2)
    rules = house.book.in_force_on(house.today()).backlog.run
    latest = after + timedelta(weeks=rules.extended_at_most.weeks)
    return {"until": f"{min(wanted, latest)}"}


@router.get("/operations/{reference}/replan")
def replan_page(request: Request, reference: str, visit: Replanner, house: TheHouse) -> Response:
    """The plan as it stands, to be changed."""
    return _replanning(request, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/replan")
async def replan(request: Request, reference: str, visit: Replanner, typed: SentForm, house: TheHouse) -> Response:
    """Another plan takes its place; nothing is sent by a look ahead."""
    typed, address = tidy(typed), f"/operations/{reference}/replan"
    shown = _replanning(request, reference, visit, house, typed[MORE])
    if typed[MORE]:
        return await to_thread(shown, FormView(address, typed), 200)
    said = plan_said(typed)

    def look(session: Session) -> Effect:
        row = seen_operation(session, reference).OperationRow
        return look_ahead(session, Planned(PlanAsked.model_validate(said), row.activity, row.case_id), house)

    try:
        PlanAsked.model_validate(said)
        effect = await house.transact(look) if typed[LOOK] else None
    except (Refusal, ValidationError) as error:
        return await to_thread(shown, await plan_wrong(address, typed, said, error, visit, house), status_of(error))
    if effect:
        shown = _replanning(request, reference, visit, house, effect=effect)
        return await to_thread(shown, FormView(address, typed), 200)
    case_id = await house.transact(lambda session: case_of(session, reference))
    sent = Sent(visit, house, case_id, address, typed, shown, f"/operations/{reference}", STEPS, plan_mistaken)
    return await give(sent, "replan", Replan, said, "plan_changed")


def _replanning(
    request: Request, reference: str, visit: Visit, house: House, more: str = "", effect: Effect | None = None
) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            filled = plan_filled(values["operation"].plan, visit.words)
            address = f"/operations/{reference}/replan"
            form = in_its_rows(sent) if sent else begun(session, visit.actor.id, address, filled)
            values |= {"not_now": None if sent else not_now(session, values["row"], REPLAN, visit, house)}
        values |= {"rows": counts(form.typed, more), "effect": effect, "choices": choices(visit.words, house.book)}
        return page(request, visit, "backlog/replan.html", status, form=form, **values)

    return shown


REPLAN = Action.REPLAN_OPERATION


def _address(act: Act, reference: str) -> str:
    return f"/operations/{reference}/{act.part}"
