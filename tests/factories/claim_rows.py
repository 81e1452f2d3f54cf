"""Claims put straight into the register, where a test needs what no command would write."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.keys import iban_hasher
from db.models import Case, ClaimApproval, ClaimDecision, ClaimRow
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
