"""Benefit requests are taken in: checked, drawn, then cleared or put under control; many at once, or one.

They are each other's earlier claims in the order of the list. From the commit on none can be lost, whether the engine
is up or down.
Source: procedures, section 2 steps 1 and 2
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from secrets import token_hex
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.batch import Batch
from db.commands.case import add_deadline
from db.commands.command import Ask, of_person
from db.commands.journal import Writing, gather_line
from db.commands.keys import iban_hasher, journal_kept_key, make_case_keys
from db.models import Case, ClaimRow, ClaimSample, CommandRow, KeptKey
from db.queries.calendar import calendar
from db.queries.claim_evidence import evidence_of
from domain.civil import local_date
from domain.claim.checks import CheckedClaim, Evidence, OtherClaim
from domain.claim.deadlines import DecisionDates, decision_deadline
from domain.claim.intake import ClaimIntake
from domain.claim.sample import draw
from domain.claim.states import ClaimState
from domain.claim.triage import Triage, triage
from domain.claim.words import CareCategory, ClaimKind, ControlReason, Sensitive
from domain.deadlines import Deadline
from domain.people import Actor
from domain.policy import PolicyVersion

COLUMNS = [column.name for column in ClaimRow.__table__.columns]


@dataclass(frozen=True)
class Request:
    """A request that can be kept: who entered it, and why its beneficiary's claims are reinforced, if they are."""

    intake: ClaimIntake
    entered_by: UUID
    login: str
    sensitive: Sensitive | None = None


@dataclass(frozen=True)
class Taking:
    """As of when requests are taken in, under which policy, and from what: somebody's ask, or a file."""

    at: datetime
    version: PolicyVersion
    actor: Actor | None = None
    ask: Ask | None = None
    import_id: UUID | None = None

    @property
    def today(self) -> date:
        """The day where the insurer is."""
        return local_date(self.at, self.version.office.zone)


@dataclass(frozen=True)
class _Looked:
    """A request with the hash of its account, and what becomes of it."""

    request: Request
    iban_hash: bytes
    triage: Triage
    reference: str
    case: Case | None


@dataclass(frozen=True)
class Kept:
    """A claim of the register: its reference, and why it is controlled."""

    reference: str
    reasons: tuple[ControlReason, ...]

    @property
    def is_controlled(self) -> bool:
        """Otherwise it is payable."""
        return bool(self.reasons)


def take_in(session: Session, requests: Sequence[Request], taking: Taking) -> list[Kept]:
    """Keep requests that were found right, all under one version of the policy; in the same order.

    Whoever calls has locked their beneficiaries: of two for the same care at once, the second sees the first.
    """
    looked = _look(session, requests, taking)
    _open_cases(session, [one for one in looked if one.case is not None], taking)
    _copy(session, [_row(one, taking) for one in looked])
    return [Kept(one.reference, one.triage.reasons) for one in looked]


def seed_of(session: Session, day: date) -> str:
    """The seed of the day's sample, made at the first need and told to nobody before the day is over."""
    session.execute(insert(ClaimSample).values(day=day, seed=token_hex(32)).on_conflict_do_nothing())
    return session.scalars(select(ClaimSample.seed).where(ClaimSample.day == day)).one()


def _look(session: Session, requests: Sequence[Request], taking: Taking) -> list[_Looked]:
    hashes = [*map(iban_hasher(session), (one.intake.iban for one in requests))]
    claims = [_checked(one.intake, account) for one, account in zip(requests, hashes, strict=True)]
    facts = evidence_of(session, claims, taking.today, taking.version)
    seed, policy = seed_of(session, taking.today), taking.version.claim
    earlier, looked = _Earlier(), []
    for request, account, known, reference in zip(requests, hashes, facts, _references(session, requests), strict=True):
        intake = request.intake
        lot = draw(seed, intake.content_hash, intake.pole, request.login, policy.sample)
        becomes = triage(earlier.joined_to(known), request.sensitive, lot, policy)
        earlier.add(known.claim, reference, becomes)
        case = None if becomes.is_cleared else _case(intake, reference, taking)
        looked.append(_Looked(request, account, becomes, reference, case))
    return looked


