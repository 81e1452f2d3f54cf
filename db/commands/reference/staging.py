"""A file's good lines laid beside the tables, in one stream; the bad ones kept with their reasons."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.commands.keys import iban_hasher
from db.commands.reference.shapes import Shape
from domain.reference.files import Told
from domain.reference.lines import AnyLine, IbanLine, MemberLine, StaffLine
from domain.reference.reading import Reading
from domain.refusals import Invalid

TOLD_EVERY = 2_000
Seen = Callable[[int], None]
"""Hears how many bytes of the file have been read so far."""
Hasher = Callable[[str], bytes]


@dataclass
class Hashed:
    """A file's lines on their way: what they hash to, and how far they have been read."""

    lines: Iterable[bytes]
    seen: Seen = lambda _: None
    _hash: Any = field(default_factory=sha256)

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for number, line in enumerate(self.lines):
            self._hash.update(line)
            read += len(line)
            if number % TOLD_EVERY == 0:
                self.seen(read)
            yield line
        self.seen(read)

    @property
    def sha256(self) -> str:
        """Of what was read."""
        return str(self._hash.hexdigest())


def stage(session: Session, shape: Shape, reading: Reading, told: Iterable[Told]) -> dict[int, Invalid]:
    """Lay the good lines into the table `staged`; the bad ones by their number."""
    columns = ", ".join(f"{name} {kind}" for name, kind in shape.columns.items())
    session.execute(text(f"CREATE TEMP TABLE staged (line bigint PRIMARY KEY, {columns}) ON COMMIT DROP"))
    refused: dict[int, Invalid] = {}
    row_of = _rows(reading, iban_hasher(session))
    with _copying(session, f"COPY staged (line, {', '.join(shape.columns)}) FROM STDIN") as copy:
        for number, line in told:
            if isinstance(line, Invalid):
                refused[number] = line
            else:
                copy.write_row((number, *row_of(line)))
    session.execute(text("ANALYZE staged"))
    return refused


@contextmanager
def _copying(session: Session, statement: str) -> Iterator[Any]:
    """The driver's own stream into a table."""
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def _rows(reading: Reading, hasher: Hasher) -> Callable[[AnyLine], tuple[Any, ...]]:
    """How a line is laid into its columns: an IBAN of the staff as its hash, and no other way."""

    def row(line: AnyLine) -> tuple[Any, ...]:
        if isinstance(line, StaffLine):
            return line.login, hasher(line.iban), line.member_number
        if isinstance(line, IbanLine):
            since = line.since(reading.at, reading.zone)
            return line.member_number, since, line.iban, hasher(line.iban), str(line.changed_through), line.changed_by
        if isinstance(line, MemberLine):
            return _member(line)
        return tuple(line.__dict__.values())

    return row


def _member(line: MemberLine) -> tuple[Any, ...]:
    """What only a member has is empty for a dependant."""
    own = line.holder is None
    of_member = (line.email, line.address, line.language or "fr", bool(line.vip), line.company_contact)
    return line.number, line.name, line.holder, *(of_member if own else (None,) * len(of_member)), line.sensitive
