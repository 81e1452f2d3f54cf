"""Claims that are to be paid, put straight into the register, and what people do with their batches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from uuid_utils.compat import uuid7

from db.commands.command import Ask
from db.commands.payment_batch import Built, build_batch
from db.commands.payment_report import keep_report
from db.models import (
    Case,
    ClaimApproval,
    ClaimDecision,
    ClaimRow,
    CommandRow,
    InstructionRow,
    MemberIban,
    PaymentRow,
)
from db.queries.payment import bank_file
from db.session import Sessions
from domain.claim.words import CareCategory
from domain.commands import CommandRef, CommandStatus, Outcome
from domain.payment.commands import (
    Build,
    Conclude,
    ConfirmAnswer,
    ReadStatusReport,
    Refuse,
    Release,
    SetAsideAnswer,
    Stop,
)
from domain.payment.words import BankDid
from local.demo_staff import person_id
from tests.factories.complaints import ACCOUNTANT, AUTHOR, EXPERT, NOON, OPERATIONS, REFERENT, TODAY
from tests.factories.insured import PROVIDERS, provide
from tests.factories.register import Desk, open_desk

BUILDER, FIRST, SECOND = ACCOUNTANT, "ronan.postec", OPERATIONS
IBANS = (
    "FR1420041010050500013M02606",
    "FR7630006000011234567890189",
    "DE89370400440532013000",
    "BE68539007547034",
    "NL91ABNA0417164300",
    "ES9121000418450200051332",
)
ASKED = (
    "SELECT detail ->> 'answer_id' FROM tasks WHERE case_id = :id AND kind = 'confirm_answer' AND closed_at IS NULL "
    "ORDER BY id"
)
"""What the bank is said to have answered, and nobody else has confirmed yet."""
MEMBERS = tuple(f"M{number:07d}" for number in range(42, 48))


def hash_of(iban: str) -> bytes:
    """What stands in for the register's keyed hash."""
    return sha256(iban.encode()).digest()


def claim_facts(reference: str, cents: int, at: datetime, account: MemberIban) -> dict[str, Any]:
    """A claim of this member that needed no control, and is to be paid."""
    return {
        "id": uuid7(),
        "reference": reference,
        "number": reference,
        "content_hash": b"",
        "member_number": account.member_number,
        "beneficiary_number": account.member_number,
        "category": "optical",
        "kind": "reimbursement",
        "act": reference,
        "care_on": at.date(),
        "provider_number": PROVIDERS[CareCategory.OPTICAL],
        "state": "payable",
        "control_above_cents": 100_000,
        "second_above_cents": 500_000,
        "amount_cents": cents,
        "iban": account.iban,
        "iban_hash": account.iban_hash,
        "entered_by": person_id(AUTHOR),
        "entered_at": at,
        "pole": "benefits",
        "received_on": at.date(),
        "reasons": [],
        "links": 0,
        "checks": [],
        "policy": "procedure-2",
        "payable_cents": cents,
        "payable_at": at,
    }


def account_row(member: str, iban: str, at: datetime, by: str | None = None) -> MemberIban:
    """The account that a member is paid on from an instant on."""
    return MemberIban(
        id=uuid7(),
        member_number=member,
        iban=iban,
        iban_hash=hash_of(iban),
        from_at=at,
        changed_by=person_id(by) if by else None,
        changed_through="staff" if by else "member",
    )


