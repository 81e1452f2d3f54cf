"""Control: the first controller decides on the whole checklist, the second confirms or sends back.

A decision names the IBAN that it was taken for. A new version voids earlier approvals; a confirmation names the hash
of the version that was read.
Source: procedures, section 2 steps 3 and 4
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain import desk
from domain.claim.case import Claim, DecisionVersion
from domain.claim.chain import ControlLink, chain
from domain.claim.checklist import check_decision
from domain.claim.commands import Confirm, Decide, SendBack, decision_hash
from domain.claim.events import ClaimDecided, DecisionApproved, DecisionSentBack, DecisionTaken, become
from domain.claim.machine import Register
from domain.claim.states import ClaimState
from domain.claim.words import ClaimDeadline, ClaimLetter, ClaimTask, Verdict
from domain.correspondence import REPAIR_DELIVERY
from domain.desk import Reoffer, done, met, no_longer_blocked, open_task, withdraw
from domain.events import Event, LetterRequested
from domain.house import House
from domain.people import Actor
from domain.refusals import StaleVersion
from domain.tasks import Task


def register(case: Claim, _command: Register, house: House) -> list[Event]:
    """A claim that is to be controlled goes to its first controller. Source: procedures, section 2 step 3"""
    return [become(case.state, ClaimState.IN_CONTROL), *ask_control(case, house, due=case.due_at)]


def decide(case: Claim, command: Decide, task: Task, actor: Actor, house: House) -> list[Event]:
    """The first controller decides: pay, pay a corrected amount, or refuse. Raises Invalid.

    Source: procedures, section 2 steps 3 and 4
    """
    checklist = house.version.claim.checklists[case.category]
    amount_cents = check_decision(case, command, checklist)
    read = decision_hash(command, amount_cents, checklist.version, case.iban_hash)
    version = case.decision.version + 1 if case.decision else 1
    decision = DecisionVersion(version, read, command.decision, amount_cents, actor.id, case.iban_hash)
    return [
        done(task, command.outcome),
        DecisionTaken(
            version, read, actor.id, command.decision, amount_cents, checklist.version, case.iban_hash, command
        ),
        DecisionApproved(version, read, 1, actor.id),
        *(_decided(case, decision) if case.links == 1 else _ask_confirmation(case, decision, house)),
    ]


def confirm(case: Claim, command: Confirm, task: Task, actor: Actor, _house: House) -> list[Event]:
    """The second controller stands for the decision that they read, for the IBAN in force. Source: policy"""
    decision = _read_decision(case, command.decision_hash)
    _check_iban(case, decision)
    return [
        done(task, command.outcome),
        DecisionApproved(decision.version, decision.hash, _second(task), actor.id),
        *_decided(case, decision),
    ]


def send_back(case: Claim, command: SendBack, task: Task, actor: Actor, house: House) -> list[Event]:
    """The second controller wants another decision, and is not the one who takes it. Source: policy"""
    decision = _read_decision(case, command.decision_hash)
    return [
        done(task, command.outcome),
        DecisionSentBack(decision.version, decision.hash, actor.id, command.reason),
        become(case.state, ClaimState.IN_CONTROL),
        *ask_control(case, house, due=case.due_at, excluded={actor.id}),
    ]


def ask_control(case: Claim, house: House, *, due: datetime | None, excluded: Iterable[UUID] = ()) -> list[Event]:
    """Offer the control to the first link, without those who have a hand in the claim."""
    first, _ = links_of(case, house)
    return open_task(case, house, ClaimTask.CONTROL, first.hats, due=due, detail={"link": 1}, excluded=excluded)


def reoffer(case: Claim, command: Reoffer, house: House) -> list[Event]:
    """People have left or come back, or somebody has got a hand in the claim: each task goes to those who may do it."""
    return offered_anew(case, house) or desk.reoffer(case, command, house)


def offered_anew(case: Claim, house: House) -> list[Event]:
    """A control that was offered to somebody who has got a hand in the claim since then is offered to the others."""
    events: list[Event] = []
    for task in controls(case):
        if not case.kept_out <= task.excluded:
            events += [*withdraw([task]), *no_longer_blocked(case, task)]
            detail = dict(task.detail or {})
            events += open_task(
                case, house, task.kind, task.meant_for, due=task.due_at, detail=detail, excluded=task.excluded
            )
    return events


def controls(case: Claim) -> list[Task]:
    """The open tasks that separation of duties guards; there is one at most."""
    return [task for task in case.open_tasks if task.kind in ClaimTask.of_control()]


def links_of(case: Claim, house: House) -> tuple[ControlLink, ControlLink]:
    """The two links of the claim's category; small claims need the first alone."""
    return chain(house.version.claim, case.category, case.pole)


def _ask_confirmation(case: Claim, decision: DecisionVersion, house: House) -> list[Event]:
    _, second = links_of(case, house)
    detail = {"link": second.number, "version": decision.version, "decision_hash": decision.hash}
    return [
        become(case.state, ClaimState.CONFIRMING),
        *open_task(
            case, house, ClaimTask.CONFIRM, second.hats, due=case.due_at, detail=detail, excluded={decision.author_id}
        ),
    ]


def _second(task: Task) -> int:
    return int((task.detail or {})["link"])


def _read_decision(case: Claim, read_hash: str) -> DecisionVersion:
    """The current decision, if it is the one that was read. Raises StaleVersion."""
    if case.decision is None or case.decision.hash != read_hash:
        raise StaleVersion(
            "The decision that you read has been replaced: a confirmation holds for one version only.",
            "Read the claim's current decision, and decide on its hash.",
            field="decision_hash",
        )
    return case.decision


def _check_iban(case: Claim, decision: DecisionVersion) -> None:
    """Money does not go where nobody has decided that it goes. Raises StaleVersion."""
    if decision.iban_hash != case.iban_hash:
        raise StaleVersion(
            "The IBAN has changed since the decision was taken: it is to be taken anew.",
            "Send it back to the first controller.",
            field="decision_hash",
        )


def _decided(case: Claim, decision: DecisionVersion) -> list[Event]:
    """Everybody who has to has decided: it is paid with the next batch, or the member is told why not."""
    events: list[Event] = [
        ClaimDecided(decision.version, decision.hash, decision.verdict, decision.amount_cents),
        *met(case, ClaimDeadline.DECISION),
    ]
    if decision.verdict is not Verdict.REFUSE:
        return [*events, become(case.state, ClaimState.PAYABLE)]
    return [
        *events,
        LetterRequested(ClaimLetter.CLAIM_REFUSED, case.way, decision.version),
        become(case.state, ClaimState.REFUSED),
    ]


def nothing_left_to_do(case: Claim) -> list[Event]:
    """The claim has ended: only its letters are still to leave."""
    return withdraw(task for task in case.open_tasks if task.kind != REPAIR_DELIVERY)
