"""The bench of the pure tests reads events as the register writes them: what is proved on it holds for the register."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from db.models import Case
from db.queries import complaint as complaints
from domain.commands import CommandStatus
from domain.complaint.case import Complaint
from domain.complaint.commands import Amend, Approve, Reassign, SendBack
from domain.complaint.machine import Register
from domain.complaint.words import TaskKind
from domain.correspondence import RecordHandover, ReportUndelivered, Resend
from domain.desk import Reoffer
from domain.outgoing import Dispatch
from tests.factories.bench import Bench
from tests.factories.complaints import (
    AUTHOR,
    COLLEAGUE,
    MANAGER,
    OPERATIONS,
    REFERENT,
    a_complaint,
    a_draft,
    a_requalification,
    an_acknowledgement,
    an_analysis,
    what_is_said,
)
from tests.factories.register import Desk

Said = Callable[[str], BaseModel]
"""What somebody says about the version with this hash."""


def plain(body: BaseModel) -> Said:
    return lambda _: body


def approve(version_hash: str) -> BaseModel:
    return Approve(version_hash=version_hash)


def send_back(version_hash: str) -> BaseModel:
    return SendBack(version_hash=version_hash, reason="Les motifs manquent.")


def amend(cents: int) -> Said:
    return lambda read: Amend.model_validate(
        {"version_hash": read, **what_is_said(found="Autrement dit.", compensation_cents=cents)}
    )


Act = tuple[str, str | None, Said]
BEGINNING: list[Act] = [
    (AUTHOR, "acknowledge", plain(an_acknowledgement())),
    (AUTHOR, "analyse", plain(an_analysis())),
    (AUTHOR, "draft_answer", plain(a_draft())),
]
STORIES: dict[str, list[Act]] = {
    "approved": [*BEGINNING, (REFERENT, "validate", approve), (MANAGER, "validate", approve)],
    "sent back, then amended": [
        *BEGINNING,
        (REFERENT, "validate", approve),
        (MANAGER, "validate", send_back),
        (AUTHOR, "draft_answer", plain(a_draft(compensation_cents=3000))),
        (REFERENT, "validate", amend(15_001)),
        (OPERATIONS, "validate", amend(100)),
        (MANAGER, "validate", approve),
    ],
    "reassigned, then requalified": [
        (AUTHOR, "acknowledge", plain(an_acknowledgement(Dispatch.RECORDED_CALL))),
        (MANAGER, "reassign", plain(Reassign(to=COLLEAGUE, reason="conflict_of_interest"))),
        (COLLEAGUE, "analyse", plain(an_analysis())),
        (MANAGER, "requalify", plain(a_requalification())),
    ],
}
ON_THE_CASE = {"reassign", "requalify"}


@pytest.mark.parametrize("name", STORIES)
def test_the_bench_knows_what_the_register_knows(desk: Desk, name: str) -> None:
    case_id = desk.enter()
    bench = Bench(a_complaint(id=case_id, skills=frozenset({"english"})))
    bench.machine(Register())
    assert known(desk, bench.case) == facts(bench.case)
    for login, kind, said in STORIES[name]:
        assert kind is not None
        body = said(bench.hash if bench.case.answer else "")
        if kind in ON_THE_CASE:
            outcome = desk.do(case_id, login, body, None, kind)
            bench.on_case(login, body)  # type: ignore[arg-type]
        else:
            outcome = desk.do(case_id, login, body, kind)
            bench.does(login, TaskKind(kind), body)  # type: ignore[arg-type]
        assert outcome.status is CommandStatus.APPLIED
        assert known(desk, bench.case) == facts(bench.case), f"after {login} did {kind}"


def test_the_bench_knows_what_becomes_of_letters_as_the_register_does(desk: Desk) -> None:
    case_id = desk.enter()
    bench = Bench(a_complaint(id=case_id, skills=frozenset({"english"})))
    bench.machine(Register())
    desk.do(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    bench.does(AUTHOR, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    made = "UPDATE letters SET pdf = 'x', pdf_sha256 = 'x' WHERE case_id = :id RETURNING id"
    ((letter_id,),) = desk.sql(made, id=case_id)
    (letter,) = bench.case.letters
    desk.settle(desk.machine(case_id, "report_undelivered", "once", letter_id=letter_id, reason="rejected"))
    bench.machine(ReportUndelivered(letter_id=letter.id, reason="rejected"))
    assert known(desk, bench.case) == facts(bench.case)
    desk.do(case_id, AUTHOR, Resend(dispatch=Dispatch.POST), "repair_delivery")
    bench.does(AUTHOR, TaskKind.REPAIR_DELIVERY, Resend(dispatch=Dispatch.POST))
    assert known(desk, bench.case) == facts(bench.case)
    desk.sql(made, id=case_id)
    desk.settle(desk.machine(case_id, "record_handover", "once", letter_id=letter_id))
    bench.machine(RecordHandover(letter_id=letter.id))
    assert known(desk, bench.case) == facts(bench.case)
    desk.settle(desk.machine(case_id, "reoffer", "once"))
    bench.machine(Reoffer())
    assert known(desk, bench.case) == facts(bench.case)


def known(desk: Desk, case: Complaint) -> dict[str, Any]:
    """What the register knows of it."""
    with desk.sessions() as session:
        return facts(complaints.complaint(session, session.get_one(Case, case.id), desk.book))


def facts(case: Complaint) -> dict[str, Any]:
    """All that decisions depend on, but for ids that each gives as it likes."""
    return {
        **{
            name: getattr(case, name)
            for name in ("state", "category", "owner_id", "finding", "answer", "signatory_id", "compensation_paid")
        },
        "approvals": dict(case.approvals),
        "letters": {(letter.kind, letter.dispatch, letter.round, letter.posted) for letter in case.letters},
        "deadlines": {(d.name, d.generation, d.due_on, d.due_at, d.starts_on) for d in case.deadlines},
        "tasks": sorted(
            (
                task.kind,
                sorted(task.offered_to),
                sorted(task.meant_for),
                sorted(task.excluded),
                task.nobody_left,
                task.due_at,
                {name: value for name, value in (task.detail or {}).items() if name != "letter"},
            )
            for task in case.open_tasks
        ),
    }
