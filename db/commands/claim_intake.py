"""Enter a benefit request: checked, drawn, then cleared or put under control with its case, deadline and command.

From this commit on it cannot be lost, whether the engine is up or down.
Source: procedures, section 2 steps 1 and 2
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.commands.claim_lines import Request, Taking, take_in
from db.commands.command import Ask, already_received, key_reused
from db.models import Beneficiary, ClaimRow, Contract, Member, Provider, StaffIban
from domain.civil import local_date
from domain.claim.intake import ClaimIntake, check_intake
from domain.claim.words import Sensitive
from domain.people import Actor
from domain.policy import PolicyBook
from domain.refusals import FourEyes, Invalid, NumberTaken


def known_claim(session: Session, intake: ClaimIntake, ask: Ask, actor: Actor) -> ClaimRow | None:
    """The claim that this very request has made before, by the same key or under the same number.

    Raises KeyReused or NumberTaken when the key or the number stood for something else.
    """
    row = session.scalar(select(ClaimRow).where(ClaimRow.entered_by == actor.id, ClaimRow.idempotency_key == ask.key))
    if row is not None:
        if row.content_hash != bytes.fromhex(intake.content_hash):
            raise key_reused()
        return row
    already_received(session, actor, ask)  # a key that named another command of this person's is no key of a claim
    return _under_its_number(session, intake)


def _under_its_number(session: Session, intake: ClaimIntake) -> ClaimRow | None:
    if intake.number is None:
        return None
    row = session.scalar(select(ClaimRow).where(ClaimRow.number == intake.number))
    if row is not None and row.content_hash != bytes.fromhex(intake.content_hash):
        raise NumberTaken(
            "Another benefit request has this number.",
            "Send the very same request to find that one again; give a new request a number of its own.",
            field="number",
        )
    return row


def register_claim(
    session: Session, intake: ClaimIntake, ask: Ask, actor: Actor, at: datetime, book: PolicyBook
) -> ClaimRow:
    """Check what arrived, then keep it. Raises Invalid, naming the field, the rule and the remedy; FourEyes."""
    version = book.in_force_on(intake.received_on)
    check_intake(intake, local_date(at, version.office.zone), version.claim)
    sensitive = _check_known(session, intake, actor, book)
    request = Request(intake, actor.id, actor.login, sensitive)
    (kept,) = take_in(session, [request], Taking(at, version, actor, ask))
    return session.scalars(select(ClaimRow).where(ClaimRow.reference == kept.reference)).one()


def _check_known(session: Session, intake: ClaimIntake, actor: Actor, book: PolicyBook) -> Sensitive | None:
    """Everything that the request names is in the register; why its beneficiary's claims are reinforced, if they are.

    The beneficiary stays locked to the end: of two requests for the same care at once, the second sees the first.
    """
    if intake.entered_by not in (None, actor.login):
        raise Invalid("Whoever enters a request is the one who sends it.", "Leave entered_by out.", field="entered_by")
    if intake.pole not in {pole.id for pole in book.insurer.poles}:
        known = ", ".join(sorted(pole.id for pole in book.insurer.poles))
        raise Invalid(f"The policy knows no pole {intake.pole}.", f"Take one of: {known}.", field="pole")
    if session.get(Member, intake.member_number) is None:
        raise Invalid(
            "The register knows no member with this number.",
            "Check the number; what is new arrives with the next import of reference data.",
            field="member_number",
        )
    beneficiary = session.scalar(
        select(Beneficiary).where(Beneficiary.number == intake.beneficiary_number).with_for_update(key_share=True)
    )
    if beneficiary is None or beneficiary.member_number != intake.member_number:
        raise Invalid(
            "The register knows no beneficiary of this member with this number.",
            "Check the number; what is new arrives with the next import of reference data.",
            field="beneficiary_number",
        )
    _check_contract(session, intake)
    if session.get(Provider, intake.provider_number) is None:
        raise Invalid(
            "The register knows no provider with this number.",
            "Check the number; what is new arrives with the next import of reference data.",
            field="provider_number",
        )
    _check_is_somebody_elses(session, intake, actor)
    return Sensitive(beneficiary.sensitive) if beneficiary.sensitive else None


def _check_contract(session: Session, intake: ClaimIntake) -> None:
    if intake.contract_number is None:
        return
    contract = session.get(Contract, intake.contract_number)
    if contract is None or contract.member_number != intake.member_number:
        raise Invalid(
            "The register knows no contract of this member with this number.",
            "Check the number; what is new arrives with the next import of reference data.",
            field="contract_number",
        )


def _check_is_somebody_elses(session: Session, intake: ClaimIntake, actor: Actor) -> None:
    """Nobody enters a claim of their own: they would learn what the checks say of it."""
    own = select(StaffIban.member_number).where(StaffIban.staff_id == actor.id)
    if {intake.member_number, intake.beneficiary_number} & set(session.scalars(own)):
        raise FourEyes(
            "Nobody enters a benefit request of which they are the member or the beneficiary.",
            "Ask a colleague to enter it.",
        )


def command_of(session: Session, row: ClaimRow) -> UUID:
    """The command that carries a controlled claim on from its intake."""
    found = session.execute(
        text("SELECT id FROM commands WHERE case_id = :case_id AND kind = 'register'"), {"case_id": row.case_id}
    )
    command_id: UUID = found.scalar_one()
    return command_id
