"""Refusals: why a command is not carried out, as a sentence that names the rule and the remedy.

Refusal
├── NotAllowed (403)      the person may not do this
│   ├── RoleMissing       no role of theirs permits the action
│   ├── PasswordProvisional  they have to choose a password of their own first
│   ├── WrongPassword     what they typed is not their password
│   ├── NotYourTask       the task is offered to somebody else
│   └── FourEyes          they wrote it, approved it already, or it is about them
├── Conflict (409)        the case is no longer where the command expects it
│   ├── TaskDone          somebody completed the task
│   ├── TaskTaken         somebody else has claimed it
│   ├── StaleVersion      another version of the answer has replaced it
│   ├── WrongStep         the step has passed, or has not come
│   ├── ExtensionRefused  the answer's date was moved before, or it is too late
│   ├── OwnerChanged      the complaint has another owner than the one it was to be taken from
│   ├── KeyReused         the idempotency key was used for something else
│   ├── NumberTaken      another benefit request has the number
│   ├── LoginTaken        somebody has, or had, this login
│   ├── AccountElsewhere  the account is open or closed already
│   ├── LastAdministrator nobody would be left to manage people
│   ├── AbsenceOver       the absence has ended, or was cancelled
│   ├── AbsenceOverlaps   another absence of the person stands on some of these days
│   ├── ExaminationRuns   one examination at a time
│   ├── ReportDisagrees   the bank's report does not fit the file that was sent
│   ├── ReportReadAlready the bank's report was read before
│   ├── NothingToPay      no claim may leave in a batch
│   ├── AuditedAlready    the delegate has its audit of the year
│   ├── FileChanged       the bank file is another than the one that was read
│   ├── AgainstLabourLaw  a session would break a limit of labour law for whoever signs up
│   ├── BeyondBudget      sessions or places would cost more than the directors have approved
│   ├── NotAVolunteer     contract and usual hours of whoever signs up are not known
│   ├── RefusedByRegister the database holds a rule against it
│   └── Undecidable       a mistake of ours keeps it from being decided
├── Unseen (404)          there is no such case for whoever asks
├── Erased (410)          the key of the case is gone, and with it its letters
└── Invalid (422)         the values cannot be right
    ├── Mistakes          several values cannot be right, each is told
    └── UnreadableReport  what was sent is no status report that we can read
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Self


class Refusal(Exception):
    """A command that the procedure does not allow: `rule` says why, `remedy` what to do instead."""

    status: ClassVar[int] = 409

    def __init__(self, rule: str, remedy: str, *, field: str | None = None) -> None:
        super().__init__(f"{rule} {remedy}")
        self.rule = rule
        self.remedy = remedy
        self.field = field

    @property
    def code(self) -> str:
        """The refusal's stable name, for programs: `stale_version`."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in type(self).__name__).lstrip("_")

    def recorded(self) -> dict[str, Any]:
        """What is kept of it on the command, and told as problem+json."""
        return {
            "code": self.code,
            "status": self.status,
            "rule": self.rule,
            "remedy": self.remedy,
            "field": self.field,
        }

    @property
    def each(self) -> "tuple[Refusal, ...]":
        """What is wrong, thing by thing: this one alone, where it is not several."""
        return (self,)

    def at(self, field: str) -> Self:
        """The same refusal, of another field: of the row in which it stands."""
        moved = type(self).__new__(type(self), *self.args)
        moved.__dict__.update(self.__dict__)
        moved.field = field
        return moved


class NotAllowed(Refusal):
    """The person may not do this."""

    status = 403


class RoleMissing(NotAllowed):
    """No role of the person permits the action."""


class InsurersOnly(NotAllowed):
    """What the insurer's own people see: a delegate's people have a space of their own."""


class PasswordProvisional(NotAllowed):
    """The person signed in with a provisional password, and has to choose one of their own first."""


class WrongPassword(NotAllowed):
    """What was typed as the person's own password is not it."""


class NotYourTask(NotAllowed):
    """The task is offered to somebody else."""


class FourEyes(NotAllowed):
    """The person wrote what is to be approved, has approved it already, or is the one whom the case is about."""


class NotAReleaser(NotAllowed):
    """The person has not released the batch, and does not answer for those who have."""


class Conflict(Refusal):
    """The case is no longer where the command expects it."""


class TaskDone(Conflict):
    """Somebody has completed the task, or the procedure has closed it."""


class TaskTaken(Conflict):
    """Somebody else has claimed the task."""


class StaleVersion(Conflict):
    """Another version of the answer has replaced the one that was read."""


class WrongStep(Conflict):
    """The step has passed, or has not come."""


class OwnerChanged(Conflict):
    """The complaint has another owner than the one it was to be taken from."""


class KeyReused(Conflict):
    """The idempotency key was used for a command with another body."""


class NumberTaken(Conflict):
    """Another benefit request was entered under the number."""


class LoginTaken(Conflict):
    """Somebody has this login, or had it: it stays theirs."""


class AccountElsewhere(Conflict):
    """The account is open, or closed, already."""


class LastAdministrator(Conflict):
    """Nobody would be left who can manage people."""


class AbsenceOver(Conflict):
    """The absence has ended, or was cancelled."""


class AbsenceOverlaps(Conflict):
    """Another absence of the person stands on some of these days."""


class ExaminationRuns(Conflict):
    """An examination is under way."""


class ExtensionRefused(Conflict):
    """The answer's date has been moved already, or it is too late to move it."""


class ReportDisagrees(Conflict):
    """The bank's report speaks of another file than the one that was sent, or contradicts itself."""


class ReportReadAlready(Conflict):
    """The bank's report was read before: it is read once."""


class NothingToPay(Conflict):
    """There is no claim that may leave in a batch."""


class AuditedAlready(Conflict):
    """The delegate has its audit of the year: there is one a year."""


class FileChanged(Conflict):
    """The bank file is another than the one that was read."""


class AgainstLabourLaw(Conflict):
    """The session would break a limit of labour law for whoever signs up."""


class BeyondBudget(Conflict):
    """Sessions or places would cost more than the directors have approved."""


class NotAVolunteer(Conflict):
    """The contract and the usual hours of whoever signs up are not known."""


class RefusedByRegister(Conflict):
    """The database holds a rule against it: nothing was written."""


class Undecidable(Conflict):
    """A mistake of ours keeps the command from being decided."""


class Unseen(Refusal):
    """There is no such case for whoever asks: whether it exists is not said."""

    status = 404


class Erased(Refusal):
    """The key of the case has been erased: its letters can no longer be read by anybody."""

    status = 410


class Invalid(Refusal):
    """The values cannot be right."""

    status = 422


class Mistakes(Invalid):
    """Several values cannot be right: each is told, so that all are put right at once. `each` is one at least."""

    def __init__(self, each: Sequence[Refusal]) -> None:
        self._each = tuple(each)
        rules = dict.fromkeys(one.rule for one in self._each)
        remedies = dict.fromkeys(one.remedy for one in self._each)
        super().__init__(" ".join(rules), " ".join(remedies), field=self._each[0].field)

    @property
    def each(self) -> tuple[Refusal, ...]:
        """Those that were found."""
        return self._each

    def recorded(self) -> dict[str, Any]:
        """What is told as problem+json: each mistake with its field."""
        errors = [{"field": one.field, "rule": one.rule, "remedy": one.remedy} for one in self.each]
        return super().recorded() | {"errors": errors}


class UnreadableReport(Invalid):
    """What was sent is no status report that we can read."""
