"""Why what a deadline asks for is not done yet: which task, letter or command holds it, who has it, and since when.

Each procedure says what its deadlines wait for, in its own module `hold`.
Source: procedures, section 1 steps 4 to 9, section 2 step 3
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.people import Hat, person_hat


class Hold(StrEnum):
    """What an open deadline waits for, the most pressing first."""

    UNDECIDED_COMMAND = "undecided_command"
    NOBODY_LEFT = "nobody_left"
    OWNER_ABSENT = "owner_absent"
    RAISED = "raised"
    CLAIMED = "claimed"
    OFFERED = "offered"
    LETTER_NOT_HANDED_OVER = "letter_not_handed_over"
    DOCUMENTS_AWAITED = "documents_awaited"
    NOTHING_OPEN = "nothing_open"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LABELS[self]


@dataclass(frozen=True)
class OpenTask:
    """An open task, as far as it says who has it."""

    id: UUID
    kind: str
    opened_at: datetime
    offered_to: frozenset[Hat]
    meant_for: frozenset[Hat]
    nobody_left: bool = False
    claimed_by: UUID | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True)
class WaitingLetter:
    """A letter that was asked for and has not been handed over."""

    kind: str
    requested_at: datetime


@dataclass(frozen=True)
class Facts:
    """What is open on a case. `away_since` tells of everybody absent today from which instant on they are;
    `documents_since`, when the member was asked for documents that have not come.
    """

    owner_id: UUID | None = None
    tasks: tuple[OpenTask, ...] = ()
    letters: tuple[WaitingLetter, ...] = ()
    undecided_since: datetime | None = None
    documents_since: datetime | None = None
    away_since: Mapping[UUID, datetime] | None = None


@dataclass(frozen=True)
class Held:
    """Why a deadline's object is not done, and since when; the task that holds it, and who it is with."""

    why: Hold
    since: datetime | None = None
    task_id: UUID | None = None
    task_kind: str | None = None
    offered_to: tuple[Hat, ...] = ()
    claimed_by: UUID | None = None


@dataclass(frozen=True)
class Waits:
    """What one deadline waits for: tasks, in the procedure's order, and letters."""

    tasks: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()


def why_not_done(waits: Waits, facts: Facts) -> Held:
    """The one thing to look at: a command that nobody has decided, then the task or letter that the deadline waits for,
    then the documents that the member has been asked for.

    Source: procedures, section 1 steps 4 to 9, section 2 step 3
    """
    if facts.undecided_since is not None:
        return Held(Hold.UNDECIDED_COMMAND, facts.undecided_since)
    waiting = [letter.requested_at for letter in facts.letters if letter.kind in waits.letters]
    open_ones = (task for task in facts.tasks if task.kind in waits.tasks)
    task = min(open_ones, key=lambda one: waits.tasks.index(one.kind), default=None)
    if task is not None:
        return _held_by_task(task, facts)
    if waiting:
        return Held(Hold.LETTER_NOT_HANDED_OVER, min(waiting))
    if facts.documents_since is not None:
        return Held(Hold.DOCUMENTS_AWAITED, facts.documents_since)
    return Held(Hold.NOTHING_OPEN)


def _held_by_task(task: OpenTask, facts: Facts) -> Held:
    why, since = _with_whom(task, facts)
    return Held(why, since, task.id, task.kind, tuple(sorted(task.offered_to)), task.claimed_by)


def _with_whom(task: OpenTask, facts: Facts) -> tuple[Hold, datetime]:
    away_since = (facts.away_since or {}).get(facts.owner_id) if facts.owner_id else None
    if task.nobody_left:
        return Hold.NOBODY_LEFT, task.opened_at
    if task.claimed_by is not None and task.claimed_by != facts.owner_id:
        return Hold.CLAIMED, task.claimed_at or task.opened_at
    if away_since is not None and facts.owner_id and person_hat(facts.owner_id) in task.offered_to:
        return Hold.OWNER_ABSENT, max(away_since, task.opened_at)
    if task.offered_to != task.meant_for:
        return Hold.RAISED, task.opened_at
    if task.claimed_by is not None:
        return Hold.CLAIMED, task.claimed_at or task.opened_at
    return Hold.OFFERED, task.opened_at


_LABELS = {
    Hold.UNDECIDED_COMMAND: "commande pas encore décidée",
    Hold.NOBODY_LEFT: "personne ne peut faire la tâche",
    Hold.LETTER_NOT_HANDED_OVER: "courrier pas encore remis",
    Hold.DOCUMENTS_AWAITED: "pièces attendues de l’adhérent",
    Hold.OWNER_ABSENT: "responsable absent",
    Hold.RAISED: "remontée d’un niveau",
    Hold.CLAIMED: "prise en charge",
    Hold.OFFERED: "proposée, pas encore prise",
    Hold.NOTHING_OPEN: "rien n’est ouvert",
}
