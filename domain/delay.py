"""A member who waits long is told so, with the day until which the answer is promised: who is told, and who is not.

Whatever the procedure of the case: each has a letter of its own. No deadline moves: what the law or the policy asks for
stays due when it was.
Source: procedures, section 4 step 4
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from domain.events import Event
from domain.forms import Form


class NotTold(StrEnum):
    """Why a member who waits long is not told. The first that holds is the one that is said. Source: policy"""

    OPERATION_OVER = "operation_over"
    PROMISE_PAST = "promise_past"
    ENDED = "ended"
    ANSWERED = "answered"
    SENSITIVE = "sensitive"
    WAITS_FOR_MEMBER = "waits_for_member"
    TOLD_ALREADY = "told_already"
    DUE_SOONER = "due_sooner"
    RECENT_LETTER = "recent_letter"
    UNREACHABLE = "unreachable"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _NOT_TOLD[self]


@dataclass(frozen=True)
class LongWait:
    """What decides whether the member of a case is told.

    `answered`: an answer is decided, and only has to leave. `sensitive`: somebody looks after it by hand, or it looks
    like fraud. `operation_runs` whether the operation that would tell it is still running. `due_on` is the day of its
    own deadline, where one is open; `last_letter_on` the day of its last letter; `told_in_operation` whether the same
    operation has told its member already.
    """

    case_id: UUID
    received_on: date
    language: str = "fr"
    ended: bool = False
    answered: bool = False
    sensitive: bool = False
    waits_for_member: bool = False
    told_in_operation: bool = False
    operation_runs: bool = True
    due_on: date | None = None
    last_letter_on: date | None = None
    reachable: bool = True


def has_waited(received_on: date, today: date, more_than_days: int) -> bool:
    """Whether a case of this day of reception waits for more than so many civil days; exactly so many are not more.

    Source: procedures, section 4 step 4
    """
    return received_on < waits_since_before(today, more_than_days)


def waits_since_before(today: date, more_than_days: int) -> date:
    """Cases that were received before this day wait for more than so many civil days."""
    return today - timedelta(days=more_than_days)


def why_not_told(wait: LongWait, promised_on: date, today: date, quiet_days: int) -> NotTold | None:
    """Why this member is not told, the first reason that holds; None for who is told.

    Nobody is promised today, or a day that is past, nor anything of an operation that does not run any more.
    Whoever has a date of their own that comes before the promised day keeps it: a promise makes nobody wait longer. One
    that is past is no reason. For `quiet_days` civil days after a letter, whatever it says, no second one confuses.
    Source: policy
    """
    found = {
        NotTold.OPERATION_OVER: not wait.operation_runs,
        NotTold.PROMISE_PAST: promised_on <= today,
        NotTold.ENDED: wait.ended,
        NotTold.ANSWERED: wait.answered,
        NotTold.SENSITIVE: wait.sensitive,
        NotTold.WAITS_FOR_MEMBER: wait.waits_for_member,
        NotTold.TOLD_ALREADY: wait.told_in_operation,
        NotTold.DUE_SOONER: wait.due_on is not None and today <= wait.due_on < promised_on,
        NotTold.RECENT_LETTER: _is_recent(wait.last_letter_on, today, quiet_days),
        NotTold.UNREACHABLE: not wait.reachable,
    }
    return next((reason for reason, holds in found.items() if holds), None)


def _is_recent(letter_on: date | None, today: date, quiet_days: int) -> bool:
    return letter_on is not None and today < letter_on + timedelta(days=quiet_days)


class InformOfDelay(Form):
    """What an approved message does to each case that it concerns. Source: procedures, section 4 step 4"""

    operation_id: UUID
    message_id: UUID
    promised_on: date
    quiet_days: int


@dataclass(frozen=True)
class DelayTold(Event):
    """The member is told that it takes longer, and until which day the answer is promised. No deadline moves."""

    operation_id: UUID
    message_id: UUID
    promised_on: date


@dataclass(frozen=True)
class DelayNotTold(Event):
    """The member was to be told that it takes longer, and is not."""

    operation_id: UUID
    message_id: UUID
    reason: NotTold


def judged(wait: LongWait, command: InformOfDelay, today: date) -> DelayTold | DelayNotTold:
    """Looked at anew when its turn comes: much may have happened since the message was approved, and days passed.

    Source: procedures, section 4 step 4
    """
    reason = why_not_told(wait, command.promised_on, today, command.quiet_days)
    if reason is not None:
        return DelayNotTold(command.operation_id, command.message_id, reason)
    return DelayTold(command.operation_id, command.message_id, command.promised_on)


_NOT_TOLD = {
    NotTold.OPERATION_OVER: "opération arrêtée ou terminée",
    NotTold.PROMISE_PAST: "jour promis arrivé ou passé",
    NotTold.ENDED: "dossier clos",
    NotTold.ANSWERED: "réponse décidée, en cours d’envoi",
    NotTold.SENSITIVE: "dossier sensible",
    NotTold.WAITS_FOR_MEMBER: "pièces attendues de l’adhérent",
    NotTold.TOLD_ALREADY: "déjà prévenu pendant cette opération",
    NotTold.DUE_SOONER: "réponse due plus tôt",
    NotTold.RECENT_LETTER: "courrier récent",
    NotTold.UNREACHABLE: "aucune adresse connue",
}
