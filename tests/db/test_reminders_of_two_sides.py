"""Reminders that speak to a delegate's people and to the insurer's: one message for each side, nothing of the other."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from db.commands.reminder import add_reminders, record_sent
from db.models import DeadlineRow, Reminder, StaffMessage
from db.queries.reminder import Told, told
from domain.events import ReminderDue
from local.demo_staff import person_id
from tests.factories.finding_desk import AUDITOR, ENORA, SABINE, opened
from tests.factories.register import Desk


def reminded(desk: Desk, case_id: UUID, to: tuple[str, ...], copies: tuple[str, ...] = ()) -> list[Told]:
    """What each message of one reminder says; all of them have left."""
    with desk.sessions.begin() as session:
        row = session.scalars(
            select(DeadlineRow).where(DeadlineRow.case_id == case_id, DeadlineRow.name == "remediation")
        ).one()
        due = ReminderDue(
            row.name,
            row.generation,
            (f"rung {len(to)} {len(copies)}",),
            row.due_at,
            row.due_at,
            tuple(map(person_id, to)),
            tuple(map(person_id, copies)),
            desk.at,
            at_once=True,
        )
        add_reminders(session, case_id, due, desk.at)
        session.flush()
        fresh = select(StaffMessage.id).where(StaffMessage.case_id == case_id, StaffMessage.sent_at.is_(None))
        ids = session.scalars(fresh.order_by(StaffMessage.id)).all()
        said = [told(session, one, desk.book) for one in ids]
        for one in ids:
            record_sent(session, one, desk.at + timedelta(hours=1))
        waiting = select(Reminder.id).where(Reminder.case_id == case_id, Reminder.at_once, Reminder.left_at.is_(None))
        assert session.scalars(waiting).all() == []
    return said


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """A finding of Armor's."""
    return opened(desk)


@pytest.mark.parametrize(
    ("to", "copies", "sides"),
    [
        ((ENORA, AUDITOR), (), [({ENORA}, set()), ({AUDITOR}, set())]),
        ((SABINE,), (ENORA, AUDITOR), [({SABINE}, {ENORA}), ({AUDITOR}, set())]),
        ((AUDITOR,), (SABINE,), [({SABINE}, set()), ({AUDITOR}, set())]),
        ((ENORA,), (SABINE,), [({ENORA}, {SABINE})]),
        ((AUDITOR,), (), [({AUDITOR}, set())]),
    ],
)
def test_no_message_holds_people_of_both_sides(
    desk: Desk, case_id: UUID, to: tuple[str, ...], copies: tuple[str, ...], sides: list[tuple[set[str], set[str]]]
) -> None:
    said = reminded(desk, case_id, to, copies)
    spoken = [({one.login for one in each.to}, {one.login for one in each.copies}) for each in said]
    assert sorted(spoken, key=str) == sorted(sides, key=str)
    for each in said:
        [item] = each.items
        in_space = item.place.startswith("/api/v1/delegate/findings/CST-")
        assert in_space == any(one.delegate for one in each.to)
