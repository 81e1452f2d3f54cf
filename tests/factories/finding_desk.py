"""Findings before a register without an engine: opened by an auditor, acted on by the demo's people, one by one."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from db.commands.command import Ask, receive
from db.commands.finding import File, keep_evidence, register_finding
from db.models import CommandRow, FindingRow
from domain.civil import local_date
from domain.commands import CommandRef, CommandStatus, Outcome
from domain.finding.commands import (
    AcceptPlan,
    AddEvidence,
    Approve,
    Confirm,
    DeliverEvidence,
    Grant,
    OpenFinding,
    ProposePlan,
    Refuse,
    RequestPostponement,
    RequestRiskAcceptance,
    SendPlanBack,
    Verified,
)
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.register import Desk
from tests.factories.uploads import A_PDF

AUDITOR, OTHER_AUDITOR, CONTROL = "gildas.madec", "maiwenn.le.saux", "katell.rolland"
ENORA, BASTIEN, SABINE = "enora.lagadec", "bastien.cloarec", "sabine.trevidic"
WHY = "Le contrôle mensuel n’est pas prouvé."


def what_is_found(desk: Desk, **changes: Any) -> OpenFinding:
    """A recommendation of high risk about a contract of Armor's, agreed today."""
    said = {
        "delegate": "ARMOR",
        "contract": "COL-2019-014",
        "subject": "Contrôle des bordereaux de cotisations",
        "words": "Le contrôle mensuel des bordereaux n’est pas formalisé.",
        "risk": "high",
        "agreed_on": local_date(desk.at, "Europe/Paris").isoformat(),
    }
    return OpenFinding.model_validate(said | changes)


def registered(desk: Desk, **changes: Any) -> CommandRef:
    """A finding that is kept, its delegate not yet asked."""
    asked = what_is_found(desk, **changes)
    ask = Ask("register", asked.model_dump(mode="json"), f"key {next(desk.keys)}")
    with desk.sessions.begin() as session:
        case = register_finding(session, asked, ask, desk.actor(AUDITOR), desk.at, desk.book)
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
        return CommandRef(command.id, case.id, "register")


def opened(desk: Desk, **changes: Any) -> UUID:
    """A finding whose delegate is asked for a plan; its case."""
    command = registered(desk, **changes)
    assert desk.settle(command).status is CommandStatus.APPLIED
    return command.case_id


def propose(desk: Desk, case_id: UUID, login: str = ENORA) -> Outcome[Any]:
    """The delegate says what it will do."""
    return desk.do(case_id, login, ProposePlan(plan="Formaliser le contrôle."), "propose_plan")


def accept(desk: Desk, case_id: UUID, login: str = AUDITOR) -> Outcome[Any]:
    """The auditor takes the plan."""
    return desk.do(case_id, login, AcceptPlan(), "accept_plan")


def send_back(desk: Desk, case_id: UUID) -> Outcome[Any]:
    """The auditor wants another plan."""
    return desk.do(case_id, AUDITOR, SendPlanBack(reason=WHY), "accept_plan")


def bring(desk: Desk, case_id: UUID, login: str = ENORA, content: bytes = A_PDF) -> Outcome[Any]:
    """Somebody brings a file."""
    digest = sha256(content).hexdigest()
    body = AddEvidence(name="preuve.pdf", sha256=digest).model_dump(mode="json")
    ask = Ask("add_evidence", body, f"key {next(desk.keys)}", case_id=case_id, id=uuid7())
    actor = desk.actor(login)
    with desk.sessions.begin() as session:
        row = receive(session, case_id, ask, actor, desk.at)
        session.flush()
        keep_evidence(session, case_id, row.id, File("preuve.pdf", "application/pdf", digest, content, actor.id))
        command = CommandRef(row.id, case_id, "add_evidence")
    return desk.settle(command)


def deliver(desk: Desk, case_id: UUID, login: str = BASTIEN) -> Outcome[Any]:
    """All the evidence is there."""
    return desk.do(case_id, login, DeliverEvidence(comment="Voir l’onglet 2."), "deliver_evidence")


def verify(desk: Desk, case_id: UUID, login: str = AUDITOR) -> Outcome[Any]:
    """The auditor finds that it is put right."""
    return desk.do(case_id, login, Verified(), "verify")


def confirm(desk: Desk, case_id: UUID, login: str = CONTROL) -> Outcome[Any]:
    """The second validator agrees."""
    return desk.do(case_id, login, Confirm(), "confirm_remediation")


def refuse(desk: Desk, case_id: UUID, login: str = AUDITOR, kind: str = "verify") -> Outcome[Any]:
    """No, with the reason."""
    return desk.do(case_id, login, Refuse(reason=WHY), kind)


def ask_to_postpone(desk: Desk, case_id: UUID, days: int = 30, login: str = ENORA) -> Outcome[Any]:
    """Somebody asks for a later date."""
    until = later(desk, case_id, days)
    return desk.do(case_id, login, RequestPostponement(until=until, reason=WHY), None, "request_postponement")


def grant(desk: Desk, case_id: UUID, login: str = OPERATIONS) -> Outcome[Any]:
    """The date is moved."""
    return desk.do(case_id, login, Grant(), "decide_postponement")


def ask_to_accept(desk: Desk, case_id: UUID, days: int = 100) -> Outcome[Any]:
    """An auditor asks that the risk be accepted."""
    until = local_date(desk.at, "Europe/Paris") + timedelta(days=days)
    return desk.do(case_id, AUDITOR, RequestRiskAcceptance(until=until, reason=WHY), None, "request_risk_acceptance")


def approve(desk: Desk, case_id: UUID, login: str = OPERATIONS) -> Outcome[Any]:
    """One of the two accepts the risk."""
    return desk.do(case_id, login, Approve(), "accept_risk")


def the_finding(desk: Desk, case_id: UUID) -> FindingRow:
    """The finding as its row stands."""
    with desk.sessions() as session:
        return session.get_one(FindingRow, case_id)


def later(desk: Desk, case_id: UUID, days: int) -> date:
    """A day so many days after the one on which the finding is due."""
    return the_finding(desk, case_id).due_on + timedelta(days=days)


def a_finding_at(desk: Desk, state: str, **changes: Any) -> UUID:
    """A finding that real commands have brought to this state."""
    if state == "registered":
        return registered(desk, **changes).case_id
    case_id = opened(desk, **changes)
    for step in _WAYS[state]:
        outcome = step(desk, case_id)
        assert outcome.status is CommandStatus.APPLIED, outcome.code
    assert desk.state(case_id) == state
    return case_id


Step = Callable[[Desk, UUID], Outcome[Any]]
_PLANNED: tuple[Step, ...] = (propose, accept)
_VERIFYING: tuple[Step, ...] = (*_PLANNED, bring, deliver)
_WAYS: Mapping[str, tuple[Step, ...]] = {
    "open": (),
    "planned": _PLANNED,
    "verifying": _VERIFYING,
    "confirming": (*_VERIFYING, verify),
    "closed": (*_VERIFYING, verify, confirm),
    "risk_accepted": (*_PLANNED, ask_to_accept, approve, lambda desk, case: approve(desk, case, GENERAL)),
}
