"""Write the journal: each line is chained to the one before it with the journal's key, and nobody rewrites one."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from db.commands import keys
from db.commands.batch import Batch
from db.models import Case, JournalLine, KeptKey
from db.queries.journal import CHAINED, ERASED, decided_without_line, lines_of, link
from db.vault import DataKey, about_line, unwrap
from domain.policy import PolicyBook
from domain.refusals import Erased, WrongStep
from keys.chain import BEGINNING, digest, line_mac
from keys.sealing import Cipher, seal

_AS_SAID = ("case_id", "line", "event", "at", "actor_id", "command_id", "facts", "private")


@dataclass(frozen=True)
class Writing:
    """One decided command being written: on which case (locked), by whom, as of which instant of business time.

    `batch` gathers what is to be written, beside the case's own row. `active_key` is the key that chains the lines,
    where it has been read already;
    `book`, by which what the case opens elsewhere is opened.
    """

    session: Session
    case: Case
    at: datetime
    command_id: UUID | None
    actor_id: UUID | None
    active_key: KeptKey | None = None
    book: PolicyBook | None = None
    batch: Batch = field(default_factory=Batch)

    @cached_property
    def key(self) -> DataKey:
        """The key that chains the lines."""
        return unwrap(self.session, self.active_key) if self.active_key else keys.journal_key(self.session)

    @cached_property
    def cipher(self) -> Cipher | None:
        """What seals private words; None once the case's key has been erased."""
        try:
            return keys.case_cipher(self.session, self.case.id)
        except Erased:
            return None


def add_line(writing: Writing, event: str, facts: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """Add a line to the case's journal. The case's lock keeps the lines in one order without a gap.

    `private` are words of and about people: they are kept sealed under the case's key, until that is erased.
    """
    gather_line(writing, event, facts, private)
    writing.batch.write(writing.session)


def gather_line(writing: Writing, event: str, facts: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """As `add_line`, but written with the rest of the batch: its place in the chain is taken already."""
    _chain_earlier(writing)
    _append(writing, event, facts, private)


def chain_earlier(writing: Writing) -> None:
    """Take lines that are older than the chains into the chain, by a line that holds their SHA-256. None is changed."""
    _chain_earlier(writing)
    writing.batch.write(writing.session)


def _chain_earlier(writing: Writing) -> None:
    if writing.case.head is not None or writing.case.lines == 0:
        return
    earlier = lines_of(writing.session, writing.case.id)
    facts = {
        "lines": len(earlier),
        "sha256": digest(link(row) for row in earlier),
        "commands_without_line": decided_without_line(writing.session, writing.case.id, but=writing.command_id),
    }
    _append(replace(writing, command_id=None, actor_id=None), CHAINED, facts, None)


def erase_words(writing: Writing) -> None:
    """Destroy an ended case's key, and say so in its journal: its letters and private words can no longer be read.

    Raises WrongStep while the case goes on.
    """
    if writing.case.ended_at is None:
        raise WrongStep("The case goes on: its letters are needed.", "Erase what it sealed once it has ended.")
    keys.erase_case_key(writing.session, writing.case.id, writing.at)
    add_line(writing, ERASED, {})


def _append(writing: Writing, event: str, facts: dict[str, Any], private: dict[str, Any] | None) -> None:
    case = writing.case
    case.lines += 1
    row = JournalLine(
        case_id=case.id,
        line=case.lines,
        event=event,
        at=writing.at,
        actor_id=writing.actor_id,
        command_id=writing.command_id,
        facts=to_jsonable_python(facts),
        private=_sealed(writing, private),
    )
    case.head = line_mac(writing.key.secret, case.head or BEGINNING, link(row))
    kept = {name: getattr(row, name) for name in _AS_SAID}
    writing.batch.insert(JournalLine, **kept, mac=case.head, key_id=writing.key.id)


def _sealed(writing: Writing, private: dict[str, Any] | None) -> bytes | None:
    """Sealed for this line; nothing once the case's key has been erased."""
    if not private or writing.cipher is None:
        return None
    words = json.dumps(to_jsonable_python(private)).encode()
    return seal(writing.cipher, words, about_line(writing.case.id, writing.case.lines))
