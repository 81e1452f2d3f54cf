"""What must hold of money after whatever a house went through: nothing is paid twice, nothing is lost, to the cent.

Counted from the bank files themselves, as they lie in the folder and with the bank, against the register's decisions.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from lxml import etree
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bank.credit_transfer import check_schema
from db.models import (
    Case,
    ClaimApproval,
    ClaimDecision,
    ClaimRow,
    DocumentRequest,
    InstructionRow,
    MemberIban,
    PaymentRow,
    ReleaseRow,
)
from domain.claim.states import ClaimState
from domain.payment.states import PaymentState
from tests.factories.typed_payments import own_tables_only, type_an_order
from tests.faults.people import Seen

NEEDED_RELEASES = 2
_AWAITING = ClaimState.AWAITING_DOCUMENTS
_LIVING = {"instructed", "paid"}
_AT_BANK = {PaymentState.HANDED_OVER, PaymentState.SETTLED, PaymentState.RETURNED}


@dataclass(frozen=True)
class Transfer:
    """A line of a bank file, as the bank reads it."""

    end_to_end_id: str
    cents: int
    iban: str


@dataclass(frozen=True)
class BankFile:
    """A file that was laid for the bank, wherever it lies now."""

    path: Path

    @cached_property
    def content(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()

    @cached_property
    def transfers(self) -> tuple[Transfer, ...]:
        """Its lines. Raises UnfitForBank when it is not what a bank accepts."""
        root = etree.fromstring(self.content)
        check_schema(root)
        lines = root.iterfind("{*}CstmrCdtTrfInitn/{*}PmtInf/{*}CdtTrfTxInf")
        return tuple(
            Transfer(
                str(line.findtext("{*}PmtId/{*}EndToEndId")),
                int(Decimal(str(line.findtext("{*}Amt/{*}InstdAmt"))) * 100),
                str(line.findtext("{*}CdtrAcct/{*}Id/{*}IBAN")),
            )
            for line in lines
        )


@dataclass(frozen=True)
class Money:
    """The register, the bank's folder, and what people have seen accepted."""

    session: Session
    folder: Path
    seen: Seen

    @cached_property
    def files(self) -> list[BankFile]:
        """All that was laid: what the bank has taken away, and what it has not."""
        return [BankFile(path) for name in ("outgoing", "taken") for path in sorted((self.folder / name).glob("*"))]

    @cached_property
    def claims(self) -> dict[UUID, ClaimRow]:
        """Every claim."""
        return {claim.id: claim for claim in self.session.scalars(select(ClaimRow))}

    @cached_property
    def instructions(self) -> list[InstructionRow]:
        """Every order to pay, in the order in which they were given."""
        return list(self.session.scalars(select(InstructionRow).order_by(InstructionRow.instructed_at)))

    @cached_property
    def decisions(self) -> dict[UUID, ClaimDecision]:
        """The decision that counts, for each case."""
        rows = self.session.scalars(select(ClaimDecision).order_by(ClaimDecision.version))
        return {row.case_id: row for row in rows}

    @cached_property
    def approvers(self) -> dict[tuple[UUID, int], set[UUID]]:
        """Who stands for each version of a decision."""
        found: dict[tuple[UUID, int], set[UUID]] = defaultdict(set)
        for row in self.session.scalars(select(ClaimApproval)):
            found[row.case_id, row.version].add(row.person_id)
        return found


def broken_promises_on_money(session: Session, folder: Path, seen: Seen) -> Iterator[str]:
    """What does not hold of the money."""
    money = Money(session, folder, seen)
    for look in LOOKS:
        yield from look(money)


def under_way(session: Session, may_wait: Set[str]) -> list[str]:
    """What somebody still controls or pays: each claim that has not ended, unless it is one of the acts that may wait
    for documents for ever; each batch that has not ended.
    """
    claims = session.execute(select(ClaimRow.reference, ClaimRow.state, ClaimRow.act)).all()
    ended = {(one.reference, one.state) for one in claims if one.state in ClaimState.ended()}
    waits = {(one.reference, one.state) for one in claims if one.act in may_wait and one.state == _AWAITING}
    batches = session.execute(select(Case.reference, Case.state).where(Case.procedure == "payment")).all()
    settled = {(one.reference, one.state) for one in batches if one.state in PaymentState.ended()}
    all_of_them = {(one.reference, one.state) for one in (*claims, *batches)}
    return [f"{reference} is {state}" for reference, state in sorted(all_of_them - ended - waits - settled)]


