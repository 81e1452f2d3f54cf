"""A register without an engine: the demo's people give commands straight to the transaction that decides them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Engine, select, text

from db.commands.command import Ask, receive
from db.commands.intake import register_complaint
from db.commands.letter import keep
from db.commands.settle import settle
from db.models import AnswerVersionRow, Base, Case, CommandRow, ComplaintRow, LetterRow, TaskRow
from db.queries.people import staff_on
from db.session import Sessions, close_engine, open_engine, open_sessions
from domain.civil import local_date
from domain.commands import CommandRef, CommandStatus, MachineCommand, Outcome
from domain.complaint.commands import Approve, ConfirmPayment
from domain.complaint.intake import Intake
from domain.people import Actor
from domain.policy import PolicyBook
from local.demo_staff import person_id
from tests.factories.complaints import (
    ACCOUNTANT,
    AUTHOR,
    MANAGER,
    NOON,
    REFERENT,
    TODAY,
    a_draft,
    an_acknowledgement,
    an_analysis,
)
from tests.factories.keys import STORY_KEYS
from tests.factories.rules import the_book

Row = tuple[Any, ...]


def an_intake(**changes: Any) -> Intake:
    """A letter from a member about benefits. It takes English, so that Claire Morvan owns it however busy she is."""
    said = {
        "channel": "letter",
        "received_on": TODAY,
        "complainant": {"member_number": "M0000042"},
        "subject": "Remboursement en attente",
        "text": "J'attends depuis six semaines le remboursement de mes soins.",
        "pole": "benefits",
        "skills": ["english"],
    }
    return Intake.model_validate(said | changes)


@dataclass
class Desk:
    """Who stands before the register. Commands are given, and settled, one by one; `at` is business time."""

    engine: Engine
    sessions: Sessions
    book: PolicyBook = field(default_factory=the_book)
    at: datetime = NOON
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def actor(self, login: str) -> Actor:
        """The person with the day's rights."""
        with self.sessions() as session:
            return staff_on(session, self.at.date()).actor(person_id(login))

    def enter(self, **changes: Any) -> UUID:
        """A complaint that is registered, and has its owner."""
        command = self.register(**changes)
        assert self.settle(command).status is CommandStatus.APPLIED
        return command.case_id

    def register(self, **changes: Any) -> CommandRef:
        """A complaint that has arrived: it is kept, its owner not yet chosen."""
        intake = an_intake(**{"received_on": local_date(self.at, "Europe/Paris"), **changes})
        ask = Ask("register", intake.model_dump(mode="json"), f"key {next(self.keys)}")
        with self.sessions.begin() as session:
            case = register_complaint(session, intake, ask, self.actor("malo.quere"), self.at, self.book)
            command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
            return CommandRef(command.id, case.id, "register")

    def give(self, case_id: UUID, login: str, body: BaseModel, task_kind: str | None, kind: str = "") -> CommandRef:
        """Somebody gives a command: it is kept, not yet decided."""
        task_id = self.task(case_id, task_kind).id if task_kind else None
        kind = kind or body.model_dump()["outcome"]
        ask = Ask(kind, body.model_dump(mode="json"), f"key {next(self.keys)}", task_id)
        with self.sessions.begin() as session:
            row = receive(session, case_id, ask, self.actor(login), self.at)
            session.flush()
            return CommandRef(row.id, case_id, kind)

    def settle(self, command: CommandRef | MachineCommand) -> Outcome[Any]:
        """Decide it."""
        return settle(self.sessions, command, self.book)

    def do(self, case_id: UUID, login: str, body: BaseModel, task_kind: str | None, kind: str = "") -> Outcome[Any]:
        """Give a command and decide it."""
        return self.settle(self.give(case_id, login, body, task_kind, kind))

    def machine(self, case_id: UUID, kind: str, about: str = "", **body: Any) -> MachineCommand:
        """A command of the system itself, not yet decided."""
        return MachineCommand(case_id, kind, self.at, about, body)

    def task(self, case_id: UUID, kind: str) -> TaskRow:
        """The open task of this kind; there is one."""
        wanted = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.kind == kind, TaskRow.closed_at.is_(None))
        with self.sessions() as session:
            return session.scalars(wanted).one()

    def version_hash(self, case_id: UUID) -> str:
        """The hash of the current version of the answer."""
        with self.sessions() as session:
            version = session.get_one(ComplaintRow, case_id).answer_version
            return session.get_one(AnswerVersionRow, (case_id, version)).hash

    def state(self, case_id: UUID) -> str:
        """Where the case stands, as its row says."""
        with self.sessions() as session:
            return session.get_one(Case, case_id).state

    def hand_over_letters(self, case_id: UUID) -> None:
        """Every letter of the case has left."""
        with self.sessions.begin() as session:
            letters = session.scalars(
                select(LetterRow).where(LetterRow.case_id == case_id, LetterRow.handed_over_at.is_(None))
            ).all()
            for letter in letters:
                keep(session, letter.id, letter.round, b"%PDF", None, self.at)
        for letter in letters:
            self.settle(self.machine(case_id, "record_handover", str(letter.id), letter_id=letter.id))

    def sql(self, statement: str, **values: Any) -> list[Row]:
        """Execute SQL as whoever owns the tables; what it returns."""
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def everything(self, *, but: frozenset[str] = frozenset()) -> dict[str, set[str]]:
        """Every row of every table; without where the cases' journals stand, which every refusal moves."""
        tables = [table.name for table in Base.metadata.sorted_tables if table.name not in but]
        rows = "SELECT (to_jsonb(t) - '{{lines,head}}'::text[])::text FROM {} t"
        return {table: {row for (row,) in self.sql(rows.format(table))} for table in tables}


