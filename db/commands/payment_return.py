"""Claims that needed no control and cannot be paid as they are: each becomes a case, so that somebody looks at it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.journal import Writing, add_line
from db.commands.keys import make_case_key
from db.models import Case, ClaimRow

WHY = "check"
"""The reason of control that a claim bears from then on: the bank, or its account, has said stop. One controls it."""


def give_cases(session: Session, claim_ids: Iterable[UUID], at: datetime) -> None:
    """Open the case of each of these that has none, at the step where the claim stands; what reopens it comes next."""
    wanted = select(ClaimRow).where(ClaimRow.id.in_(list(claim_ids)), ClaimRow.case_id.is_(None)).with_for_update()
    for claim in session.scalars(wanted.execution_options(populate_existing=True)).all():
        case = Case(
            id=uuid7(),
            reference=claim.reference,
            procedure="claim",
            state=claim.state,
            policy=claim.policy,
            pole=claim.pole,
            received_on=claim.received_on,
            opened_at=at,
            lines=0,
        )
        session.add(case)
        session.flush()
        make_case_key(session, case.id)
        claim.case_id, claim.reasons, claim.links = case.id, [WHY], 1
        add_line(Writing(session, case, at, None, None), "ClaimReturned", {"reasons": [WHY], "links": 1})
        session.flush()
