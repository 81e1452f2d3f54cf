"""What the matrix is sent with: somebody of each role, and for each of them an object that is this or that to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.tokens import SPANS, TokenUse, hash_of, new_token, wall_now
from db.commands.claim_document import Document, keep_document
from db.commands.command import Ask
from db.commands.finding import File, keep_evidence
from db.commands.payment_batch import build_batch
from db.models import (
    Absence,
    Case,
    ClaimDocument,
    ClaimRow,
    CommandRow,
    ComplaintRow,
    Contract,
    FindingEvidence,
    Import,
    KeptSearch,
    LetterRow,
    MemberIban,
    StaffIban,
    StaffMember,
    Token,
)
from domain.payment.commands import Build
from domain.people import Actor, person_hat
from domain.roles import OF_A_DELEGATE, Role
from local.demo_staff import person_id
from tests.factories.audit_rows import PIECE, a_delivered_file, a_launched_audit
from tests.factories.claim_rows import a_claim_case_row, a_claim_row, add_a_decision
from tests.factories.finding_rows import a_planned_finding
from tests.factories.insured import insure, provide
from tests.factories.passwords import CHEAP_PASSWORDS
from tests.factories.payments import BUILDER, IBANS, account_row, claim_facts
from tests.factories.rows import a_case_row, a_task_row, add_a_draft
from tests.factories.rules import the_book
from tests.factories.uploads import A_PDF

COLLEAGUE = person_id("yann.kerloch")
VIP = "M0000097"
_numbers = count(800_001)
Parts = dict[str, str]


@dataclass(frozen=True)
class Asker:
    """Somebody with this one role, or with none."""

    role: Role | None
    id: UUID
    login: str


@cache
def somebody_s_hash() -> str:
    """Of a password that nobody types."""
    return CHEAP_PASSWORDS.hash(str(uuid4()))


def hire(session: Session, role: Role | None, **changes: Any) -> Asker:
    """A person with one role, in the pole of benefits or of a delegate."""
    within: dict[str, Any] = {"delegate": "ARMOR"} if role in OF_A_DELEGATE else {"pole": "benefits"}
    person = StaffMember(
        id=uuid4(),
        login=f"only.{role}.{next(_numbers)}",
        password_hash=somebody_s_hash(),
        name=f"M. {role}",
        title=str(role),
        email="only@mutuelle-des-embruns.example",
        phone="02 61 91 00 00",
        roles=[role] if role else [],
        skills=[],
        **{"active": True} | within | changes,
    )
    session.add(person)
    session.flush()
    return Asker(role, person.id, person.login)


def good_token(session: Session, asker: Asker, use: TokenUse) -> str:
    """A token as signing in gives it."""
    return new_token(session, session.get_one(StaffMember, asker.id), use)


BAD = (
    "its hour is over",
    "nobody has used it for long",
    "its owner has left",
    "we have never given it",
    "it is for another use",
)
"""What can be wrong with a token."""


def bad_tokens(session: Session, asker: Asker, use: TokenUse, reasons: Iterable[str] = BAD) -> dict[str, str]:
    """By what is wrong with each: tokens that open nothing here. Whoever gives a new one sweeps the ended ones away."""
    bad = {why: _FOR[why](session, asker, use) for why in reasons}
    session.flush()
    for why, spoil in (("its hour is over", _end), ("nobody has used it for long", _leave_alone)):
        if why in bad:
            spoil(session, bad[why], use)
    return bad


def _another_use(session: Session, asker: Asker, use: TokenUse) -> str:
    return good_token(session, asker, next(one for one in TokenUse if one is not use))


def _of_somebody_gone(session: Session, asker: Asker, use: TokenUse) -> str:
    return good_token(session, hire(session, asker.role, active=False), use)


_FOR: dict[str, Callable[[Session, Asker, TokenUse], str]] = {
    "its hour is over": good_token,
    "nobody has used it for long": good_token,
    "its owner has left": _of_somebody_gone,
    "we have never given it": lambda *_: "never-given-to-anybody",
    "it is for another use": _another_use,
}


def _end(session: Session, token: str, _use: TokenUse) -> None:
    _change(session, token, expires_wall=wall_now() - timedelta(seconds=1))


def _leave_alone(session: Session, token: str, use: TokenUse) -> None:
    _change(session, token, used_wall=wall_now() - SPANS[use].idle - timedelta(seconds=1))


def _change(session: Session, token: str, **values: datetime) -> None:
    session.execute(update(Token).where(Token.hash == hash_of(token)).values(**values))


@dataclass(frozen=True)
class Planting:
    """Plants objects for one asker, at an instant."""

    session: Session
    asker: Asker
    at: datetime

    def case(self, owner: UUID = COLLEAGUE, pole: str = "benefits", **changes: Any) -> tuple[UUID, Parts]:
        """A case that has been assigned; its id, and what an address needs."""
        reference = f"REC-2031-{next(_numbers)}"
        day = self.at.date()
        case_id = a_case_row(self.session, reference, day, self.at, owner_id=owner, pole=pole, **changes)
        self.session.get_one(ComplaintRow, case_id).address = ["3 rue Neuve", "29200 Brest"]
        return case_id, {"reference": reference}

    def drafted(self, **changes: Any) -> Parts:
        """A case whose answer lies before the validators."""
        case_id, parts = self.case(state="drafted", **changes)
        add_a_draft(self.session, case_id, COLLEAGUE, self.at)
        return parts

    def filed(self, *, mine: bool = False, controlled: bool = True) -> Parts:
        """A claim, under control or not, of which the asker may be the member."""
        reference = f"PRE-2031-{next(_numbers)}"
        row = a_claim_row(self.session, reference, self.at, controlled=controlled)
        if mine:
            account = StaffIban(staff_id=self.asker.id, iban_hash=reference.encode(), member_number=row.member_number)
            self.session.add(account)
        return {"reference": reference}

    def document(self, *, mine: bool = False) -> Parts:
        """An invoice of a claim."""
        parts = self.filed(mine=mine)
        case_id = self.session.scalars(select(Case.id).where(Case.reference == parts["reference"])).one()
        kept = Document("invoice", "facture.pdf", "application/pdf", "0" * 64, A_PDF, COLLEAGUE)
        keep_document(self.session, case_id, document_id := uuid4(), kept)
        row = self.session.get_one(ClaimDocument, document_id)
        row.version, row.added_at = 1, self.at
        return parts | {"document_id": str(document_id)}

    def intake(self) -> Parts:
        """The member of `bodies.a_claim` is insured."""
        if self.session.get(Contract, "C0000042") is None:
            provide(self.session)
            insure(self.session, 42)
        return {}

    def vips_case(self) -> Parts:
        """A case of somebody whom the house calls a VIP."""
        case_id, parts = self.case()
        self.session.get_one(ComplaintRow, case_id).member_number = VIP
        return parts

    def task(self, offered_to: UUID, owner: UUID = COLLEAGUE, *, about_me: bool = False, **changes: Any) -> Parts:
        """An acknowledgement to do."""
        case_id, _ = self.case(owner, about_id=self.asker.id if about_me else None)
        return {"task_id": str(a_task_row(self.session, case_id, self.at, person_hat(offered_to), **changes))}

    def claim(self, kind: str = "control", offered_to: UUID | None = None, **changes: Any) -> Parts:
        """A claim whose decision is to be taken, or confirmed, by the asker or by somebody else."""
        reference = f"PRE-2031-{next(_numbers)}"
        state = "in_control" if kind == "control" else "confirming"
        case_id = a_claim_case_row(self.session, reference, self.at, state=state)
        if kind == "confirm":
            add_a_decision(self.session, case_id, COLLEAGUE, self.at)
        hat = person_hat(offered_to or self.asker.id)
        task_id = a_task_row(self.session, case_id, self.at, hat, kind=kind, **changes)
        return {"reference": reference, "task_id": str(task_id)}

    def letter(self, *, made: bool = True, **changes: Any) -> Parts:
        """A letter, with its PDF or without."""
        case_id, _ = self.case(**changes)
        row = LetterRow(
            id=uuid4(),
            case_id=case_id,
            kind="acknowledgement",
            dispatch="post",
            recipient="M. Ewen Nicolas",
            address=[],
            requested_at=self.at,
            produced_at=self.at if made else None,
            pdf=b"%PDF-1.7" if made else None,
            pdf_sha256=sha256(b"%PDF-1.7").hexdigest() if made else None,
        )
        self.session.add(row)
        return {"letter_id": str(row.id)}

    def command(self, actor: UUID) -> Parts:
        """A command that was carried out."""
        row = CommandRow(
            id=uuid4(),
            case_id=self.case()[0],
            kind="acknowledge",
            body={},
            actor_id=actor,
            rights={},
            at=self.at,
            status="applied",
            decided_wall=self.at,
        )
        self.session.add(row)
        return {"command_id": str(row.id)}

    def search(self, person_id: UUID, unused_for: timedelta = timedelta(0)) -> Parts:
        """A search that somebody has kept."""
        wall = wall_now() - unused_for
        row = KeptSearch(id=uuid4(), person_id=person_id, asked={"words": "morvan"}, at_wall=wall, last_used_wall=wall)
        self.session.add(row)
        return {"search_id": str(row.id)}

    def stood_in_for(self) -> Parts:
        """Somebody whose usual deputy is the asker."""
        absent = hire(self.session, Role.GENERAL_DIRECTOR)
        self.session.get_one(StaffMember, absent.id).deputy_id = self.asker.id
        return {"login": absent.login}

    def absence(self, first: int, last: int, deputy: UUID | None = None) -> Parts:
        """A colleague is away, from so many days after today until so many."""
        away, today = hire(self.session, Role.HANDLER), self.at.date()
        row = Absence(
            id=uuid4(),
            person_id=away.id,
            from_on=today + timedelta(days=first),
            back_on=today + timedelta(days=last),
            deputy_id=deputy,
            recorded_at=self.at,
        )
        self.session.add(row)
        return {"absence_id": str(row.id)}

    def batch(self) -> Parts:
        """A batch that accounting has built, of a claim that is to be paid."""
        known = select(MemberIban).where(MemberIban.member_number == VIP, MemberIban.until_at.is_(None))
        account = self.session.scalar(known) or account_row(VIP, IBANS[0], self.at - timedelta(days=90))
        self.session.add(account)
        provide(self.session)
        self.session.add(ClaimRow(**claim_facts(f"PRE-2031-{next(_numbers)}", 5_000, self.at, account)))
        self.session.flush()
        builder = Actor(person_id(BUILDER), BUILDER, frozenset({Role.ACCOUNTING}), frozenset())
        ask = Ask("register", {}, f"batch {uuid4()}")
        built = build_batch(self.session, Build(executes_on=self.at.date()), ask, builder, self.at, the_book())
        assert built.case is not None
        return {"reference": built.case.reference}

    def finding(self, delegate: str = "ARMOR") -> tuple[UUID, Parts]:
        """A finding whose plan is accepted."""
        contract = {"ARMOR": "COL-2019-014", "LEON": "COL-2020-007"}[delegate]
        case_id, reference = a_planned_finding(self.session, self.at, delegate, contract)
        return case_id, {"reference": reference}

    def audit(self, delegate: str = "ARMOR", **more: str) -> Parts:
        """An audit that is launched, of one piece."""
        contract = {"ARMOR": "COL-2019-014", "LEON": "COL-2020-007"}[delegate]
        _, reference = a_launched_audit(self.session, self.at, delegate, contract)
        return {"reference": reference, "piece": PIECE, **more}

    def delivered(self) -> Parts:
        """A file of such an audit."""
        case_id, reference = a_launched_audit(self.session, self.at, "ARMOR", "COL-2019-014")
        return {"reference": reference, "file_id": str(a_delivered_file(self.session, self.at, case_id))}

    def evidence(self) -> Parts:
        """A file that shows that something is put right."""
        case_id, parts = self.finding()
        file = File("preuve.pdf", "application/pdf", "0" * 64, A_PDF, COLLEAGUE)
        keep_evidence(self.session, case_id, evidence_id := uuid4(), file)
        row = self.session.get_one(FindingEvidence, evidence_id)
        row.round, row.added_at = 1, self.at
        return parts | {"evidence_id": str(evidence_id)}

    def taken_in(self) -> Parts:
        """A file of members that was read."""
        row = Import(
            id=uuid4(),
            kind="members",
            file_name="members.csv",
            file_sha256=sha256(b"").hexdigest(),
            lines=1,
            accepted=1,
            unchanged=0,
            refused=0,
            at=self.at,
        )
        self.session.add(row)
        return {"import_id": str(row.id)}

    def own_membership(self) -> Parts:
        """A member who is the asker."""
        iban_hash = uuid4().bytes
        self.session.add(StaffIban(staff_id=self.asker.id, iban_hash=iban_hash, member_number="M0000044"))
        return {"number": "M0000044"}


NOTHING = str(UUID(int=0))
