"""The relay: one case that cannot be delivered holds up no other."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from api.relay import relay_once
from db.models import CommandRow
from tests.api.counter import NOON
from tests.factories.rows import a_case_row
from tests.stories.acts import state_of
from tests.stories.house import StoryHouse

OWNER = "claire.morvan"


def a_case_of_no_procedure(house: StoryHouse) -> UUID:
    """A case that nobody knows how to carry, with a command that waits on it: longer than any other."""
    with house.house.sessions.begin() as session:
        case_id = a_case_row(session, "XXX-2031-000001", NOON.date(), NOON, procedure="unheard_of")
        session.add(CommandRow(id=uuid7(), case_id=case_id, kind="register", body={}, at=NOON))
    return case_id


async def test_a_case_that_cannot_be_delivered_holds_up_no_other(
    house: StoryHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    stuck = a_case_of_no_procedure(house)
    reference = "REC-2031-900001"
    with house.house.sessions.begin() as session:
        case_id = a_case_row(session, reference, NOON.date(), NOON, state="registered")
        session.add(CommandRow(id=uuid7(), case_id=case_id, kind="register", body={}, at=NOON))
    assert await relay_once(house.house.delivery) == 2
    assert await state_of(house, OWNER, reference) == "assigned"
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "not_delivered" in line]
    assert [(line["case"], line["error"]) for line in told] == [(str(stuck), "KeyError")]

    # It is left alone for a while, then tried again; meanwhile the relay has nothing to do.
    with house.house.sessions.begin() as session:
        row = session.scalars(select(CommandRow).where(CommandRow.case_id == stuck)).one()
        assert row.lease_until_wall is not None
        row.lease_until_wall += timedelta(seconds=40)  # however slow the machine is
    assert await relay_once(house.house.delivery) == 0
