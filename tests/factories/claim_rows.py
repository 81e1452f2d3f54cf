"""Claims put straight into the register, where a test needs what no command would write."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.keys import iban_hasher
from db.models import Case, ClaimApproval, ClaimDecision, ClaimRow, Member
from domain.claim.words import CareCategory
from local.demo_staff import person_id
from tests.factories.insured import PROVIDERS, provide
from tests.factories.reference import an_iban

HASH = "0" * 64


def a_claim_case_row(session: Session, reference: str, at: datetime, **changes: Any) -> UUID:
    """A claim of 6,000 € under control, for two controllers; its case."""
    provide(session)
    day, iban = at.date(), an_iban(42)
    facts = {"procedure": "claim", "state": "in_control", "policy": "procedure-2", "pole": "benefits"} | changes
    case = Case(id=uuid7(), reference=reference, received_on=day, opened_at=at, **facts)
    session.add(case)
    session.flush()
    session.add(
        ClaimRow(
            id=uuid7(),
            reference=reference,
            number=reference,
            content_hash=b"",
            member_number="M0000042",
            beneficiary_number="M0000042",
            category="hearing",
            kind="reimbursement",
            act=reference,
            care_on=day - timedelta(days=7),
            provider_number=PROVIDERS[CareCategory.HEARING],
            amount_cents=600_000,
            iban=iban,
            iban_hash=iban_hasher(session)(iban),
            entered_by=person_id("malo.quere"),
            entered_at=at,
            pole="benefits",
            received_on=day,
            case_id=case.id,
            state=case.state,
            reasons=["threshold"],
            links=2,
            checks=[],
            policy="procedure-2",
            control_above_cents=100_000,
            second_above_cents=500_000,
        )
    )
    session.flush()
    return case.id


def add_a_decision(session: Session, case_id: UUID, author: UUID, at: datetime) -> None:
    """The first controller has refused the claim."""
    session.add(
        ClaimDecision(
            case_id=case_id,
            version=1,
            hash=HASH,
            decision="refuse",
            amount_cents=0,
            reason="Le plafond annuel de votre garantie est atteint.",
            checklist=[],
            checklist_version="hearing-1",
            iban_hash=b"",
            author_id=author,
            at=at,
        )
    )
    session.flush()
    session.add(ClaimApproval(case_id=case_id, version=1, person_id=author, link=1, decision_hash=HASH, at=at))
    session.flush()


def a_claim_row(session: Session, reference: str, at: datetime, *, controlled: bool = True) -> ClaimRow:
    """A claim of a member of its own: of 1,500 € with its first controller, or of 45 € that is cleared."""
    provide(session)
    number = f"X{reference.rpartition('-')[2]}"
    session.add(Member(number=number, name="Mme Rozenn Nedelec", email="r@boite.example", address=[], language="fr"))
    session.flush()
    facts = {"procedure": "claim", "state": "in_control", "policy": "procedure-2", "pole": "benefits"}
    case = Case(id=uuid7(), reference=reference, received_on=at.date(), opened_at=at, **facts)
    if controlled:
        session.add(case)
        session.flush()
    cents = 150_000 if controlled else 4_500
    row = ClaimRow(
        id=uuid7(),
        reference=reference,
        number=reference,
        content_hash=b"",
        member_number=number,
        beneficiary_number=number,
        category="hearing",
        kind="reimbursement",
        act="APPAREIL",
        care_on=at.date(),
        provider_number=PROVIDERS[CareCategory.HEARING],
        amount_cents=cents,
        iban=an_iban(1),
        iban_hash=reference.encode(),
        entered_by=person_id("malo.quere"),
        entered_at=at,
        pole="benefits",
        received_on=at.date(),
        case_id=case.id if controlled else None,
        state="in_control" if controlled else "payable",
        reasons=["threshold"] if controlled else [],
        links=1 if controlled else 0,
        checks=[],
        policy="procedure-2",
        control_above_cents=100_000,
        second_above_cents=500_000,
        payable_cents=None if controlled else cents,
        payable_at=None if controlled else at,
    )
    session.add(row)
    session.flush()
    return row
