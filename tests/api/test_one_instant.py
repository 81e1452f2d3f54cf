"""What is told of a case is of one instant, whatever is decided while it is read."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.settle import settle
from db.models import Case, CommandRow
from db.queries import cases as case_queries
from db.queries import complaint_lists
from domain.commands import CommandRef
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_complaint

FRONT_DESK = "malo.quere"


async def entered(counter: Counter) -> str:
    """A complaint that waits for the engine."""
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(NOON.date(), skills=["english"]))
    reference: str = answer.json()["reference"]
    return reference


def decide(counter: Counter, reference: str) -> None:
    """Somebody carries the complaint on meanwhile."""
    with counter.house.sessions() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        row = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
        command = CommandRef(row.id, case.id, row.kind)
    settle(counter.house.sessions, command, counter.house.book)


@pytest.mark.parametrize(
    ("path", "module", "read"),
    [("/cases/{}/state", case_queries, "tasks"), ("/complaints/{}", complaint_lists, "current_answer")],
    ids=["state", "complaint"],
)
async def test_a_case_is_told_as_it_stood_when_it_was_asked_for(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, path: str, module: Any, read: str
) -> None:
    reference = await entered(counter)
    before = await counter.get(FRONT_DESK, path.format(reference))
    right = getattr(module, read)

    def read_while_it_is_decided(session: Session, about: Any) -> Any:
        decide(counter, reference)
        return right(session, about)

    monkeypatch.setattr(module, read, read_while_it_is_decided)
    assert await counter.get(FRONT_DESK, path.format(reference)) == before
    monkeypatch.undo()
    assert (await counter.get(FRONT_DESK, path.format(reference)))["state"] == "assigned"