def _intakes(money: Money) -> Iterator[str]:
    """Each accepted claim is one claim, and there is no other."""
    entered = [claim for claim in money.claims.values() if claim.import_id is None]
    kept = Counter((str(claim.idempotency_key), claim.reference) for claim in entered)
    if kept != Counter(money.seen.claims.items()):
        yield f"accepted and kept claims differ: {sorted(set(kept) ^ set(money.seen.claims.items()))}"
    filed = Counter(claim.act for claim in money.claims.values() if claim.import_id is not None)
    if filed != Counter(money.seen.filed):
        yield f"the day's file and what is kept of it differ: {sorted(set(filed) ^ money.seen.filed)}"


def _ends(money: Money) -> Iterator[str]:
    """Each claim has ended, or waits for documents that somebody has asked for; case and claim say the same."""
    asked = set(money.session.scalars(select(DocumentRequest.case_id).where(DocumentRequest.ended_at.is_(None))))
    states = {case.id: case.state for case in money.session.scalars(select(Case).where(Case.procedure == "claim"))}
    for claim in money.claims.values():
        waits = claim.state == _AWAITING and claim.case_id in asked
        if claim.state not in ClaimState.ended() and not waits:
            yield f"{claim.reference} is {claim.state}, and waits for nothing that has a name"
        if claim.case_id is not None and states[claim.case_id] != claim.state:
            yield f"{claim.reference} is {claim.state}, and its case {states[claim.case_id]}"


def _files(money: Money) -> Iterator[str]:
    """Each file belongs to one released batch, has its hash, and was laid once; each batch at the bank has its file."""
    rows = money.session.execute(select(PaymentRow, Case.state).join(Case, Case.id == PaymentRow.case_id)).all()
    laid = Counter(file.path.name for file in money.files)
    states = {f"{payment.message_id}.xml": (payment, PaymentState(state)) for payment, state in rows}
    yield from (f"{name} was laid {times} times" for name, times in laid.items() if times > 1)
    yield from (f"{name} is of no batch" for name in set(laid) - set(states))
    for name, (payment, state) in states.items():
        if (name in laid) != (state in _AT_BANK) or (payment.handed_over_at is not None) != (state in _AT_BANK):
            yield f"{name} is {state}, laid {laid[name]} times, handed over at {payment.handed_over_at}"
    for file in money.files:
        known = states.get(file.path.name)
        if known and sha256(file.content).hexdigest() != known[0].file_sha256:
            yield f"{file.path.name} is not the file that was released"
    ready = [path.name for path in (money.folder / "ready").glob("*.xml")]
    yield from (f"{name} was made ready and never laid" for name in ready)


def _lines(money: Money) -> Iterator[str]:
    """What stands in the files is what the register has ordered, line by line: id, cents, account."""
    at_bank = select(PaymentRow.case_id).where(PaymentRow.handed_over_at.is_not(None))
    handed_over = set(money.session.scalars(at_bank))
    ordered = {
        (row.end_to_end_id, row.amount_cents, row.iban) for row in money.instructions if row.payment_id in handed_over
    }
    told = [(one.end_to_end_id, one.cents, one.iban) for file in money.files for one in file.transfers]
    if len(told) != len(ordered) or set(told) != ordered:
        yield f"files and register differ: {sorted(set(told) ^ ordered)}, {len(told)} lines for {len(ordered)}"


def _cents(money: Money) -> Iterator[str]:
    """For each claim, what the files pay and nobody has taken back is what was decided, or cleared: to the cent."""
    lines = {row.end_to_end_id: row for row in money.instructions}
    paid: Counter[UUID] = Counter()
    for file in money.files:
        for one in file.transfers:
            row = lines.get(one.end_to_end_id)
            if row is not None and row.status in _LIVING:
                paid[row.claim_id] += one.cents
    owed = Counter({claim.id: _owed(money, claim) for claim in money.claims.values()})
    for claim in money.claims.values():
        if paid[claim.id] != owed[claim.id]:
            yield f"{claim.reference} ({claim.state}): {paid[claim.id]} cents in the files, {owed[claim.id]} are owed"
    if paid.total() != owed.total():
        yield f"{paid.total()} cents in the files, {owed.total()} were decided or cleared"


