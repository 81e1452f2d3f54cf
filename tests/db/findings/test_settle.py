"""Findings in the register: each command in one transaction, what it reads again, what the audit is told."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from db.commands.finding import open_finding
from db.models import Case, CommandRow, DeadlineRow, FindingEvidence, FindingRow, JournalLine
from db.procedures import PROCEDURES
from db.queries.finding import content_of, evidence_of, finding
from db.queries.finding_lists import WantedFindings, listed
from domain.commands import CommandRef, CommandStatus
from domain.finding.commands import AddEvidence
from domain.finding.intake import NewFinding
from domain.finding.machine import CancelWithAudit
from domain.finding.words import FindingOrigin, RequestKind, RiskLevel
from domain.refusals import Invalid
from local.demo_staff import person_id
from tests.factories.complaints import GENERAL, NOON
from tests.factories.finding_desk import (
    AUDITOR,
    BASTIEN,
    ENORA,
    a_finding_at,
    accept,
    approve,
    ask_to_accept,
    ask_to_postpone,
    bring,
    confirm,
    deliver,
    grant,
    opened,
    propose,
    refuse,
    registered,
    send_back,
    the_finding,
    verify,
    what_is_found,
)
from tests.factories.register import Desk
from tests.factories.uploads import A_PDF, AN_XLSX

TODAY = date(2026, 11, 23)
"""The day on which everything here begins."""


@pytest.fixture(autouse=True)
def _the_same_day(desk: Desk) -> None:
    desk.at = NOON


def deadlines(desk: Desk, case_id: UUID) -> dict[tuple[str, int], DeadlineRow]:
    """Every deadline of a finding, by name and generation."""
    with desk.sessions() as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.case_id == case_id))
        return {(row.name, row.generation): row for row in rows}


def test_a_finding_is_opened_in_one_go_with_its_dates_and_its_journal(desk: Desk) -> None:
    case_id = registered(desk).case_id
    with desk.sessions() as session:
        case = session.get_one(Case, case_id)
        assert case.reference.startswith("CST-2026-")
        assert (case.procedure, case.state, case.policy) == ("finding", "registered", "procedure-2")
        line = session.scalars(select(JournalLine).where(JournalLine.case_id == case_id)).one()
        assert (line.event, line.facts["risk"], line.actor_id) == ("FindingOpened", "high", person_id(AUDITOR))
        assert "bordereaux" not in str(line.facts), "what was found stays out of the journal"
    known = deadlines(desk, case_id)
    assert {key: row.due_on for key, row in known.items()} == {
        ("remediation", 1): TODAY + timedelta(days=60),
        ("plan", 1): TODAY + timedelta(days=15),
    }
    assert the_finding(desk, case_id).latest_on == TODAY + timedelta(days=60)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delegate": "NOBODY"}, "delegate"),
        ({"contract": "COL-2020-007"}, "contract"),
        ({"due_on": "2027-01-23"}, "due_on"),
        ({"agreed_on": "2026-11-24"}, "agreed_on"),
        ({"piece": "A07"}, "piece"),
    ],
)
def test_what_cannot_be_right_is_not_opened(desk: Desk, changes: dict[str, str], field: str) -> None:
    known = desk.everything()
    with pytest.raises(Invalid) as refused:
        registered(desk, **changes)
    assert refused.value.field == field
    assert desk.everything() == known


def test_a_finding_goes_all_its_way(desk: Desk) -> None:
    case_id = opened(desk)
    for step in (propose, send_back, propose):
        step(desk, case_id)
    accept(desk, case_id)
    bring(desk, case_id)
    deliver(desk, case_id)
    refuse(desk, case_id)
    bring(desk, case_id, content=AN_XLSX)
    deliver(desk, case_id)
    assert verify(desk, case_id).status is CommandStatus.APPLIED
    assert confirm(desk, case_id).status is CommandStatus.APPLIED
    row = the_finding(desk, case_id)
    assert (row.state, row.round) == ("closed", 2)
    plans = "SELECT version, accepted FROM finding_plans WHERE finding_id = :id ORDER BY version"
    assert desk.sql(plans, id=case_id) == [(1, False), (2, True)]
    rounds = "SELECT round, refused_by IS NOT NULL FROM finding_rounds WHERE finding_id = :id ORDER BY round"
    assert desk.sql(rounds, id=case_id) == [(1, True), (2, False)]
    assert all(one.met_at for one in deadlines(desk, case_id).values())


def test_what_is_read_again_is_what_was_decided(desk: Desk) -> None:
    case_id = a_finding_at(desk, "confirming")
    with desk.sessions() as session:
        case = session.get_one(Case, case_id)
        known = finding(session, case, desk.book)
        assert (known.plans, known.planned_by, known.plan_accepted) == (1, person_id(ENORA), True)
        assert known.authors == {person_id(ENORA), person_id(BASTIEN)}
        assert known.verified_by == person_id(AUDITOR)
        assert [one.round for one in known.evidence] == [1]
        assert dict(known.generations) == {"plan": 1, "remediation": 1, "verification": 2, "confirmation": 1}
        assert known.risk is RiskLevel.HIGH
        position = PROCEDURES["finding"].position(session, case, desk.book)
        assert [one.name for one in position.watched] == ["confirmation"]


def test_the_date_moves_with_what_is_granted_and_is_counted(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    for times in (1, 2):
        ask_to_postpone(desk, case_id)
        with desk.sessions() as session:
            asked = finding(session, session.get_one(Case, case_id), desk.book).request
        assert asked is not None
        assert (asked.kind, asked.asked_by) == (RequestKind.POSTPONEMENT, person_id(ENORA))
        assert grant(desk, case_id).status is CommandStatus.APPLIED
        row = the_finding(desk, case_id)
        assert (row.postponements, row.due_on) == (times, TODAY + timedelta(days=60 + 30 * times))
    assert deadlines(desk, case_id)["remediation", 1].cancelled_at is not None
    assert deadlines(desk, case_id)["remediation", 3].cancelled_at is None


def test_a_risk_is_accepted_by_two_and_reopened_when_its_end_has_come(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    ask_to_accept(desk, case_id, days=100)
    approve(desk, case_id)
    with desk.sessions() as session:
        asked = finding(session, session.get_one(Case, case_id), desk.book).request
        assert asked is not None
        assert set(asked.approvals) == {1}
    approve(desk, case_id, GENERAL)
    assert the_finding(desk, case_id).state == "risk_accepted"
    assert accepted_until_of(desk, case_id) == TODAY + timedelta(days=100)
    desk.at += timedelta(days=100, hours=5)
    desk.settle(desk.machine(case_id, "remind", deadline="risk_acceptance", generation=1, patient=False))
    row = the_finding(desk, case_id)
    assert (row.state, row.due_on) == ("planned", TODAY + timedelta(days=160))
    assert accepted_until_of(desk, case_id) is None


def accepted_until_of(desk: Desk, case_id: UUID) -> date | None:
    """Until when the list of findings says that the risk is accepted."""
    with desk.sessions() as session:
        rows = listed(session, WantedFindings(limit=500), desk.at)
        [until] = [row.accepted_until for row in rows if row.FindingRow.case_id == case_id]
        return until  # type: ignore[no-any-return]


def test_evidence_is_kept_sealed_and_the_same_file_twice_is_one(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    bring(desk, case_id)
    outcome = bring(desk, case_id, login=BASTIEN)
    assert outcome.status is CommandStatus.APPLIED
    with desk.sessions() as session:
        wanted = select(FindingEvidence).where(FindingEvidence.finding_id == case_id)
        rows = session.scalars(wanted.options(undefer(FindingEvidence.content))).all()
        [kept] = [row for row in rows if row.added_at is not None]
        assert all(A_PDF not in row.content for row in rows)
        found = evidence_of(session, case_id, kept.id)
        assert found is not None
        assert content_of(session, found) == A_PDF
        [other] = [row for row in rows if row.added_at is None]
        assert evidence_of(session, case_id, other.id) is None


def of_audit(desk: Desk, audit_id: UUID, **changes: object) -> NewFinding:
    """A finding as an audit opens it."""
    asked = what_is_found(desk)
    said = {
        "delegate": "ARMOR",
        "contract": asked.contract,
        "origin": FindingOrigin.RECOMMENDATION,
        "subject": asked.subject,
        "words": asked.words,
        "risk": RiskLevel.MAJOR,
        "agreed_on": TODAY,
        "due_on": TODAY + timedelta(days=30),
        "audit_id": audit_id,
        "audit_reference": "AUD-2026-000001",
        "number": 1,
    }
    return NewFinding(**(said | changes))  # type: ignore[arg-type]


def an_audit(desk: Desk) -> UUID:
    """Some other case, which stands for an audit here: what it is told is kept, not decided."""
    return desk.enter()


def from_audit(desk: Desk, audit_id: UUID, **changes: object) -> UUID:
    """A finding of an audit, its delegate asked."""
    with desk.sessions.begin() as session:
        new = of_audit(desk, audit_id, **changes)
        case_id = open_finding(session, new, person_id(AUDITOR), desk.at, desk.book).id
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == case_id)).one()
        assert (command.kind, command.actor_id, command.status) == ("register", None, "received")
        ref = CommandRef(command.id, case_id, "register")
    assert desk.settle(ref).status is CommandStatus.APPLIED
    return case_id


def told(desk: Desk, audit_id: UUID) -> list[tuple[str, str]]:
    """What an audit was told of its findings: which finding, and how it has ended."""
    wanted = select(CommandRow.body).where(CommandRow.case_id == audit_id, CommandRow.kind == "finding_ended")
    with desk.sessions() as session:
        return [(body["finding_id"], body["state"]) for body in session.scalars(wanted)]


def test_an_audit_opens_its_findings_and_is_told_once_when_one_has_ended(desk: Desk) -> None:
    audit_id = an_audit(desk)
    case_id = from_audit(desk, audit_id)
    for step in (propose, accept, bring, deliver, verify, confirm):
        step(desk, case_id)
    assert told(desk, audit_id) == [(str(case_id), "closed")]


def test_a_finding_that_was_carried_over_tells_the_audit_that_follows_it(desk: Desk) -> None:
    first, next_one = an_audit(desk), an_audit(desk)
    case_id = from_audit(desk, first)
    for _ in range(2):
        desk.settle(desk.machine(case_id, "carry_over", str(next_one), audit_id=str(next_one)))
    assert the_finding(desk, case_id).carried_to == next_one
    desk.settle(desk.machine(case_id, "cancel_with_audit", str(next_one), audit_id=str(next_one)))
    assert (told(desk, first), told(desk, next_one)) == ([], [(str(case_id), "cancelled")])


def test_of_one_audit_each_number_is_one_finding(desk: Desk) -> None:
    audit_id = an_audit(desk)
    from_audit(desk, audit_id)
    with pytest.raises(IntegrityError):
        from_audit(desk, audit_id)
    with desk.sessions() as session:
        assert len(session.scalars(select(FindingRow).where(FindingRow.audit_id == audit_id)).all()) == 1


def test_evidence_that_was_not_kept_when_it_came_is_refused_and_not_said_to_be_there(desk: Desk) -> None:
    case_id = a_finding_at(desk, "planned")
    body = AddEvidence(name="preuve.pdf", sha256="a" * 64)
    answered = desk.do(case_id, ENORA, body, None, "add_evidence")
    assert (answered.status, answered.code) == (CommandStatus.REFUSED, "wrong_step")
    bring(desk, case_id)
    assert bring(desk, case_id).status is CommandStatus.APPLIED, "the same bytes again change nothing"


@pytest.mark.parametrize("kind", ["cancel_with_audit", "carry_over"])
def test_what_the_system_does_is_not_given_by_a_person_with_a_task_of_theirs(desk: Desk, kind: str) -> None:
    case_id = opened(desk)
    forged = desk.do(case_id, ENORA, CancelWithAudit(audit_id=case_id), "propose_plan", kind)
    assert (forged.status, forged.code) == (CommandStatus.REFUSED, "not_allowed")
    assert desk.state(case_id) == "open"
