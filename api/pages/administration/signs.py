"""The signs by which a house shows that it is well: the same numbers and limits as the alarms (docs/operations.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from api.administration.looks import PulseView, WaitingView
from domain.policy.timing import DeadlineName

Standing = Literal["good", "look", "bad"]
SILENT_AFTER = timedelta(minutes=15)
COMMANDS_WAIT = timedelta(minutes=2)
LETTERS_WAIT = timedelta(hours=2)
MESSAGES_WAIT = timedelta(hours=1)
LEGAL = frozenset({DeadlineName.ACKNOWLEDGEMENT_LIMIT, DeadlineName.ANSWER_LIMIT})
"""The deadlines that others than the insurer have set: past, they are more than late."""


@dataclass(frozen=True)
class Sign:
    """One sign: how it stands, how many wait and since when, or how many by deadline. The page has its words."""

    name: str
    standing: Standing
    count: int = 0
    age: timedelta | None = None
    by_deadline: Mapping[str, int] = field(default_factory=dict)


def signs(pulse: PulseView) -> list[Sign]:
    """How the house is, the gravest matters first: timers, commands, deadlines, then what leaves."""
    return [
        _canary(pulse.canary_seconds),
        _waiting("commands", pulse.commands, COMMANDS_WAIT),
        _overdue(pulse.overdue),
        _waiting("letters", pulse.letters, LETTERS_WAIT),
        _waiting("messages", pulse.messages, MESSAGES_WAIT),
        Sign("doubles", "look" if pulse.possible_doubles else "good", pulse.possible_doubles),
    ]


def _canary(seconds: float | None) -> Sign:
    """A timer that nobody has to meet fires every few minutes; a silent one says that no other fires either."""
    if seconds is None:
        return Sign("canary", "bad")
    age = timedelta(seconds=max(seconds, 0))
    return Sign("canary", "bad" if age > SILENT_AFTER else "good", age=age)


def _waiting(name: str, waiting: WaitingView, patience: timedelta) -> Sign:
    age = timedelta(seconds=max(waiting.oldest_seconds, 0))
    return Sign(name, "bad" if waiting.count and age > patience else "good", waiting.count, age)


def _overdue(overdue: Mapping[str, int]) -> Sign:
    total = sum(overdue.values())
    standing: Standing = "bad" if any(overdue.get(name) for name in LEGAL) else "look" if total else "good"
    return Sign("overdue", standing, total, by_deadline=overdue)