def _owed(money: Money, claim: ClaimRow) -> int:
    """What the claim is to be paid: as decided by all who have to, or as asked where nobody has to."""
    if claim.case_id is None:
        return claim.amount_cents
    decision = money.decisions.get(claim.case_id)
    return decision.amount_cents if decision is not None and claim.state == ClaimState.PAID else 0


def _controls(money: Money) -> Iterator[str]:
    """What is paid and was to be controlled has the decision of as many people as it takes, and of nobody involved."""
    for claim in money.claims.values():
        if claim.amount_cents > claim.control_above_cents and claim.case_id is None:
            yield f"{claim.reference} is above the threshold, and nobody controls it"
        if claim.case_id is None or claim.state != ClaimState.PAID:
            continue
        decision = money.decisions[claim.case_id]
        stand_for_it = money.approvers[claim.case_id, decision.version] - {claim.entered_by}
        if len(stand_for_it) < claim.links or decision.decision == "refuse":
            yield f"{claim.reference} is paid: {decision.decision} by {len(stand_for_it)} of {claim.links}"


def _one_living(money: Money) -> Iterator[str]:
    """A claim has one order at most that is neither rejected nor withdrawn, and a paid one has it."""
    living = Counter(row.claim_id for row in money.instructions if row.status in _LIVING)
    for claim in money.claims.values():
        wanted = 1 if claim.state == ClaimState.PAID else 0
        if living[claim.id] != wanted:
            yield f"{claim.reference} is {claim.state} and has {living[claim.id]} living orders"


def _releases(money: Money) -> Iterator[str]:
    """Two people have released what was handed over, for its very hash; neither had a hand in it or in a line of it."""
    released: dict[UUID, list[ReleaseRow]] = defaultdict(list)
    for row in money.session.scalars(select(ReleaseRow)):
        released[row.payment_id].append(row)
    for payment in money.session.scalars(select(PaymentRow).where(PaymentRow.handed_over_at.is_not(None))):
        people = {row.person_id for row in released[payment.case_id] if row.file_sha256 == payment.file_sha256}
        if len(people) != NEEDED_RELEASES:
            yield f"{payment.message_id} was released by {len(people)}"
        if people & _involved(money, payment):
            yield f"{payment.message_id} was released by somebody who had a hand in it"


def _involved(money: Money, payment: PaymentRow) -> set[UUID]:
    """Who built the batch, entered or controlled one of its claims, or changed the account that it is paid to."""
    lines = [row for row in money.instructions if row.payment_id == payment.case_id]
    claims = [money.claims[row.claim_id] for row in lines]
    cases = {claim.case_id for claim in claims}
    controllers = {person for (case, _), some in money.approvers.items() if case in cases for person in some}
    accounts = {row.iban_hash for row in lines}
    changed = money.session.scalars(select(MemberIban).where(MemberIban.iban_hash.in_(accounts)))
    changers = {row.changed_by for row in changed if row.changed_by is not None}
    return {payment.built_by, *(claim.entered_by for claim in claims)} | controllers | changers


def _unapproved(money: Money) -> Iterator[str]:
    """Whoever owns the tables cannot put an unapproved claim above the threshold into a batch: it is tried."""
    above = [
        claim
        for claim in money.claims.values()
        if claim.state == _AWAITING and claim.amount_cents > claim.control_above_cents
    ]
    for claim in above:
        try:
            with money.session.begin_nested():
                own_tables_only(money.session.connection())
                type_an_order(money.session.connection(), claim.id, cents=claim.amount_cents)
        except IntegrityError as error:
            if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != "claim_may_leave":
                yield f"{claim.reference} was kept out of a batch for another reason: {error.orig}"
        else:
            yield f"{claim.reference} is above the threshold, unapproved, and in a batch"


LOOKS: tuple[Callable[[Money], Iterator[str]], ...] = (
    *(_intakes, _ends, _files, _lines, _cents, _controls, _one_living, _releases, _unapproved),
)
