"""A batch of payments as the rules see it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.events import Event, TaskOpened
from domain.payment.case import Instruction, Payment, ReportInHand
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus, PartTaken
from domain.tasks import Task
from local.demo_staff import person_id
from tests.factories.complaints import NOON, TODAY

CASE = UUID(int=2027)
HASH = "f" * 64


def some_lines(*statuses: str) -> tuple[Instruction, ...]:
    """Lines with these statuses: one instructed, unless said otherwise."""
    return tuple(
        Instruction(uuid5(CASE, str(n)), f"PRE-{n}-1", 100 * n, InstructionStatus(status))
        for n, status in enumerate(statuses or ("instructed",), start=1)
    )


def no_report(report_id: UUID) -> ReportInHand:
    """The bank has not answered."""
    raise KeyError(report_id)


def a_batch(state: PaymentState = PaymentState.RELEASING, **changes: Any) -> Payment:
    """A batch that Solène Guivarch has built, to be executed today."""
    batch = Payment(
        id=CASE,
        state=state,
        pole="memberships",
        message_id="VIR-2026-000001",
        executes_on=TODAY,
        due_at=NOON + timedelta(hours=4),
        file_sha256=HASH,
        parts=parts_of({"solene.guivarch": PartTaken.BUILT}),
        look_up_lines=some_lines,
        look_up_changed=tuple,
        look_up_elsewhere=tuple,
        look_up_report=no_report,
        look_up_conclusions=tuple,
        look_up_being_laid=bool,
    )
    return replace(batch, **changes)


def parts_of(taken: Mapping[str, PartTaken]) -> dict[UUID, frozenset[PartTaken]]:
    """Login → the hand that they had in it."""
    return {person_id(login): frozenset({part}) for login, part in taken.items()}


def opened(events: list[Event], kind: str = "release") -> Task:
    """The task of this kind that the events open."""
    [one] = [event for event in events if isinstance(event, TaskOpened) and event.kind == kind]
    hats, excluded = one.offer.hats, one.offer.excluded
    return Task(uuid5(CASE, kind), kind, hats, excluded, frozenset(one.meant_for), detail=one.detail)
