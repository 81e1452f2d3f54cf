"""Walk every chain from its first line to its head, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from db.models import Case, JournalLine
from db.queries.journal import CHAINED
from db.queries.verification.findings import Finding, JournalKeys
from keys.chain import BEGINNING, Link, digest, line_mac

AT_ONCE = 2000


@dataclass
class Read:
    """How much was read."""

    cases: int = 0
    lines: int = 0


def verify_chains(session: Session, keys: JournalKeys, read: Read) -> Iterator[Finding]:
    """Altered, missing, inserted and cut lines, and heads that are not the last line's."""
    for case_id, rows in groupby(_rows(session), key=lambda row: row.id):
        read.cases += 1
        walk = _Walk(case_id, keys)
        for row in rows:
            case = row
            if row.line is not None:
                read.lines += 1
                yield from walk.take(row)
        yield from walk.end(case)
    yield from _without_case(session)


def _rows(session: Session) -> Iterator[Row[Any]]:
    sealed = func.sha256(JournalLine.private).label("sealed")
    line = [getattr(JournalLine, name) for name in ("line", "event", "at", "actor_id", "command_id", "facts")]
    wanted = (
        select(Case.id, Case.reference, Case.lines, Case.head, *line, sealed, JournalLine.mac, JournalLine.key_id)
        .outerjoin(JournalLine, JournalLine.case_id == Case.id)
        .order_by(Case.id, JournalLine.line)
        .execution_options(yield_per=AT_ONCE)
    )
    yield from session.execute(wanted)


def _without_case(session: Session) -> Iterator[Finding]:
    case = select(Case.id).where(Case.id == JournalLine.case_id)
    for (case_id,) in session.execute(select(JournalLine.case_id).where(~case.exists()).distinct()):
        yield Finding(f"There is a journal of the case {case_id}, and no such case.")


class _Walk:
    """One case's journal, line by line. After a fault it goes on from what is there, so that each is told once."""

    def __init__(self, case_id: UUID, keys: JournalKeys) -> None:
        self._case_id = case_id
        self._keys = keys
        self._previous = BEGINNING
        self._next = 1
        self._chained = False
        self._older: list[Link] = []

    def take(self, row: Row[Any]) -> Iterator[Finding]:
        """Look at the next line."""
        whole = row.line == self._next
        if not whole:
            yield Finding(self._gap(row.line), row.reference, min(self._next, row.line))
        link = Link(self._case_id, row.line, row.event, row.at, row.actor_id, row.command_id, row.facts, row.sealed)
        if row.mac is None:
            yield from self._take_unchained(row, link)
        else:
            yield from self._take_chained(row, link, whole=whole)
        self._next = max(self._next, row.line + 1)

    def end(self, case: Row[Any]) -> Iterator[Finding]:
        """Compare with what the case knows of its journal."""
        last = self._next - 1
        if self._older and not self._chained:
            yield Finding("It is older than the chains: run `echeance keys seal`.", case.reference)
        if last == 0:
            yield Finding("The case has no journal.", case.reference)
        elif case.lines > last:
            yield Finding(f"The end was cut: the case counts {case.lines} lines.", case.reference, last + 1)
        elif case.lines < last:
            yield Finding(f"The case counts only {case.lines} lines.", case.reference, case.lines + 1)
        elif self._chained and case.head != self._previous:
            yield Finding("The case names another line as its last.", case.reference, last)

    def _gap(self, line: int) -> str:
        if line < self._next:
            return "It stands where no line can be."
        missing = line - self._next
        return "It is missing." if missing == 1 else f"It is missing, and those up to line {line - 1}."

    def _take_unchained(self, row: Row[Any], link: Link) -> Iterator[Finding]:
        if self._chained:
            yield Finding("It was inserted: it is not chained.", row.reference, row.line)
        else:
            self._older.append(link)

    def _take_chained(self, row: Row[Any], link: Link, *, whole: bool) -> Iterator[Finding]:
        if not self._chained and self._older and not _takes_in(row, self._older):
            yield Finding("The lines before it are not those that were taken into the chain.", row.reference, row.line)
        self._chained = True
        secret = self._keys.secrets.get(row.key_id)
        if secret is None:
            yield Finding("It was chained with a key that the register does not have.", row.reference, row.line)
        elif whole and line_mac(secret, self._previous, link) != row.mac:
            yield Finding("It is not what was written, or not after this line.", row.reference, row.line)
        self._previous = row.mac


def _takes_in(row: Row[Any], older: list[Link]) -> bool:
    """Whether it is the line that takes exactly these into the chain."""
    told = (row.facts.get("lines"), row.facts.get("sha256"))
    return row.event == CHAINED and told == (len(older), digest(older))