@contextmanager
def open_desk(database: str) -> Iterator[Desk]:
    """A desk before this database, which knows the demo insurer."""
    engine = open_engine(database, pool=25)
    try:
        yield Desk(engine, open_sessions(engine, STORY_KEYS))
    finally:
        close_engine(engine)


STEPS = ("registered", "assigned", "acknowledged", "analysed", "drafted", "approved", "answered")


def a_complaint_at(desk: Desk, state: str, *, cents: int = 0, **intake: Any) -> UUID:
    """A complaint that real commands have brought to this state."""
    case_id = desk.enter(**intake)
    for step in _steps(desk, case_id, cents)[: STEPS.index(state) - 1]:
        step()
    assert desk.state(case_id) == state
    return case_id


def _steps(desk: Desk, case_id: UUID, cents: int) -> list[Any]:
    def do(login: str, kind: str, body: BaseModel) -> None:
        assert desk.do(case_id, login, body, kind).status is CommandStatus.APPLIED

    def approve() -> None:
        for login in (REFERENT, MANAGER):
            do(login, "validate", Approve(version_hash=desk.version_hash(case_id)))

    def answered() -> None:
        desk.hand_over_letters(case_id)

    return [
        lambda: do(AUTHOR, "acknowledge", an_acknowledgement()),
        lambda: do(AUTHOR, "analyse", an_analysis()),
        lambda: do(AUTHOR, "draft_answer", a_draft(compensation_cents=cents)),
        approve,
        answered,
    ]


def pay(desk: Desk, case_id: UUID) -> Outcome[Any]:
    """Accounting pays the compensation."""
    return desk.do(case_id, ACCOUNTANT, ConfirmPayment(payment_reference="VIR-1"), "pay_compensation")


KINDS_OF_REFUSAL = {
    "a rule of ours": "RAISE EXCEPTION 'no' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'our_rule'",
    "a check": "RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'our_rule'",
    "a plain exception": "RAISE EXCEPTION 'no: M. Vasseur'",
    "a value out of range": "PERFORM 1 / 0",
    "a value too long": "RAISE EXCEPTION 'no' USING ERRCODE = 'string_data_right_truncation'",
    "a key that is there already": "RAISE EXCEPTION 'no' USING ERRCODE = 'unique_violation', CONSTRAINT = 'our_rule'",
}


@contextmanager
def refusing(
    desk: Desk,
    case_id: UUID,
    table: str,
    how: str = KINDS_OF_REFUSAL["a rule of ours"],
    *,
    event: str = "INSERT",
    at_commit: bool = False,
) -> Iterator[None]:
    """While this lasts, the database refuses to write to a table for this case."""
    desk.sql(f"CREATE FUNCTION refuse_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; RETURN NEW; END $$")
    made = (
        "CREATE CONSTRAINT TRIGGER refuse_here AFTER {0} ON {1} DEFERRABLE INITIALLY DEFERRED"
        if at_commit
        else "CREATE TRIGGER refuse_here BEFORE {0} ON {1}"
    )
    of_case = f"FOR EACH ROW WHEN (NEW.case_id = '{case_id}') EXECUTE FUNCTION refuse_here()"
    desk.sql(f"{made.format(event, table)} {of_case}")
    try:
        yield
    finally:
        desk.sql(f"DROP TRIGGER refuse_here ON {table}")
        desk.sql("DROP FUNCTION refuse_here")
