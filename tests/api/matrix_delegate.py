"""The matrix of the delegate's space: its people, and nobody else, on what is their delegate's and on what is not."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from db.commands.keys import make_case_key
from db.models import AuditPieceRow, AuditRow, Case, CommandRow, FindingRow, TaskRow
from domain.people import delegate_hat
from domain.roles import OF_A_DELEGATE, Role
from tests.api.matrix import NO_OBJECT, Outcome, Row, Upload
from tests.api.matrix_things import COLLEAGUE, Parts, Planting
from tests.factories.rows import a_task_row
from tests.factories.uploads import A_PDF, a_form

DELEGATES: set[Role] = set(OF_A_DELEGATE)
CONTRACTS = {"ARMOR": "COL-2019-014", "LEON": "COL-2020-007"}
NO_FILE = {"piece": "tariff-table", "file_id": str(UUID(int=0)), "evidence_id": str(UUID(int=0))}
"""What the addresses name besides: nobody has delivered anything."""
_numbers = count(900_001)


def a_file(_today: date) -> Upload:
    """A file of a delegate's."""
    return Upload(*a_form(A_PDF))


def put_off(today: date) -> dict[str, Any]:
    """A later date."""
    return {"until": (today + timedelta(days=60)).isoformat(), "reason": "Le correctif vient plus tard."}


def on_audit(own: int) -> dict[str, Outcome]:
    """What is answered on an audit of one's own; on another's there is nothing."""
    return {"our delegate's audit": own, "another delegate's audit": 404, "no audit": 404}


def on_finding(own: int) -> dict[str, Outcome]:
    """The same on a finding."""
    return {"our delegate's finding": own, "another delegate's finding": 404, "no finding": 404}


ON_TASK: Mapping[str, Outcome] = {"our delegate's task": 200, "another delegate's task": 404, "no task": 404}
SPACE: dict[str, Row] = {
    **{
        f"GET /api/v1/delegate/{part}": Row(DELEGATES, {NO_OBJECT: 200})
        for part in ("me", "tasks", "dates", "dates.ics", "audits", "findings")
    },
    "GET /api/v1/delegate/tasks/{task_id}": Row(DELEGATES, ON_TASK),
    "POST /api/v1/delegate/tasks/{task_id}/complete": Row(
        DELEGATES, ON_TASK, lambda _: {"outcome": "propose", "plan": "Un rapprochement chaque mois."}
    ),
    "GET /api/v1/delegate/commands/{command_id}": Row(
        DELEGATES, {"my command on our finding": 200, "a colleague's command": 404, "no command": 404}
    ),
    "GET /api/v1/delegate/audits/{reference}": Row(DELEGATES, on_audit(200)),
    "GET /api/v1/delegate/audits/{reference}/report.pdf": Row(DELEGATES, on_audit(404)),
    "GET /api/v1/delegate/audits/{reference}/report.xlsx": Row(DELEGATES, on_audit(404)),
    "GET /api/v1/delegate/audits/{reference}/files/{file_id}": Row(DELEGATES, on_audit(404)),
    "GET /api/v1/delegate/findings/{reference}/evidence/{evidence_id}": Row(DELEGATES, on_finding(404)),
    "POST /api/v1/delegate/audits/{reference}/pieces/{piece}": Row(DELEGATES, on_audit(200), a_file),
    "POST /api/v1/delegate/audits/{reference}/withdraw-piece": Row(
        DELEGATES, on_audit(422), lambda _: {"piece": "tariff-table", "version": 99, "reason": "Par erreur."}
    ),
    "GET /api/v1/delegate/findings/{reference}": Row(DELEGATES, on_finding(200)),
    "POST /api/v1/delegate/findings/{reference}/evidence": Row(DELEGATES, on_finding(409), a_file),
    "POST /api/v1/delegate/findings/{reference}/postponement": Row(DELEGATES, on_finding(200), put_off),
    "POST /api/v1/delegate/findings/{reference}/withdraw-request": Row(DELEGATES, on_finding(409)),
}
"""The reports of these audits are not validated, their findings wait for a plan, and nothing is asked for on them."""


