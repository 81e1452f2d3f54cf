"""A batch goes to the bank when two people have released its very file, neither of whom had a hand in it.

Source: procedures, section 2 step 5
"""

from dataclasses import dataclass
from uuid import UUID

from domain.desk import done, open_task, withdraw
from domain.events import Event
from domain.house import House
from domain.payment.case import Payment
from domain.payment.commands import Refuse, Release, Stop
from domain.payment.events import (
    BatchRefused,
    BatchReleased,
    BatchStopped,
    FileHandedOver,
    LinesWithdrawn,
    become,
)
from domain.payment.machine import RecordBankHandover, Register
from domain.payment.states import PaymentState
from domain.payment.timing import await_answer
from domain.payment.words import PaymentTask
from domain.people import Actor, Hat, role_hat
from domain.refusals import FileChanged, FourEyes, NotAReleaser, WrongStep
from domain.roles import Role
from domain.tasks import Task

_SHOWN = 3
"""So many references are named in a refusal; the batch shows all."""


@dataclass(frozen=True)
class Releaser:
    """One link of the chain: the hats of which one is enough."""

    number: int
    hats: frozenset[Hat]


def releasers(house: House, pole: str) -> tuple[Releaser, ...]:
    """Who releases, in order: the policy says it. Source: policy"""
    return tuple(
        Releaser(number, frozenset(role_hat(who.role, pole if who.of_case_pole else None) for who in link.any_of))
        for number, link in enumerate(house.version.claim.release.links, start=1)
    )


def register(case: Payment, _command: Register, house: House) -> list[Event]:
    """The first releaser is asked as soon as the batch is built."""
    return [become(case.state, PaymentState.RELEASING), *_ask(case, house, releasers(house, case.pole)[0])]


def release(case: Payment, command: Release, task: Task, actor: Actor, house: House) -> list[Event]:
    """One releaser lets the file that they read go; the second one sends it. Raises Refusal."""
    _check_separate(case, actor.id)
    _check_same_file(case, command.file_sha256)
    _check_in_time(case, house)
    _check_ibans(case)
    link = _link_of(task)
    released = {**case.releases, link: actor.id}
    following = next((one for one in releasers(house, case.pole) if one.number not in released), None)
    if following is None:
        _check_claims_stand_in_it(case)
    asked = _ask(case, house, following, (actor.id,)) if following else [become(case.state, PaymentState.RELEASED)]
    return [done(task, command.outcome), BatchReleased(link, actor.id, command.file_sha256), *asked]


def refuse(case: Payment, command: Refuse, task: Task, actor: Actor, _house: House) -> list[Event]:
    """The batch is cancelled: its claims can be paid by another."""
    others = [one for one in case.open_tasks if one.id != task.id]
    return [
        done(task, command.outcome),
        BatchRefused(_link_of(task), actor.id, command.reason),
        LinesWithdrawn(case.lines, "batch_cancelled"),
        *withdraw(others),
        become(case.state, PaymentState.CANCELLED),
    ]


def stop(case: Payment, command: Stop, actor: Actor, _house: House) -> list[Event]:
    """A released batch does not leave after all, as long as nothing of its file can be with the bank.

    By whoever has released it, or the operations director. Raises WrongStep, NotAReleaser.
    """
    if case.state is not PaymentState.RELEASED:
        raise WrongStep(
            f"A batch is stopped between its second release and the bank's folder: this one is {case.state}.",
            "Before, a releaser refuses it; what is with the bank, the bank answers for.",
        )
    if actor.id not in case.releases.values() and role_hat(Role.OPERATIONS_DIRECTOR) not in actor.hats:
        raise NotAReleaser(
            "A batch is stopped by one of those who have released it, or by the operations director.",
            "Ask one of them.",
        )
    if case.look_up_being_laid():
        raise WrongStep(
            "Its file is being laid in the bank's folder, or was: what may be with the bank is not paid by another "
            "batch.",
            "Ask the bank not to execute it, and wait for its answer.",
        )
    return [
        BatchStopped(actor.id, command.reason),
        LinesWithdrawn(case.lines, "batch_cancelled"),
        become(case.state, PaymentState.CANCELLED),
    ]


def record_handover(case: Payment, _command: RecordBankHandover, house: House) -> list[Event]:
    """The file lies in the bank's folder, and its answer is awaited. Told twice, it is once."""
    if case.state is not PaymentState.RELEASED:
        raise WrongStep("The file has been handed over already, or is not released.", "Nothing is left to do.")
    return [
        FileHandedOver(case.file_sha256),
        await_answer(case, house),
        become(case.state, PaymentState.HANDED_OVER),
    ]


def _ask(case: Payment, house: House, link: Releaser, others: tuple[UUID, ...] = ()) -> list[Event]:
    """Ask a releaser; a deputy comes first where they are away, then one level up."""
    detail = {"link": link.number, "file_sha256": case.file_sha256}
    kept_out = case.involved.union(case.releases.values(), others)
    return open_task(case, house, PaymentTask.RELEASE, link.hats, due=case.due_at, detail=detail, excluded=kept_out)


def _check_separate(case: Payment, person_id: UUID) -> None:
    """Whoever got a hand in the batch after the task was opened keeps out as well. Raises FourEyes."""
    if person_id in case.involved or person_id in case.releases.values():
        raise FourEyes(
            "Whoever built the batch, entered, controlled or changed the IBAN of one of its lines, or has released it "
            "already, does not release it.",
            "Leave this task to somebody else.",
        )


def _check_same_file(case: Payment, read_sha256: str) -> None:
    if read_sha256 != case.file_sha256:
        raise FileChanged(
            "This is not the hash of the file that would leave: a release holds for one file only.",
            "Read the batch again, and release the hash of its file.",
            field="file_sha256",
        )


def _check_in_time(case: Payment, house: House) -> None:
    """A file that reaches the bank after its execution date pays on a day that nobody has chosen."""
    if house.today > case.executes_on:
        raise WrongStep(
            f"The batch was to be executed on {case.executes_on}: that day has passed.",
            "Refuse the batch, and have another built.",
        )


def _check_ibans(case: Payment) -> None:
    """Money goes to the account that was approved, and only while it is still the member's."""
    if changed := case.look_up_changed():
        raise WrongStep(
            f"The IBAN of some lines has changed since the batch was built: {_some(changed)}.",
            "Refuse the batch, and have another built: it leaves them out, and they are controlled again.",
        )


def _check_claims_stand_in_it(case: Payment) -> None:
    """What is in control again is not paid beside it, even when its IBAN has changed back. Raises WrongStep."""
    if elsewhere := case.look_up_elsewhere():
        raise WrongStep(
            f"Some claims do not stand in the batch: {_some(elsewhere)}.",
            "They may need a moment to learn of it: try again. Where one is controlled again, refuse the batch.",
        )


def _some(references: tuple[str, ...]) -> str:
    return ", ".join(references[:_SHOWN]) + (", …" if len(references) > _SHOWN else "")


def _link_of(task: Task) -> int:
    return int((task.detail or {})["link"])
