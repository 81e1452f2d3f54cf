"""A register of many complaints, put in by COPY: invented people, seeded, most of them closed long ago.

Two in a hundred are open, the newest. An open complaint has its five deadlines with their day-by-day explanation, the
task that waits and those that are done; a closed one has all of them as rows, without the explanations: those are read
one case at a time.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

from db.queries.calendar import calendar
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.words import Channel
from domain.deadlines import Deadline
from domain.people import person_hat
from domain.policy import PolicyBook
from domain.roles import Role
from local.demo_staff import STAFF, person_id

OPEN_SHARE = 0.02
YEARS = 10
BATCH = 20_000
_SEED = 20261122
_STATES = ("assigned", "acknowledged", "analysed", "drafted")
_WAITS_FOR = {
    "assigned": "acknowledge",
    "acknowledged": "analyse",
    "analysed": "draft_answer",
    "drafted": "validate",
}
_RARE_EVERY = 5_000
_SUBJECTS = ("Remboursement en attente", "Cotisation prélevée deux fois", "Carte non reçue", "Refus de prise en charge")
_STEMS = ("rembours", "cotis", "adhér", "répar", "factur", "calcul", "décompt", "téléphon", "consult", "hospital")
_ENDS = ("ation", "ement", "eur", "able", "age", "ique", "ance", "ier", "erie", "itude", "ure", "oir", "at")
_WORDS = (
    *("lunettes", "dentaire", "optique", "pharmacie", "ordonnance", "mutuelle", "carte", "dossier", "cure", "kiné"),
    *(f"{stem}{end}" for stem in _STEMS for end in _ENDS),
)
"""A hundred and forty words, most of them invented, for letters that differ."""

COLUMNS = {
    "cases": "id reference procedure state policy pole owner_id received_on opened_at ended_at lines",
    "complaints": "case_id channel received_on sent_on complainant_kind complainant_name email address language "
    "subject text skills category category_confirmed",
    "tasks": "id case_id kind pole offered_to meant_for excluded nobody_left due_at detail opened_at closed_at "
    "closed_by outcome",
    "deadlines": "id case_id name generation due_on due_at zone unit count starts_on source explanation planned met_at",
}
Row = tuple[Any, ...]


@dataclass
class Batch:
    """The rows of some complaints, by table."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def add(self, table: str, *values: Any) -> None:
        """One row more."""
        self.rows[table].append(values)


