"""The checks of a claim as they stand: those of its intake, but on the account that is in force by now.

Source: procedures, section 2 step 2
"""

from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from db.models import ClaimRow, MemberIban
from db.queries.claim_evidence import evidence_of
from domain.claim.checks import CheckedClaim, CheckFinding, check_claim
from domain.claim.words import CheckName
from domain.policy import PolicyVersion

PAID_ELSEWHERE: ColumnElement[bool] = and_(
    MemberIban.iban_hash != ClaimRow.iban_hash, MemberIban.from_at > ClaimRow.entered_at
)
"""Since the claim was entered, its member has got another account."""


def standing_checks(session: Session, claim: ClaimRow, version: PolicyVersion) -> tuple[CheckFinding, ...]:
    """What every check says. Those of the account are taken anew where the member has got another one since: whoever
    decides has to answer for the account that is paid.
    """
    at_intake = tuple(CheckFinding.from_json(one) for one in claim.checks)
    account = session.scalar(
        select(MemberIban)
        .join(ClaimRow, ClaimRow.member_number == MemberIban.member_number)
        .where(ClaimRow.id == claim.id, MemberIban.until_at.is_(None), PAID_ELSEWHERE)
    )
    if account is None:
        return at_intake
    anew = _checked_on(session, claim, account, version)
    return tuple(anew[one.name] if one.name in CheckName.of_the_account() else one for one in at_intake)


def _checked_on(
    session: Session, claim: ClaimRow, account: MemberIban, version: PolicyVersion
) -> dict[CheckName, CheckFinding]:
    """All checks as of the day on which the account became the member's."""
    checked = CheckedClaim(
        member_number=claim.member_number,
        beneficiary_number=claim.beneficiary_number,
        contract_number=claim.contract_number,
        act=claim.act,
        care_on=claim.care_on,
        amount_cents=claim.amount_cents,
        iban=account.iban,
        iban_hash=account.iban_hash.hex(),
    )
    changed_on = account.from_at.astimezone(ZoneInfo(version.office.zone)).date()
    (evidence,) = evidence_of(session, [checked], changed_on, version)
    return {one.name: one for one in check_claim(evidence, version.claim)}
