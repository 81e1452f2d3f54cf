"""The launch, and six weeks for the delegate to deliver; what comes late is marked, what never comes is a finding.

Source: procedures, section 3 step 2
"""

from collections.abc import Iterable

from domain.audit.case import AUDITORS, Audit, Piece
from domain.audit.commands import Deliver, DeliverPiece, EndDelivery, HoldLaunch, WithdrawPiece
from domain.audit.deadlines import audit_rungs, delivery_deadline, report_deadline
from domain.audit.events import (
    DeliveryBegun,
    DeliveryEnded,
    MeetingHeld,
    PieceDelivered,
    PieceWithdrawn,
    become,
)
from domain.audit.machine import Register
from domain.audit.meetings import check_auditor, check_held_on, check_not_ended
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, AuditTask, Meeting
from domain.desk import done, met, open_task, withdraw
from domain.events import DeadlineOpened, Event
from domain.house import House
from domain.people import Actor
from domain.refusals import Invalid, NotAllowed, WrongStep
from domain.tasks import Task

_SHOWN = 5
"""So many pieces are named in a refusal; the audit shows all."""


def register(case: Audit, _command: Register, house: House) -> list[Event]:
    """The auditors are asked to hold the launch meeting."""
    return open_task(case, house, AuditTask.HOLD_LAUNCH_MEETING, AUDITORS, due=case.due(AuditDeadline.LAUNCH))


def hold_launch(case: Audit, command: HoldLaunch, task: Task, _actor: Actor, house: House) -> list[Event]:
    """The meeting was held: the delegate has six weeks from that day. Source: Memo"""
    check_held_on(case, command.held_on, house)
    delivery = delivery_deadline(command.held_on, house.version)
    return [
        done(task, command.outcome),
        MeetingHeld(Meeting.LAUNCH, command.held_on, command.minutes),
        *met(case, AuditDeadline.LAUNCH),
        become(case.state, AuditState.LAUNCHED),
        DeliveryBegun(command.held_on, delivery.due_on),
        DeadlineOpened(delivery, case.next_generation(delivery.name), audit_rungs(delivery, house.version)),
        *open_task(case, house, AuditTask.DELIVER_PIECES, case.delegate_hats, due=delivery.due_at),
    ]


def deliver_piece(case: Audit, command: DeliverPiece, actor: Actor, house: House) -> list[Event]:
    """A file of a piece: its next version, marked late after the due instant. The same bytes again change nothing.

    Source: procedures, section 3 step 2
    """
    check_may_deliver(case, actor)
    piece = _asked(case, command.piece)
    if any(file.sha256 == command.sha256 and not file.withdrawn for file in piece.files):
        return []
    if not case.in_hand:
        raise WrongStep("The file was not kept: when it came, nothing could be delivered.", "Send it again.")
    due_at = case.due(AuditDeadline.DELIVERY)
    late = due_at is not None and house.now > due_at
    return [PieceDelivered(piece.id, piece.next_version, command.sha256, late)]


def check_may_deliver(case: Audit, actor: Actor) -> None:
    """The delegate's own people, or an auditor for them, between launch and end of the delivery. Raises Refusal."""
    if actor.hats.isdisjoint(case.delegate_hats | AUDITORS):
        raise NotAllowed("Pieces are delivered by the delegate's own people.", "Ask one of them.")
    check_not_ended(case)
    if case.state is AuditState.PLANNED:
        raise WrongStep(
            "The delivery begins with the launch meeting, and it has not been held.", "Deliver after the meeting."
        )
    if case.state is not AuditState.LAUNCHED:
        raise WrongStep(
            "The delivery has ended: a piece that has not come is missing, and becomes a finding at the restitution.",
            "Deliver it as evidence of that finding; tell the auditor meanwhile.",
        )


def withdraw_piece(case: Audit, command: WithdrawPiece, actor: Actor, _house: House) -> list[Event]:
    """A file delivered by mistake counts for nothing any more; the piece may be missing again."""
    check_may_deliver(case, actor)
    piece = _asked(case, command.piece)
    file = next((one for one in piece.files if one.version == command.version), None)
    if file is None:
        raise Invalid(
            f"The piece {piece.named} has no version {command.version}.", "Look at its versions.", field="version"
        )
    if file.withdrawn:
        return []
    return [PieceWithdrawn(piece.id, file.version, command.reason)]


def deliver(case: Audit, command: Deliver, task: Task, _actor: Actor, house: House) -> list[Event]:
    """The delegate says that all is there, and it is. Raises WrongStep, naming what is missing."""
    if case.missing:
        raise WrongStep(
            f"So many pieces have not come: {len(case.missing)} ({_some(case.missing)}).",
            "Deliver them; what you cannot deliver, tell the auditor, who can end the delivery.",
        )
    return [done(task, command.outcome), *_ended(case, None, house)]


def end_delivery(case: Audit, command: EndDelivery, actor: Actor, house: House) -> list[Event]:
    """The auditor ends the delivery, with the reason: what is missing stays so. Raises Refusal."""
    check_may_end_delivery(case, actor)
    return [*withdraw(case.open_tasks), *_ended(case, command.reason, house)]


def check_may_end_delivery(case: Audit, actor: Actor) -> None:
    """An auditor, while it goes on. Raises Refusal."""
    check_auditor(actor)
    check_not_ended(case)
    if case.state is not AuditState.LAUNCHED:
        raise WrongStep(f"The audit is {case.state}: no delivery is going on.", "Look at the audit's steps.")


def _ended(case: Audit, reason: str | None, house: House) -> list[Event]:
    report = report_deadline(house.today, house.calendar, house.version)
    return [
        DeliveryEnded(house.today, tuple(piece.id for piece in case.missing), reason),
        *met(case, AuditDeadline.DELIVERY),
        become(case.state, AuditState.ANALYSING),
        DeadlineOpened(report, case.next_generation(report.name), audit_rungs(report, house.version)),
        *open_task(case, house, AuditTask.ANALYSE, AUDITORS, due=report.due_at),
    ]


def _asked(case: Audit, piece_id: str) -> Piece:
    """Raises Invalid for what was not asked for."""
    piece = case.piece(piece_id)
    if piece is None:
        raise Invalid(f"This audit does not ask for {piece_id}.", "Look at the pieces that it asks for.", field="piece")
    return piece


def _some(pieces: Iterable[Piece]) -> str:
    named = [piece.named for piece in pieces]
    return ", ".join(named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")
