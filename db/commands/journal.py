"""Write the journal: each line is chained to the one before it with the journal's key, and nobody rewrites one."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from db.commands import keys
from db.models import Case, JournalLine
from db.queries.journal import CHAINED, ERASED, decided_without_line, lines_of, link
from db.vault import DataKey, about_line
from domain.refusals import Erased, WrongStep
from keys.chain import BEGINNING, digest, line_mac
from keys.sealing import seal


@dataclass(frozen=True)
class Writing:
    """One decided command being written: on which case (locked), by whom, as of which instant of business time."""

    session: Session
    case: Case
    at: datetime
    command_id: UUID | None
    actor_id: UUID | None

    @cached_property
    def key(self) -> DataKey:
        """The key that chains the lines."""
        return keys.journal_key(self.session)


def add_line(writing: Writing, event: str, facts: dict[str, Any], private: dict[str, Any] | None = None) -> None:
    """Add a line to the case's journal. The case's lock keeps the lines in one order without a gap.

    `private` are words of and about people: they are kept sealed under the case's key, until that is erased.
    """
    chain_earlier(writing)
    _append(writing, event, facts, private)


def chain_earlier(writing: Writing) -> None:
    """Take lines that are older than the chains into the chain, by a line that holds their SHA-256. None is changed."""
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
        key_id=writing.key.id,
    )
    row.mac = case.head = line_mac(writing.key.secret, case.head or BEGINNING, link(row))
    writing.session.add(row)


def _sealed(writing: Writing, private: dict[str, Any] | None) -> bytes | None:
    """Sealed for this line; nothing once the case's key has been erased."""
    if not private:
        return None
    try:
        cipher = keys.case_cipher(writing.session, writing.case.id)
    except Erased:
        return None
    words = json.dumps(to_jsonable_python(private)).encode()
    return seal(cipher, words, about_line(writing.case.id, writing.case.lines))
