"""Ailments: what can be wrong with a case or with the house, what each means, and who mends it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class Mender(StrEnum):
    """Who sees to an ailment; what is only worth knowing leaves nobody anything to do."""

    DOCTOR = "doctor"
    PEOPLE = "people"
    NOBODY = "nobody"


class AilmentKind(StrEnum):
    """What can be wrong."""

    NO_RUN = "no_run"
    RUN_AFTER_END = "run_after_end"
    STUCK_RUN = "stuck_run"
    NO_ANSWER = "no_answer"
    NO_WATCHER = "no_watcher"
    RUN_ELSEWHERE = "run_elsewhere"
    RUNG_OVERDUE = "rung_overdue"
    COMMAND_WAITING = "command_waiting"
    COMMAND_REFUSED = "command_refused"
    COMMAND_SET_ASIDE = "command_set_aside"
    LETTER_WAITING = "letter_waiting"
    LETTER_WITH_OWNER = "letter_with_owner"
    POSSIBLE_DOUBLE = "possible_double"
    MESSAGE_WAITING = "message_waiting"
    BANK_SILENT = "bank_silent"
    LENT_IN_VAIN = "lent_in_vain"
    UNREADABLE_CASE = "unreadable_case"
    RUN_WITHOUT_CASE = "run_without_case"
    NO_STANDING_RUN = "no_standing_run"
    NO_WORKER = "no_worker"
    CANARY_SILENT = "canary_silent"
    POST_LEFT_OPEN = "post_left_open"
    CALENDAR_ENDS = "calendar_ends"

    @property
    def meaning(self) -> str:
        """What it means, in a sentence."""
        return _TOLD[self].meaning

    @property
    def remedy(self) -> str:
        """How it is mended, in a sentence."""
        return _TOLD[self].remedy

    @property
    def mended_by(self) -> Mender:
        """Who mends it."""
        return _TOLD[self].mended_by


@dataclass(frozen=True)
class Ailment:
    """One thing that is wrong, since when where that is known; `case_id` is None where it is the whole house's.

    `about` tells it from another of its kind on the same case, `subject_id` is the command or letter that it is about,
    `detail` what people read of it. `lines` is how long the case's journal was when it was seen.
    """

    kind: AilmentKind
    about: str = ""
    since: datetime | date | None = None
    subject_id: UUID | None = None
    detail: str = ""
    case_id: UUID | None = None
    reference: str = ""
    lines: int = 0

    def of(self, case_id: UUID, reference: str, lines: int) -> "Ailment":
        """The same, of this case."""
        return replace(self, case_id=case_id, reference=reference, lines=lines)

    @property
    def seen_as(self) -> tuple[object, ...]:
        """The same for the same thing seen twice, as long as nothing has happened on the case."""
        return self.kind, self.case_id, self.about, self.subject_id, self.lines

    def recorded(self, outcome: str) -> dict[str, Any]:
        """What is kept of it: no person, no word that somebody wrote; meaning and remedy are those of its kind."""
        return {
            "kind": self.kind,
            "case": self.reference or None,
            "since": self.since.isoformat() if self.since else None,
            "about": self.detail or self.about or None,
            "subject": str(self.subject_id) if self.subject_id else None,
            "outcome": outcome,
        }

    @property
    def is_left_to_do(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.kind.mended_by is not Mender.NOBODY


class _Told(NamedTuple):
    meaning: str
    remedy: str
    mended_by: Mender


_TOLD = {
    AilmentKind.NO_RUN: _Told(
        "No workflow carries this case.", "It is started again from the case's row.", Mender.DOCTOR
    ),
    AilmentKind.RUN_AFTER_END: _Told(
        "The case has ended, and its workflow still runs.", "The workflow is terminated.", Mender.DOCTOR
    ),
    AilmentKind.STUCK_RUN: _Told(
        "The workflow's code fails again and again.", "It is started again from the case's row.", Mender.DOCTOR
    ),
    AilmentKind.NO_ANSWER: _Told(
        "The workflow did not answer in time.", "Look again when the worker has less to do.", Mender.PEOPLE
    ),
    AilmentKind.NO_WATCHER: _Told(
        "Nobody watches this deadline: its reminders would not fire.",
        "The workflow is started again from the case's row.",
        Mender.DOCTOR,
    ),
    AilmentKind.RUN_ELSEWHERE: _Told(
        "The workflow does not stand where the case's row does.",
        "It is started again from the case's row.",
        Mender.DOCTOR,
    ),
    AilmentKind.RUNG_OVERDUE: _Told(
        "A reminder was due long ago and has not fired.",
        "The workflow is started again from the case's row, and fires it.",
        Mender.DOCTOR,
    ),
    AilmentKind.COMMAND_WAITING: _Told(
        "A command has not been decided.", "It is delivered; see also that the relay runs.", Mender.DOCTOR
    ),
    AilmentKind.COMMAND_REFUSED: _Told(
        "The system's own command was refused, and what it was to do is still lacking.",
        "It is given again under a new id; refused again, mend the rule that its code names.",
        Mender.DOCTOR,
    ),
    AilmentKind.COMMAND_SET_ASIDE: _Told(
        "A mistake of ours kept a person's command from being decided.",
        "Mend the mistake (see the worker's log), then ask the person to give the command again.",
        Mender.PEOPLE,
    ),
    AilmentKind.LETTER_WAITING: _Told(
        "A letter has not been handed over, and nobody has been asked to help.",
        "Mend what its error names (template, mail server, post folder): it then leaves by itself.",
        Mender.PEOPLE,
    ),
    AilmentKind.LETTER_WITH_OWNER: _Told(
        "A letter could not be handed over.", "Its owner has a task to make it leave.", Mender.NOBODY
    ),
    AilmentKind.POSSIBLE_DOUBLE: _Told(
        "A letter may have left twice: the mail server fell silent while it took it.",
        "Tell the complainant if they ask.",
        Mender.NOBODY,
    ),
    AilmentKind.MESSAGE_WAITING: _Told(
        "A message to staff has not left.",
        "See that the mail server answers: it then leaves by itself, a digest with the next morning's.",
        Mender.PEOPLE,
    ),
    AilmentKind.BANK_SILENT: _Told(
        "The bank has not answered for every line of a batch in time.",
        "Ask the bank; accounting gives its report, or two of accounting conclude the batch.",
        Mender.PEOPLE,
    ),
    AilmentKind.LENT_IN_VAIN: _Told(
        "The case is still lent by a backlog operation that is not running, or is past its last day: no right is left.",
        "The case is asked to end the loan; a task that was claimed under it is free again.",
        Mender.DOCTOR,
    ),
    AilmentKind.UNREADABLE_CASE: _Told(
        "The case's row cannot be read as a position.", "Tell your administrator the error.", Mender.PEOPLE
    ),
    AilmentKind.RUN_WITHOUT_CASE: _Told(
        "A workflow runs for a case that the register does not know.",
        "Check that register and engine belong together, and that no old backup was restored; then terminate it.",
        Mender.PEOPLE,
    ),
    AilmentKind.NO_STANDING_RUN: _Told(
        "A workflow that always runs does not: no post is closed without the mailroom, no timer proved without the "
        "canary.",
        "It is started.",
        Mender.DOCTOR,
    ),
    AilmentKind.NO_WORKER: _Told(
        "No worker answers: nothing is decided, and no workflow could be asked what it watches.",
        "Start `echeance worker`, then look again.",
        Mender.PEOPLE,
    ),
    AilmentKind.CANARY_SILENT: _Told(
        "Timers do not fire: the canary is silent.", "Look at the worker and at the engine.", Mender.PEOPLE
    ),
    AilmentKind.POST_LEFT_OPEN: _Told(
        "The post of a past day was never closed: its letters are not handed over.",
        "The mailroom is started again, and closes it now.",
        Mender.DOCTOR,
    ),
    AilmentKind.CALENDAR_ENDS: _Told(
        "The calendar ends soon: no deadline is counted beyond it.",
        "Public holidays are filled in; add the closing days yourself.",
        Mender.DOCTOR,
    ),
}
