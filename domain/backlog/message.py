"""Members who wait longest are told: somebody proposes the message, somebody else lets that very message leave.

Source: procedures, section 4 step 4
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps
from uuid import UUID

from domain.backlog.case import OpenMessage, Operation
from domain.backlog.commands import ApproveMessage, ProposeMessage, Refuse
from domain.backlog.deadlines import decided_by
from domain.backlog.events import MessageApproved, MessageLapsed, MessageProposed, MessageRefused
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogTask
from domain.desk import done, open_task
from domain.events import Event
from domain.house import House
from domain.people import Actor, role_hat
from domain.policy.backlog import MessageRules
from domain.refusals import FourEyes, Invalid, StaleVersion, WrongStep
from domain.roles import Role
from domain.tasks import Task


@dataclass(frozen=True)
class CheckedMessage:
    """A message that may be put before somebody else. `quiet_days` are the policy's: for so long after a letter a
    member gets no other one."""

    more_than_days: int
    promised_on: date
    fr: str
    en: str
    quiet_days: int

    def hash_in(self, operation_id: UUID) -> str:
        """SHA-256 over all that an approval stands for: words in both languages, the promised day, who is told."""
        told = {
            "operation": str(operation_id),
            "more_than_days": self.more_than_days,
            "quiet_days": self.quiet_days,
            "promised_on": self.promised_on.isoformat(),
            "fr": self.fr,
            "en": self.en,
        }
        return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def checked(asked: ProposeMessage, ends_on: date, rules: MessageRules, today: date) -> CheckedMessage:
    """The message as asked for, or Invalid: the day is one to come, not after the operation's last unless that is said.

    Source: procedures, section 4 step 4
    """
    if asked.promised_on <= today:
        raise Invalid("An answer is promised for a day to come.", "Give a day after today.", field="promised_on")
    if asked.promised_on > ends_on and not asked.after_the_end:
        raise Invalid(
            f"The operation ends on {ends_on}: nobody works for it on the promised day.",
            "Give a day up to its last, or say that the promise goes beyond it (after_the_end).",
            field="promised_on",
        )
    days = asked.more_than_days or rules.waits_more_than.days
    return CheckedMessage(days, asked.promised_on, asked.words.fr, asked.words.en, rules.quiet_after_letter.days)


def propose(case: Operation, command: ProposeMessage, actor: Actor, house: House) -> list[Event]:
    """The message lies before the operations director, or whoever stands in; never before who proposes it.

    Source: procedures, section 4 step 4
    """
    check_may_propose_message(case, actor, house)
    message = checked(command, case.ends_on, house.version.backlog.message, house.today)
    told = message.hash_in(case.id)
    return [
        MessageProposed(
            told,
            message.more_than_days,
            message.promised_on,
            message.quiet_days,
            actor.id,
            message.fr,
            message.en,
        ),
        *open_task(
            case,
            house,
            BacklogTask.APPROVE_MESSAGE,
            {role_hat(Role.OPERATIONS_DIRECTOR)},
            due=decided_by(house.today, case.ends_on, house.calendar, house.version),
            detail={"sha256": told},
            excluded=(actor.id,),
        ),
    ]


def check_may_propose_message(case: Operation, _actor: Actor, _house: House) -> None:
    """While it is running, of cases that our register knows, one message at a time. Raises WrongStep."""
    if case.state is not BacklogState.RUNNING:
        raise WrongStep(f"Members are told while an operation is running; this one is {case.state}.", "Read its state.")
    check_is_counted(case.procedure)
    if case.message is not None:
        raise WrongStep("A message is before its approver already.", "Have it approved, or refused.")


def check_is_counted(counts: str | None) -> str:
    """The procedure whose cases the activity counts. Raises WrongStep where our register does not know them."""
    if counts not in TELLING:
        raise WrongStep(
            "The operation's activity is not counted in our register: nobody knows whose cases wait.",
            "Have its members told where their cases are known.",
        )
    return counts


TELLING = frozenset({"complaint", "claim"})
"""The procedures whose members can be told: each has a letter for it."""


def approve(case: Operation, command: ApproveMessage, task: Task, actor: Actor, house: House) -> list[Event]:
    """Somebody else lets that very message leave: each case that it concerns is told.

    Source: procedures, section 4 step 4
    """
    message = _before_approver(case, actor)
    if command.sha256 != message.sha256:
        raise StaleVersion("It is another message than the one that was read.", "Read it, and name its own hash.")
    if message.promised_on <= house.today:
        raise WrongStep(
            f"The promised day ({message.promised_on}) has come: nobody could keep the promise.",
            "Refuse it; a message with a day to come can be proposed.",
        )
    assert case.procedure is not None  # or nobody could have proposed it
    return [
        done(task, command.outcome),
        MessageApproved(
            message.id,
            message.sha256,
            case.procedure,
            message.more_than_days,
            message.promised_on,
            message.quiet_days,
            house.today,
            actor.id,
        ),
    ]


def refuse_message(case: Operation, command: Refuse, task: Task, actor: Actor, _house: House) -> list[Event]:
    """It will not do, with the reason: nobody is told."""
    message = _before_approver(case, actor)
    return [done(task, command.outcome), MessageRefused(message.id, actor.id, command.reason)]


def _before_approver(case: Operation, actor: Actor) -> OpenMessage:
    if case.message is None:
        raise WrongStep("No message is before its approver.", "Read the operation again.")
    if actor.id == case.message.proposed_by:
        raise FourEyes("Whoever has proposed a message does not let it leave.", "Leave this task to somebody else.")
    return case.message


def lapse(case: Operation) -> list[Event]:
    """The operation ends: a message that nobody has let leave does not leave any more."""
    return [MessageLapsed(case.message.id)] if case.message else []
