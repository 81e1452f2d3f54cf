"""Documents: the member is asked, the clock stands still, and goes on when the last one is there.

Source: procedures, section 2 step 3
"""

from dataclasses import replace

from domain.claim.case import Claim
from domain.claim.commands import AddDocument, AskDocuments, StopWaiting
from domain.claim.control import ask_control, links_of
from domain.claim.deadlines import Pause, decision_deadline, documents_deadline, documents_rungs
from domain.claim.events import ClockResumed, ClockStopped, DocumentAdded, DocumentsAsked, WaitingStopped, become
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline, ClaimLetter, DocumentKind
from domain.desk import done, met
from domain.events import DeadlineCancelled, DeadlineOpened, Event, LetterRequested
from domain.house import House
from domain.people import Actor
from domain.refusals import FourEyes, RoleMissing, WrongStep
from domain.tasks import Task, may_do, offer


def ask_documents(case: Claim, command: AskDocuments, task: Task, _actor: Actor, house: House) -> list[Event]:
    """The member is asked by letter; until the documents are there, the decision's clock stands still.

    Source: procedures, section 2 step 3; policy (60 days)
    """
    deadline = documents_deadline(house.today, house.version)
    generation = case.next_generation(ClaimDeadline.DOCUMENTS)
    asked = tuple(kind for kind in DocumentKind if kind in command.documents)
    return [
        done(task, command.outcome),
        DocumentsAsked(asked, generation, command.note),
        *_cancelled(case, ClaimDeadline.DECISION),
        ClockStopped(house.now, house.today),
        DeadlineOpened(deadline, generation, documents_rungs(deadline, house.version)),
        LetterRequested(ClaimLetter.DOCUMENTS_REQUEST, case.way, generation),
        become(case.state, ClaimState.AWAITING_DOCUMENTS),
    ]


def add_document(case: Claim, command: AddDocument, actor: Actor, house: House) -> list[Event]:
    """A document has come. The last of those that were asked for sends the claim back to its controller.

    Source: procedures, section 2 step 3
    """
    check_may_add_document(case, actor)
    added = DocumentAdded(command.kind, command.sha256, command.kind in case.awaited, actor.id, command.name)
    if case.state is not ClaimState.AWAITING_DOCUMENTS or case.awaited - {command.kind}:
        return [added]
    return [added, *met(case, ClaimDeadline.DOCUMENTS), *_resumed(case, house)]


def stop_waiting(case: Claim, _command: StopWaiting, actor: Actor, house: House) -> list[Event]:
    """The controller decides on what is there. Source: policy"""
    check_may_stop_waiting(case, actor, house)
    return [
        WaitingStopped(missing(case), actor.id),
        *_cancelled(case, ClaimDeadline.DOCUMENTS),
        *_resumed(case, house),
    ]


def check_may_add_document(case: Claim, actor: Actor) -> None:
    """Anybody but whose own claim it is, until it is decided. Raises FourEyes, WrongStep."""
    if actor.id in case.about:
        raise FourEyes("The claim is your own.", "Give the document to somebody else.")
    if case.state not in ClaimState.undecided():
        raise WrongStep(
            f"A claim that is {case.state} takes no documents: it has been decided.",
            "Ask for a new claim, or enter a complaint against the decision.",
        )


def check_may_stop_waiting(case: Claim, actor: Actor, house: House) -> None:
    """Whoever may control the claim, while it waits. Raises WrongStep, FourEyes, RoleMissing."""
    if case.state is not ClaimState.AWAITING_DOCUMENTS:
        raise WrongStep("The claim waits for no document.", "Read its state: it goes on already.")
    if actor.id in case.kept_out:
        raise FourEyes(
            "Whoever entered the claim, changed its IBAN, or is its beneficiary has no part in its control.",
            "Leave it to its controller.",
        )
    first, _ = links_of(case, house)
    offered = offer(first.hats, house.staff, house.up, case.kept_out, case.pole)
    if not may_do(offered.hats, offered.excluded, actor):
        raise RoleMissing("Only a controller of the claim may stop waiting for its documents.", "Ask one of them.")


def missing(case: Claim) -> tuple[DocumentKind, ...]:
    """The documents that were asked for and have not come, in the order of `DocumentKind`."""
    return tuple(kind for kind in DocumentKind if kind in case.awaited)


def _resumed(case: Claim, house: House) -> list[Event]:
    """The clock goes on with the working days that were left, and the claim is controlled again."""
    pauses = tuple(one if one.until_on else Pause(one.from_on, house.today) for one in case.pauses)
    deadline = decision_deadline(replace(case.dates, pauses=pauses), house.calendar, house.version)
    return [
        ClockResumed(house.now, house.today),
        DeadlineOpened(deadline, case.next_generation(ClaimDeadline.DECISION), ()),
        become(case.state, ClaimState.IN_CONTROL),
        *ask_control(case, house, due=deadline.due_at),
    ]


def _cancelled(case: Claim, name: ClaimDeadline) -> list[Event]:
    return [DeadlineCancelled(name)] if name in case.open_deadlines else []
