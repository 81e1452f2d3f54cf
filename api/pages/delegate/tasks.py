"""What we are asked for is given in place, on the page of its case: a plan, the evidence, our answers to a report."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Row
from starlette.responses import Response

from api.delegate.desk import offered_task, own_task
from api.house import TheHouse
from api.pages.delegate import audit, finding
from api.pages.delegate.doors import Giver, Reader, address_of_outcome, place_of_ours
from api.pages.form import FormView
from api.pages.giving import Sent, carried_out, or_shown
from api.pages.show import go_to
from api.pages.task import body_of
from api.pages.typed import SentForm, Typed
from api.tasks import read_form
from db.commands.command import Ask
from domain.audit.words import Reply

router = APIRouter(include_in_schema=False)
ANSWER = "answer"
_MOST_ANSWERS = 500
_SAID: dict[str, str] = {
    "propose": "plan_proposed",
    "deliver": "evidence_delivered",
    ANSWER: "report_answered",
}
_SAID_OF_AUDITS: dict[str, str] = {"deliver": "pieces_delivered"}


@router.get("/delegate/tasks/{task_id}")
def task(task_id: UUID, _visit: Reader, house: TheHouse) -> Response:
    """On to the page of its case, where it is done."""
    with house.sessions() as session:
        return go_to(place_of_ours(own_task(session, task_id).reference))


@router.post("/delegate/tasks/{task_id}")
async def complete(request: Request, task_id: UUID, visit: Giver, typed: SentForm, house: TheHouse) -> Response:
    """Give what is asked for; with what is wrong, the page of its case again."""
    row = await house.transact(lambda session: offered_task(session, task_id, visit.actor))
    outcome = typed["outcome"]

    def shown(form: FormView | None, status: int) -> Response:
        again = audit.shown if row.procedure == "audit" else finding.shown
        return again(request, row.reference, visit, house, {outcome: form} if form else {}, status)

    address, place = address_of_outcome(task_id, outcome), place_of_ours(row.reference)
    sent = Sent(visit, house, row.case_id, address, typed, shown, place, nothing=None)
    names = _SAID | (_SAID_OF_AUDITS if row.procedure == "audit" else {})

    async def completing() -> Response:
        form = read_form(row.procedure, row.kind, _body(row, outcome, typed))
        ask = Ask(outcome, form.model_dump(mode="json"), sent.key, task_id)
        return await carried_out(sent, ask, names.get(outcome, outcome))

    return await or_shown(sent, completing)


def _body(row: Row[*tuple[Any, ...]], outcome: str, typed: Typed) -> dict[str, Any]:
    body = body_of(row.procedure, row.kind, outcome, typed)
    return body | {"answers": answers_in(typed)} if outcome == ANSWER else body


def answers_in(typed: Typed) -> list[dict[str, Any]]:
    """The answer to each recommendation, `answers.0.number` and so on: an acceptance has no argument, a dispute no
    date. Raises RequestValidationError for a dispute without its argument."""
    lines, lacking = [], []
    for place in range(_MOST_ANSWERS):
        number = typed[f"answers.{place}.number"]
        if not number.isdecimal():
            break
        reply = typed.text(f"answers.{place}.reply")
        beside = "argument" if reply == Reply.DISPUTE else "proposed_on"
        said = typed.text(f"answers.{place}.{beside}")
        if reply == Reply.DISPUTE and said is None:
            lacking.append({"type": "missing", "loc": ("answers", place, "argument"), "input": None, "msg": ""})
        lines.append(_line(int(number[:7]), {"reply": reply, beside: said}))
    if lacking:
        raise RequestValidationError(lacking)
    return lines


def _line(number: int, said: Mapping[str, str | None]) -> dict[str, Any]:
    return {"number": number} | {name: value for name, value in said.items() if value is not None}
