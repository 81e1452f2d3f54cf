"""Correspondence: a case's letters on their way out, those that could not leave, and how they are sent again.

Source: policy (a letter that cannot leave is shown on its case, and somebody is asked to make it leave)
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from domain.desk import OnTheDesk, done, open_task
from domain.events import DeliveryFailed, Event, LetterSentAgain
from domain.forms import Email, Form, Line
from domain.house import House
from domain.outgoing import Dispatch
from domain.people import Hat
from domain.position import LetterInHand
from domain.refusals import Invalid, WrongStep
from domain.tasks import Task

REPAIR_DELIVERY = "repair_delivery"
"""The task to make a letter leave that could not be delivered."""


class Correspondent(OnTheDesk, Protocol):
    """What a case tells of whom it writes to."""

    @property
    def letters(self) -> tuple[LetterInHand, ...]:
        """The letters that have not been handed over."""

    @property
    def has_email(self) -> bool:
        """Whether a letter can leave by e-mail."""

    @property
    def has_address(self) -> bool:
        """Whether a letter can leave by post."""


class RecordHandover(Form):
    """A letter has been handed over."""

    letter_id: UUID


class ReportUndelivered(Form):
    """A letter could not be handed over: the mail server is away too long, or it refused the letter."""

    letter_id: UUID
    reason: Literal["no_server", "rejected"]


class Resend(Form):
    """Send again a letter that could not be delivered, by another way or to a corrected address."""

    outcome: Literal["resend"] = "resend"
    dispatch: Literal[Dispatch.EMAIL, Dispatch.POST]
    email: Email | None = None
    address: Annotated[tuple[Line, ...], Field(max_length=6)] = ()


def failed(
    case: Correspondent, command: ReportUndelivered, house: House, hats: Iterable[Hat], due: datetime | None
) -> list[Event]:
    """A letter that cannot leave is shown on the case, and these people are asked, once, to make it leave.

    Source: policy
    """
    letter = in_hand(case, command.letter_id)
    told = DeliveryFailed(letter.id, command.reason)
    if repairs(case, letter):
        return [told]
    return [told, *open_task(case, house, REPAIR_DELIVERY, hats, due=due, detail={"letter": str(letter.id)})]


def sent_again(case: Correspondent, command: Resend, task: Task) -> list[Event]:
    """The letter takes another way, or goes to a corrected address. Raises WrongStep, Invalid."""
    letter = next((one for one in case.letters if _concerns(task, one)), None)
    if letter is None:
        raise WrongStep("The letter has left in the meantime.", "Nothing is left to do: read the case's letters.")
    has_target = {
        Dispatch.EMAIL: case.has_email or command.email is not None,
        Dispatch.POST: case.has_address or len(command.address) > 0,
    }[command.dispatch]
    if not has_target:
        raise Invalid(f"No address is known for {command.dispatch}.", "Give it with the command.", field="dispatch")
    return [
        done(task, command.outcome),
        LetterSentAgain(letter.id, command.dispatch, command.email, command.address),
    ]


def in_hand(case: Correspondent, letter_id: UUID) -> LetterInHand:
    """The letter with this id, if it has not been handed over. Raises WrongStep."""
    letter = next((one for one in case.letters if one.id == letter_id), None)
    if letter is None:
        raise WrongStep("The letter has been handed over already.", "Nothing is left to do.")
    return letter


def repairs(case: Correspondent, letter: LetterInHand) -> list[Task]:
    """The open tasks to make this letter leave."""
    return [task for task in case.open_tasks if task.kind == REPAIR_DELIVERY and _concerns(task, letter)]


def _concerns(task: Task, letter: LetterInHand) -> bool:
    return (task.detail or {}).get("letter") == str(letter.id)


def check_reachable(case: Correspondent, dispatch: Dispatch) -> None:
    """A letter needs somewhere to go. Raises Invalid."""
    if dispatch is Dispatch.EMAIL and not case.has_email:
        raise Invalid("No e-mail address is known for the addressee.", "Send it by post.", field="dispatch")
    if dispatch is Dispatch.POST and not case.has_address:
        raise Invalid("No postal address is known for the addressee.", "Send it by e-mail.", field="dispatch")