class Invented:
    """Complaints as they would stand today, the oldest first."""

    def __init__(self, session: Session, book: PolicyBook, today: date, count: int) -> None:
        self._days = calendar(session)
        self._book = book
        self._today = today
        self._count = count
        self._random = random.Random(_SEED)  # noqa: S311  (invented people, always the same)
        self._names = _names()
        self._handlers = [(person_id(p.login), p.pole) for p in STAFF if Role.HANDLER in p.roles]
        self._deadlines = cache(self._computed)

    def batches(self) -> Iterator[Batch]:
        """All of them, some thousands at a time."""
        for first in range(0, self._count, BATCH):
            batch = Batch()
            for number in range(first, min(first + BATCH, self._count)):
                self._complaint(batch, number)
            yield batch

    def _complaint(self, batch: Batch, number: int) -> None:
        received_on = self._today - timedelta(days=int((self._count - 1 - number) / self._count * 365 * YEARS))
        opened_at = datetime.combine(received_on, datetime.min.time(), UTC) + timedelta(
            hours=9, seconds=number % 25_000
        )
        case_id = _ordered_id(opened_at, number)
        is_open = number >= self._count * (1 - OPEN_SHARE)
        state = self._random.choice(_STATES) if is_open else "closed"
        owner, pole = self._random.choice(self._handlers)
        ended_at = None if is_open else opened_at + timedelta(days=12)
        reference = f"REC-{received_on.year}-{number + 1:07d}"
        version = self._book.in_force_on(received_on).name
        batch.add(
            "cases", case_id, reference, "complaint", state, version, pole, owner, received_on, opened_at, ended_at, 20
        )
        self._what_arrived(batch, case_id, received_on)
        self._tasks(batch, case_id, state, owner, pole, opened_at)
        for deadline in self._deadlines(received_on):
            self._deadline(batch, case_id, deadline, is_open=is_open, met_at=ended_at)

    def _what_arrived(self, batch: Batch, case_id: UUID, received_on: date) -> None:
        name = self._random.choice(self._names)
        subject = self._random.choice(_SUBJECTS)
        text = self._letter(subject)
        address = [f"{self._random.randrange(1, 200)} rue des Ajoncs", "29200 Brest"]
        batch.add(
            "complaints",
            *(case_id, "letter", received_on, None, "member", name, "adherent@boite-postale.example", address, "fr"),
            *(subject, text, [], "business", False),
        )

    def _letter(self, subject: str) -> str:
        """About 120 words: some that every letter has, twenty of `_WORDS`, and once in thousands a rare one."""
        said = " ".join(self._random.choice(_WORDS) for _ in range(20))
        rare = " Et l’oscilloscope ?" if self._random.randrange(_RARE_EVERY) == 0 else ""
        return f"{subject}. {said}. {'Je vous ai écrit et appelé sans réponse. ' * 12}{rare}"

    def _tasks(self, batch: Batch, case_id: UUID, state: str, owner: UUID, pole: str | None, at: datetime) -> None:
        done = _STATES[: _STATES.index(state)] if state in _STATES else _STATES
        hats = [person_hat(owner)]
        for place, step in enumerate(done):
            offered: Row = (_ordered_id(at, place), case_id, _WAITS_FOR[step], pole, hats, hats, [], False)
            batch.add("tasks", *offered, None, "{}", at, at, owner, "done")
        if state in _STATES:
            offered = (_ordered_id(at, len(_STATES)), case_id, _WAITS_FOR[state], pole, hats, hats, [], False)
            due_at = at + timedelta(days=14, seconds=self._random.randrange(900_000))
            batch.add("tasks", *offered, due_at, "{}", at, None, None, None)

    def _deadline(
        self, batch: Batch, case_id: UUID, deadline: Deadline, *, is_open: bool, met_at: datetime | None
    ) -> None:
        explanation = json.dumps([step.as_json() for step in deadline.explanation]) if is_open else "[]"
        batch.add(
            "deadlines",
            *(UUID(int=self._random.getrandbits(128)), case_id, deadline.name, 1, deadline.due_on, deadline.due_at),
            *("Europe/Paris", deadline.unit, deadline.count, deadline.starts_on, deadline.source, explanation, "[]"),
            met_at,
        )

    def _computed(self, received_on: date) -> Sequence[Deadline]:
        dates = ComplaintDates(received_on, None, Channel.LETTER)
        return complaint_deadlines(dates, self._days, self._book.in_force_on(received_on))


def copy(url: str, batches: Iterable[Batch], progress: Callable[[int], None]) -> None:
    """Put the batches into the register, then let it take stock of itself."""
    with psycopg.connect(url, autocommit=True) as connection:
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                for table, rows in batch.rows.items():
                    _copy(cursor, table, rows)
            progress(len(batch.rows["cases"]))
        connection.execute("VACUUM ANALYZE")


def _copy(cursor: "psycopg.Cursor[Any]", table: str, rows: Iterable[Row]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)) as put:
        for row in rows:
            put.write_row(row)


def _ordered_id(at: datetime, number: int) -> UUID:
    """An id as uuid7 gives it: in the order of time."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | number)


def _names() -> list[str]:
    """Twenty thousand invented people."""
    from faker import Faker

    fake = Faker("fr_FR")
    fake.seed_instance(_SEED)
    return [fake.name() for _ in range(20_000)]
