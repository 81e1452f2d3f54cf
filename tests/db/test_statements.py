"""How many SQL statements things take: a budget, so that a complaint's life does not grow dearer unnoticed.

Whoever needs one more changes the figure here, and docs/performance.md with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import event, select

from db.commands import letter as letter_commands
from db.commands.command import Ask, lease_oldest, receive_once
from db.commands.intake import register_complaint
from db.models import Case, LetterRow
from db.queries.complaint import position
from db.queries.letter import wording
from domain.commands import CommandRef, CommandStatus, MachineCommand
from domain.complaint.commands import Approve
from tests.factories.complaints import AUTHOR, MANAGER, REFERENT, a_draft, an_acknowledgement, an_analysis
from tests.factories.register import Desk, an_intake

BUDGET = {
    "intake": 10,
    "register": 9,
    "acknowledge": 11,
    "acknowledgement handed over": 9,
    "analyse": 11,
    "draft_answer": 12,
    "first approval": 10,
    "second approval": 10,
    "answer handed over": 9,
    "close": 7,
    "a command kept": 1,
    "a command leased": 1,
    "a position read": 1,
    "an answer's words read": 7,
    "a letter kept": 3,
    "an attempt begun": 4,
    "an attempt ended": 2,
}
"""Transaction → statements, without BEGIN and COMMIT."""


@contextmanager
def counting(desk: Desk) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile; many rows in one statement are one."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    event.listen(desk.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.engine, "before_cursor_execute", note)


class Ledger:
    """What each step of one complaint's life took."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.taken: dict[str, int] = {}

    def settle(self, name: str, command: CommandRef | MachineCommand) -> None:
        """Decide a command, which is applied."""
        with self.counted(name):
            outcome = self.desk.settle(command)
        assert outcome.status is CommandStatus.APPLIED

    def do(self, name: str, case_id: UUID, login: str, body: BaseModel, task_kind: str) -> None:
        """Somebody completes a task."""
        self.settle(name, self.desk.give(case_id, login, body, task_kind))

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """What is asked of the database meanwhile is noted under this name."""
        with counting(self.desk) as seen:
            yield
        self.taken[name] = len(seen)

    def send(self, name: str, case_id: UUID) -> None:
        """The case's letter is made, sent and recorded as handed over, step by step."""
        sessions, at = self.desk.sessions, self.desk.at
        with sessions() as session:
            wanted = select(LetterRow.id).where(LetterRow.case_id == case_id, LetterRow.handed_over_at.is_(None))
            letter_id = session.scalars(wanted).one()
        with self.counted("an answer's words read"), sessions() as session:
            wording(session, letter_id, at, self.desk.book)
        with self.counted("a letter kept"), sessions.begin() as session:
            letter_commands.keep(session, letter_id, 1, b"%PDF", b"From: us", at)
        with self.counted("an attempt begun"), sessions.begin() as session:
            letter_commands.begin_attempt(session, letter_id, 1)
        with self.counted("an attempt ended"), sessions.begin() as session:
            letter_commands.accept(session, letter_id)
        self.settle(name, self.desk.machine(case_id, "record_handover", str(letter_id), letter_id=letter_id))


def test_every_step_of_a_complaints_life_takes_as_many_statements_as_its_budget_says(desk: Desk) -> None:
    desk.enter()  # so that the journal has its key
    ledger = Ledger(desk)
    case_id = _arrives(desk, ledger)
    _is_answered(desk, ledger, case_id)
    ledger.settle("close", desk.machine(case_id, "close"))
    assert ledger.taken == BUDGET


def _arrives(desk: Desk, ledger: Ledger) -> UUID:
    """It is entered, gets its owner, and one more command of which only the way to its workflow is counted."""
    intake, actor = an_intake(received_on=desk.at.date()), desk.actor("malo.quere")
    with ledger.counted("intake"), desk.sessions.begin() as session:
        case_id = register_complaint(session, intake, Ask("register", {}, "entered"), actor, desk.at, desk.book).id
    with ledger.counted("a command leased"), desk.sessions.begin() as session:
        leased = lease_oldest(session, case_id, "holder")
    assert leased is not None
    ledger.settle("register", leased.ref)
    with desk.sessions() as session:
        case = session.get_one(Case, case_id)
        with ledger.counted("a position read"):
            position(session, case, desk.book)
    with ledger.counted("a command kept"), desk.sessions.begin() as session:
        receive_once(session, case_id, Ask("requalify", {"reason": "x"}, "kept"), actor, desk.at)
    return case_id


def _is_answered(desk: Desk, ledger: Ledger, case_id: UUID) -> None:
    """Acknowledged, analysed, drafted, approved twice; both letters leave by e-mail."""
    ledger.do("acknowledge", case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    ledger.send("acknowledgement handed over", case_id)
    ledger.do("analyse", case_id, AUTHOR, an_analysis(), "analyse")
    ledger.do("draft_answer", case_id, AUTHOR, a_draft(), "draft_answer")
    for name, login in (("first approval", REFERENT), ("second approval", MANAGER)):
        ledger.do(name, case_id, login, Approve(version_hash=desk.version_hash(case_id)), "validate")
    ledger.send("answer handed over", case_id)