@dataclass
class _Earlier:
    """The claims of the same list that come before: the register does not know them yet."""

    claims: dict[tuple[str, str], list[OtherClaim]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    cents: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    def add(self, claim: CheckedClaim, reference: str, becomes: Triage) -> None:
        """One more that comes before the next."""
        same = OtherClaim(reference, claim.beneficiary_number, claim.act, claim.care_on, claim.amount_cents)
        self.claims[claim.beneficiary_number, claim.act].append(same)
        self.members[claim.iban_hash].add(claim.member_number)
        if becomes.is_cleared:
            self.cents[claim.member_number, None] += claim.amount_cents
            self.cents[claim.member_number, claim.contract_number or ""] += claim.amount_cents

    def joined_to(self, known: Evidence) -> Evidence:
        """What the register knows, and these as if they stood there."""
        claim = known.claim
        return replace(
            known,
            others=(*known.others, *self.claims.get((claim.beneficiary_number, claim.act), ())),
            iban_members=known.iban_members | self.members.get(claim.iban_hash, set()),
            consumed_cents=known.consumed_cents + self.cents[claim.member_number, claim.contract_number],
        )


def _checked(intake: ClaimIntake, account: bytes) -> CheckedClaim:
    told = {name: getattr(intake, name) for name in CheckedClaim.__dataclass_fields__ if name != "iban_hash"}
    return CheckedClaim(**told, iban_hash=account.hex())


def _references(session: Session, requests: Sequence[Request]) -> list[str]:
    drawn = text("SELECT nextval('claim_references') FROM generate_series(1, :count)")
    numbers = session.scalars(drawn, {"count": len(requests)}).all()
    pairs = zip(requests, sorted(numbers), strict=True)
    return [f"PRE-{one.intake.received_on.year}-{number:06d}" for one, number in pairs]


def _case(intake: ClaimIntake, reference: str, taking: Taking) -> Case:
    return Case(
        id=uuid7(),
        reference=reference,
        procedure="claim",
        state=ClaimState.REGISTERED,
        policy=taking.version.name,
        pole=intake.pole,
        received_on=intake.received_on,
        opened_at=taking.at,
        lines=0,
    )


def _open_cases(session: Session, controlled: Sequence[_Looked], taking: Taking) -> None:
    """The cases that carry them, each with its deadline, its first line of the journal, and the command to go on."""
    if not controlled:
        return
    batch, key, due = Batch(), journal_kept_key(session), _deadlines(session, taking.version)
    commands = []
    for one in controlled:
        assert one.case is not None
        intake = one.request.intake
        command = _command(one.case.id, taking)
        commands.append(command)
        writing = _writing(session, one.case, taking, command["id"], key, batch)
        add_deadline(writing, due(intake.category, intake.kind, intake.received_on), ())
        gather_line(writing, "ClaimRegistered", _registered(one, taking))
    cases = [one.case for one in controlled if one.case is not None]
    session.add_all(cases)
    session.flush()
    make_case_keys(session, [case.id for case in cases])
    for command in commands:
        batch.insert(CommandRow, **command)
    batch.write(session)


def _writing(session: Session, case: Case, taking: Taking, command_id: UUID, key: KeptKey, batch: Batch) -> Writing:
    actor_id = taking.actor.id if taking.actor else None
    return Writing(session, case, taking.at, command_id, actor_id, key, batch=batch)


def _command(case_id: UUID, taking: Taking) -> dict[str, Any]:
    """What arrived is kept once, on the claim itself: the command only carries it on."""
    if taking.actor is not None and taking.ask is not None:
        return of_person(case_id, taking.ask, taking.actor, taking.at) | {"body": {}}
    return {"id": uuid7(), "case_id": case_id, "kind": "register", "body": {}, "at": taking.at}


def _deadlines(session: Session, version: PolicyVersion) -> Any:
    """By when a claim is decided, counted once for all that arrived on one day."""
    days = calendar(session)

    @cache
    def due(category: CareCategory, kind: ClaimKind, received_on: date) -> Deadline:
        return decision_deadline(DecisionDates(category, kind, received_on), days, version)

    return due


def _registered(one: _Looked, taking: Taking) -> dict[str, Any]:
    """What the journal tells of the intake: nobody's number, no account."""
    intake, becomes = one.request.intake, one.triage
    return {
        "reference": one.reference,
        "category": intake.category,
        "kind": intake.kind,
        "amount_cents": intake.amount_cents,
        "received_on": intake.received_on,
        "reasons": list(becomes.reasons),
        "links": becomes.links,
        "checks": {finding.name: finding.result for finding in becomes.findings},
        "draw": becomes.lot.number if becomes.lot else None,
        "policy": taking.version.name,
    } | ({"import_id": taking.import_id} if taking.import_id else {})


def _row(one: _Looked, taking: Taking) -> dict[str, Any]:
    intake, becomes, limits = one.request.intake, one.triage, taking.version.claim.thresholds
    payable = {"payable_cents": intake.amount_cents, "payable_at": taking.at} if becomes.is_cleared else {}
    return {
        **{name: getattr(intake, name) for name in COLUMNS if name in ClaimIntake.model_fields},
        "id": uuid7(),
        "reference": one.reference,
        "number": intake.number or one.reference,
        "content_hash": bytes.fromhex(intake.content_hash),
        "iban_hash": one.iban_hash,
        "entered_by": one.request.entered_by,
        "entered_at": taking.at,
        "import_id": taking.import_id,
        "case_id": one.case.id if one.case else None,
        "state": ClaimState.PAYABLE if becomes.is_cleared else ClaimState.REGISTERED,
        "reasons": [str(reason) for reason in becomes.reasons],
        "links": becomes.links,
        "checks": to_json([finding.as_json() for finding in becomes.findings]).decode(),
        "draw": becomes.lot.number if becomes.lot else None,
        "policy": taking.version.name,
        "control_above_cents": limits.control.above_cents,
        "second_above_cents": limits.second_controller.above_cents,
        "idempotency_key": taking.ask.key if taking.ask else None,
        **payable,
    }


def _copy(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """The driver's own stream into the table: its triggers and rules hold as for any other way.

    Raises IntegrityError where a rule of the database is against it, as any other statement does.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY claims ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row.get(name) for name in COLUMNS])
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError("COPY claims", None, error, hide_parameters=True) from None
