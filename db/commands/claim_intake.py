"""Enter a benefit request: checked, drawn, then cleared or put under control with its case, deadline and command.

From this commit on it cannot be lost, whether the engine is up or down.
Source: procedures, section 2 steps 1 and 2
"""

from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.case import add_deadline
from db.commands.command import Ask, already_received, key_reused, receive
from db.commands.journal import Writing, gather_line
from db.commands.keys import iban_hasher, make_case_key
from db.models import Beneficiary, Case, ClaimRow, ClaimSample, Contract, Member, Provider, StaffIban
from db.queries.calendar import calendar
from db.queries.claim_evidence import evidence
from domain.civil import local_date
from domain.claim.checks import CheckedClaim, CheckFinding, check_claim
from domain.claim.deadlines import DecisionDates, decision_deadline
from domain.claim.intake import ClaimIntake, check_intake
from domain.claim.reasons import control_reasons, may_be_drawn, number_of_links
from domain.claim.sample import Draw, draw
from domain.claim.states import ClaimState
from domain.claim.words import CareCategory, ClaimKind, ControlReason, Sensitive
from domain.people import Actor
from domain.policy import PolicyBook, PolicyVersion
from domain.refusals import FourEyes, Invalid, NumberTaken


@dataclass(frozen=True)
class Looked:
    """What was found of a request before it is kept: the checks, its lot if it drew one, why it is controlled."""

    findings: tuple[CheckFinding, ...]
    lot: Draw | None
    reasons: tuple[ControlReason, ...]
    links: int
    iban_hash: bytes


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
    today = local_date(at, version.office.zone)
    check_intake(intake, today, version.claim)
    sensitive = _check_known(session, intake, actor, book)
    looked = _look(session, intake, sensitive, actor, today, version)
    row = _claim(session, intake, looked, version, actor, at)
    row.idempotency_key = ask.key
    if looked.reasons:
        _open_case(session, row, looked, ask, actor, version)
    session.add(row)
    session.flush()
    return row


def _look(
    session: Session,
    intake: ClaimIntake,
    sensitive: Sensitive | None,
    actor: Actor,
    today: date,
    version: PolicyVersion,
) -> Looked:
    iban_hash = iban_hasher(session)(intake.iban)
    told = {name: getattr(intake, name) for name in CheckedClaim.__dataclass_fields__ if name != "iban_hash"}
    checked = CheckedClaim(**told, iban_hash=iban_hash.hex())
    findings = check_claim(evidence(session, checked, today, version), version.claim)
    lot = None
    if may_be_drawn(intake.amount_cents, sensitive, version.claim):
        seed = seed_of(session, today)
        lot = draw(seed, intake.content_hash, intake.pole, actor.login, version.claim.sample)
    drawn = lot is not None and lot.is_drawn
    reasons = control_reasons(intake.amount_cents, sensitive, drawn=drawn, findings=findings, policy=version.claim)
    links = number_of_links(intake.amount_cents, reasons, version.claim)
    return Looked(findings, lot, reasons, links, iban_hash)


def seed_of(session: Session, day: date) -> str:
    """The seed of the day's sample, made at the first need and told to nobody before the day is over."""
    session.execute(insert(ClaimSample).values(day=day, seed=token_hex(32)).on_conflict_do_nothing())
    return session.get_one(ClaimSample, day).seed


def _claim(
    session: Session, intake: ClaimIntake, looked: Looked, version: PolicyVersion, actor: Actor, at: datetime
) -> ClaimRow:
    number = session.execute(text("SELECT nextval('claim_references')")).scalar_one()
    reference = f"PRE-{intake.received_on.year}-{number:06d}"
    cleared = not looked.reasons
    return ClaimRow(
        **intake.model_dump(exclude={"number", "currency", "entered_by"}),
        id=uuid7(),
        reference=reference,
        number=intake.number or reference,
        content_hash=bytes.fromhex(intake.content_hash),
        iban_hash=looked.iban_hash,
        entered_by=actor.id,
        entered_at=at,
        state=ClaimState.PAYABLE if cleared else ClaimState.REGISTERED,
        reasons=list(looked.reasons),
        links=looked.links,
        checks=[finding.as_json() for finding in looked.findings],
        draw=looked.lot.number if looked.lot else None,
        policy=version.name,
        control_above_cents=version.claim.thresholds.control.above_cents,
        second_above_cents=version.claim.thresholds.second_controller.above_cents,
        payable_cents=intake.amount_cents if cleared else None,
        payable_at=at if cleared else None,
    )


def _open_case(session: Session, row: ClaimRow, looked: Looked, ask: Ask, actor: Actor, version: PolicyVersion) -> None:
    """The case that carries it, its deadline, its first line of the journal, and the command to carry it on."""
    case = Case(
        id=uuid7(),
        reference=row.reference,
        procedure="claim",
        state=ClaimState.REGISTERED,
        policy=version.name,
        pole=row.pole,
        received_on=row.received_on,
        opened_at=row.entered_at,
        lines=0,
    )
    row.case_id = case.id
    command_id = ask.id or uuid7()
    writing = Writing(session, case, row.entered_at, command_id, actor.id)
    dates = DecisionDates(CareCategory(row.category), ClaimKind(row.kind), row.received_on)
    add_deadline(writing, decision_deadline(dates, calendar(session), version), ())
    gather_line(writing, "ClaimRegistered", _registered(row, looked))
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    command = receive(session, case.id, ask, actor, row.entered_at)
    command.id, command.body = command_id, {}  # what arrived is kept once, on the claim itself
    session.flush()
    writing.batch.write(session)


def _registered(row: ClaimRow, looked: Looked) -> dict[str, Any]:
    """What the journal tells of the intake: nobody's number, no account."""
    return {
        "reference": row.reference,
        "category": row.category,
        "kind": row.kind,
        "amount_cents": row.amount_cents,
        "received_on": row.received_on,
        "reasons": list(looked.reasons),
        "links": looked.links,
        "checks": {finding.name: finding.result for finding in looked.findings},
        "draw": row.draw,
        "policy": row.policy,
    }


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
