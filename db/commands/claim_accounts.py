"""An account has changed: every claim under control that would be paid to it learns of it, by a command of its own.

Source: procedures, section 2 step 3 (whoever changed the IBAN neither controls nor releases)
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.commands.command import receive_from_machine
from db.models import Case, ClaimRow
from domain.claim.words import ReopeningReason
from domain.commands import MachineCommand


def tell_of_new_accounts(
    session: Session, members: Iterable[str] | Select[str | None], at: datetime, change_id: UUID
) -> None:
    """These members are paid elsewhere from now on: what was decided for the old account is decided anew."""
    concerned = select(ClaimRow.case_id).join(Case, Case.id == ClaimRow.case_id)
    of_members = ClaimRow.member_number.in_(members if isinstance(members, Select) else list(members))
    for case_id in session.scalars(concerned.where(of_members, Case.ended_at.is_(None)).order_by(Case.id)).all():
        assert case_id is not None
        body = {"reason": ReopeningReason.IBAN_CHANGED.value}
        receive_from_machine(session, MachineCommand(case_id, "reopen", at, f"iban:{change_id}", body))