@dataclass
class Cashier(Desk):
    """A desk that pays. Each member here has an account; `numbers` count the claims."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def open_accounts(self) -> None:
        """Every member has an account of their own, changed by nobody of the staff."""
        with self.sessions.begin() as session:
            provide(session)
            session.execute(delete(MemberIban).where(MemberIban.member_number.in_(MEMBERS)))
        for member, iban in zip(MEMBERS, IBANS, strict=True):
            self.change_account(member, iban)

    def change_account(self, member: str, iban: str, by: str | None = None) -> None:
        """The member is paid elsewhere from now on."""
        with self.sessions.begin() as session:
            current = select(MemberIban).where(MemberIban.member_number == member, MemberIban.until_at.is_(None))
            known = session.scalar(current)
            at = NOON - timedelta(days=90) if known is None else self.at
            if known is not None:
                known.until_at = at
                session.flush()
            session.add(account_row(member, iban, at, by))

    def claim(
        self,
        cents: int = 5_000,
        *,
        controllers: Sequence[str] = (),
        entered_by: str = AUTHOR,
        member: str = MEMBERS[0],
        **changes: Any,
    ) -> UUID:
        """A claim that is to be paid; with controllers, it is a case that they have decided on, in this order."""
        reference = f"PRE-2026-{next(self.numbers):06d}"
        with self.sessions.begin() as session:
            current = select(MemberIban).where(MemberIban.member_number == member, MemberIban.until_at.is_(None))
            facts = claim_facts(reference, cents, self.at, session.scalars(current).one())
            facts |= {"entered_by": person_id(entered_by)} | changes
            if controllers:
                facts |= {"links": len(controllers), "reasons": ["threshold"]} | changes
                facts["case_id"] = self._control(session, facts, controllers)
            session.add(ClaimRow(**facts))
            wanted: UUID = facts["id"]
            return wanted

    def _control(self, session: Any, facts: dict[str, Any], controllers: Sequence[str]) -> UUID:
        case = Case(
            id=uuid7(),
            reference=facts["reference"],
            procedure="claim",
            state="payable",
            policy="procedure-2",
            pole="benefits",
            received_on=TODAY,
            opened_at=self.at,
        )
        session.add(case)
        session.flush()
        self._decide(session, case.id, 1, facts["payable_cents"], facts["iban_hash"], controllers)
        return case.id

    def _decide(
        self, session: Any, case_id: UUID, version: int, cents: int, iban_hash: bytes, controllers: Sequence[str]
    ) -> None:
        told = f"{version:064x}"
        session.add(
            ClaimDecision(
                case_id=case_id,
                version=version,
                hash=told,
                decision="pay",
                amount_cents=cents,
                checklist=[],
                checklist_version="optical-1",
                iban_hash=iban_hash,
                author_id=person_id(controllers[0]),
                at=self.at,
            )
        )
        session.flush()
        for link, login in enumerate(controllers, start=1):
            session.add(
                ClaimApproval(
                    case_id=case_id,
                    version=version,
                    person_id=person_id(login),
                    link=link,
                    decision_hash=told,
                    at=self.at,
                )
            )
            session.flush()

    def decide_again(self, claim_id: UUID, version: int, *controllers: str) -> None:
        """The claim, sent back to control, is decided anew for its member's account of today, and payable again."""
        with self.sessions.begin() as session:
            claim = session.get_one(ClaimRow, claim_id)
            case = session.get_one(Case, claim.case_id)
            account = session.scalars(
                select(MemberIban).where(MemberIban.member_number == claim.member_number, MemberIban.until_at.is_(None))
            ).one()
            self._decide(session, case.id, version, claim.amount_cents, account.iban_hash, controllers)
            claim.payable_cents, claim.payable_at = claim.amount_cents, self.at
            session.flush()
            case.state = "payable"

    def build(self, login: str = BUILDER, on: date = TODAY, at_most: int = 10_000) -> Built:
        """Build a batch of what may leave, and ask its first releaser."""
        built = self.build_only(login, on, at_most)
        if built.case is not None:
            with self.sessions() as session:
                command = session.scalars(
                    select(CommandRow).where(CommandRow.case_id == built.case.id, CommandRow.kind == "register")
                ).one()
            assert self.settle(CommandRef(command.id, built.case.id, "register")).status is CommandStatus.APPLIED
        return built

    def build_only(self, login: str = BUILDER, on: date = TODAY, at_most: int = 10_000) -> Built:
        """Build a batch; nobody is asked yet."""
        form = Build(executes_on=on, at_most=at_most)
        ask = Ask("register", form.model_dump(mode="json"), f"key {next(self.keys)}")
        with self.sessions.begin() as session:
            return build_batch(session, form, ask, self.actor(login), self.at, self.book)

    def a_batch(self, **how: Any) -> UUID:
        """A batch of everything that may leave; there is something."""
        built = self.build(**how)
        assert built.case is not None
        return built.case.id

    def release(self, payment_id: UUID, login: str, file_sha256: str | None = None) -> Outcome[Any]:
        """Somebody releases the file, the very one unless said otherwise."""
        wanted = file_sha256 or self.payment(payment_id).file_sha256
        return self.do(payment_id, login, Release(file_sha256=wanted), "release")

    def refuse(self, payment_id: UUID, login: str = FIRST) -> Outcome[Any]:
        """A releaser cancels the batch."""
        return self.do(payment_id, login, Refuse(reason="Un bénéficiaire manque."), "release")

    def hand_over(self, payment_id: UUID) -> bytes:
        """Its claims learn of it, two release it, the file lies in the bank's folder; the file."""
        self.deliver()
        for login in (FIRST, SECOND):
            assert self.release(payment_id, login).status is CommandStatus.APPLIED
        assert self.settle(self.machine(payment_id, "record_bank_handover")).status is CommandStatus.APPLIED
        with self.sessions() as session:
            return bank_file(session, payment_id)[1]

    def read(self, payment_id: UUID, report: bytes) -> Outcome[Any]:
        """The bank's report is sent to us by one and, where it rejects anything, confirmed by another."""
        given = self.send_report(payment_id, report)
        asked = self.sql(ASKED, id=payment_id) if given.status is CommandStatus.APPLIED else []
        return self.confirm(payment_id, UUID(asked[-1][0])) if asked else given

    def confirm(self, payment_id: UUID, answer_id: UUID, login: str = FIRST) -> Outcome[Any]:
        """A second person of accounting stands for it."""
        return self.do(payment_id, login, ConfirmAnswer(answer_id=answer_id), "confirm_answer")

    def stop(self, payment_id: UUID, login: str = FIRST) -> Outcome[Any]:
        """Somebody keeps a released batch from leaving."""
        return self.do(payment_id, login, Stop(reason="Un paiement a été signalé."), None, "stop")

    def conclude(self, payment_id: UUID, bank_did: str, login: str = BUILDER) -> Outcome[Any]:
        """Somebody says what the bank really did."""
        form = Conclude(bank_did=BankDid(bank_did), evidence="Relevé du 27 novembre.")
        return self.do(payment_id, login, form, None, "conclude")

    def set_aside(self, payment_id: UUID, answer_id: UUID, login: str = FIRST) -> Outcome[Any]:
        """A second person of accounting does not stand for it."""
        form = SetAsideAnswer(answer_id=answer_id, reason="La banque dit autre chose au téléphone.")
        return self.do(payment_id, login, form, "confirm_answer")

    def send_report(self, payment_id: UUID, report: bytes, login: str = BUILDER) -> Outcome[Any]:
        """The bank's report is sent to us."""
        with self.sessions.begin() as session:
            report_id = keep_report(session, payment_id, report, self.actor(login), self.at)
        return self.do(payment_id, login, ReadStatusReport(report_id=report_id), None, "read_status_report")

    def payment(self, payment_id: UUID) -> PaymentRow:
        """The batch's row."""
        with self.sessions() as session:
            return session.get_one(PaymentRow, payment_id)

    def lift_guards_of_claims(self) -> None:
        """The rules that the register holds on claims themselves are gone: those on payments stand alone."""
        for name in ("controlled_above", "two_above", "controlled_or_cleared", "amounts", "payable", "to_pay"):
            self.sql(f"ALTER TABLE claims DROP CONSTRAINT ck_claims_{name}")
        self.sql("ALTER TABLE claims DISABLE TRIGGER claim_starts_unapproved")
        self.sql("ALTER TABLE claims DISABLE TRIGGER claim_needs_approvals")

    def deliver(self) -> list[tuple[str, str]]:
        """What waits on the claims' cases is decided, as their workflows do; the kinds, and what became of them."""
        waiting = select(CommandRow).join(Case, Case.id == CommandRow.case_id)
        wanted = waiting.where(Case.procedure == "claim", CommandRow.status == "received").order_by(CommandRow.order)
        with self.sessions() as session:
            found = [CommandRef(row.id, row.case_id, row.kind) for row in session.scalars(wanted)]
        return [(one.kind, self.settle(one).status.value) for one in found]

    def claim_state(self, claim_id: UUID) -> str:
        """Where the claim stands."""
        with self.sessions() as session:
            return session.get_one(ClaimRow, claim_id).state

    def payment_of(self, reference: str) -> UUID:
        """The batch with this reference."""
        with self.sessions() as session:
            return session.scalars(select(Case.id).where(Case.reference == reference)).one()

    def claim_is_alone(self, claim_id: UUID) -> bool:
        """Whether nobody has ever ordered to pay the claim."""
        return self.sql("SELECT count(*) FROM instructions WHERE claim_id = :id", id=claim_id) == [(0,)]

    def lines(self, payment_id: UUID) -> list[InstructionRow]:
        """The lines of the batch, in their order."""
        wanted = select(InstructionRow).where(InstructionRow.payment_id == payment_id)
        with self.sessions() as session:
            return list(session.scalars(wanted.order_by(InstructionRow.position)))

    def told(self, claim_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """What batches have told the claim's case, in order."""
        wanted = (
            select(CommandRow).join(ClaimRow, ClaimRow.case_id == CommandRow.case_id).where(ClaimRow.id == claim_id)
        )
        with self.sessions() as session:
            return [(row.kind, row.body) for row in session.scalars(wanted.order_by(CommandRow.order))]


def cashier_of(sessions: Sessions, at: datetime) -> Cashier:
    """A cashier beside a house that runs: every member of ours gets an account there."""
    cashier = Cashier(sessions.kw["bind"], sessions, at=at)
    cashier.open_accounts()
    return cashier


@contextmanager
def open_cashier(database: str) -> Iterator[Cashier]:
    """A cashier before this database, which knows the demo insurer; every member of ours has an account."""
    with open_desk(database) as desk:
        cashier = Cashier(desk.engine, desk.sessions)
        cashier.open_accounts()
        yield cashier


CONTROLLER, OTHER_CONTROLLER = EXPERT, REFERENT