def _case(p: Planting, procedure: str, state: str) -> Case:
    case = Case(
        id=uuid4(),
        reference=f"{'AUD' if procedure == 'audit' else 'CST'}-2031-{next(_numbers)}",
        procedure=procedure,
        state=state,
        policy="procedure-2",
        pole="benefits",
        received_on=p.at.date(),
        opened_at=p.at,
        lines=0,
    )
    p.session.add(case)
    p.session.flush()
    make_case_key(p.session, case.id)
    return case


def an_audit(p: Planting, delegate: str = "ARMOR") -> Parts:
    """An audit whose pieces are awaited: one of them, in a year that no other has."""
    case = _case(p, "audit", "planned")
    row = AuditRow(
        case_id=case.id,
        delegate=delegate,
        year=next(_numbers),
        contracts=[CONTRACTS[delegate]],
        themes=["benefits"],
        conflict_of_interest=False,
        catalogue="v1",
        planned_by=COLLEAGUE,
        planned_at=p.at,
    )
    p.session.add(row)
    p.session.flush()
    labels = dict.fromkeys(("label_fr", "label_en", "checked_for_fr", "checked_for_en"), "Barème")
    piece = {"piece": "tariff-table", "number": 1, "domain": "benefits", "lists_people": False}
    p.session.add(AuditPieceRow(audit_id=case.id, **piece, **labels))
    case.state, row.launched_on = "launched", p.at.date()
    p.session.flush()
    return {"reference": case.reference, **NO_FILE}


def a_finding(p: Planting, delegate: str = "ARMOR") -> tuple[UUID, Parts]:
    """A finding whose plan is awaited."""
    case = _case(p, "finding", "registered")
    today = p.at.date()
    row = FindingRow(
        case_id=case.id,
        delegate=delegate,
        contract=CONTRACTS[delegate],
        origin="recommendation",
        subject="Bordereaux",
        words="Le contrôle n’est pas prouvé.",
        risk="high",
        agreed_on=today,
        latest_on=today + timedelta(days=60),
        due_on=today + timedelta(days=30),
        opened_at=p.at,
        state="registered",
    )
    p.session.add(row)
    p.session.flush()
    case.state = "open"
    p.session.flush()
    return case.id, {"reference": case.reference, **NO_FILE}


def a_task(p: Planting, delegate: str = "ARMOR") -> Parts:
    """A plan to propose."""
    case_id, _ = a_finding(p, delegate)
    director = delegate_hat(Role.DELEGATE_DIRECTOR, delegate)
    task_id = a_task_row(p.session, case_id, p.at, director, kind="propose_plan")
    task = p.session.get_one(TaskRow, task_id)
    task.offered_to = [delegate_hat(Role.DELEGATE_USER, delegate), director]
    return {"task_id": str(task_id)}


def a_command(p: Planting) -> Parts:
    """A command that was carried out on a finding of the asker's delegate."""
    case_id, _ = a_finding(p)
    row = CommandRow(
        id=uuid4(),
        case_id=case_id,
        kind="request_postponement",
        body={},
        actor_id=p.asker.id,
        rights={},
        at=p.at,
        status="applied",
        decided_wall=p.at,
    )
    p.session.add(row)
    return {"command_id": str(row.id)}


SPACE_THINGS: dict[str, Callable[[Planting], Parts]] = {
    "our delegate's audit": an_audit,
    "another delegate's audit": lambda p: an_audit(p, "LEON"),
    "no audit": lambda _: {"reference": "AUD-2031-999999", **NO_FILE},
    "our delegate's finding": lambda p: a_finding(p)[1],
    "another delegate's finding": lambda p: a_finding(p, "LEON")[1],
    "no finding": lambda _: {"reference": "CST-2031-999999", **NO_FILE},
    "our delegate's task": a_task,
    "another delegate's task": lambda p: a_task(p, "LEON"),
    "my command on our finding": a_command,
}
