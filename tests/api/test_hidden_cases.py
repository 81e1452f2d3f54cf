"""Nobody sees a case about themselves: not in what the administration looks at either."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from db.commands import examination as kept
from db.models import LetterRow, StaffMember, StaffMessage
from domain.ailments import Ailment, AilmentKind
from domain.people import person_hat
from tests.api.counter import NOON, Counter
from tests.api.pages.browser import browser_of
from tests.api.test_staff import hired
from tests.factories.rows import a_case_row, a_task_row

ADMINISTRATOR, CONTROL = "alexis.cozic", "katell.rolland"
READERS = pytest.mark.parametrize(("about", "other"), [(ADMINISTRATOR, CONTROL), (CONTROL, ADMINISTRATOR)])


def id_of(counter: Counter, login: str) -> UUID:
    """Of the demo, or hired since."""
    with counter.house.sessions() as session:
        return session.scalars(select(StaffMember.id).where(StaffMember.login == login)).one()


def a_case_about(counter: Counter, login: str, owner: UUID) -> str:
    """A complaint about somebody, with a task that is open; its reference."""
    reference = f"REC-2031-{uuid4().int % 90_000 + 800_000}"
    with counter.house.sessions.begin() as session:
        about = {"about_id": counter.id_of(login), "owner_id": owner, "pole": "benefits"}
        case_id = a_case_row(session, reference, NOON.date(), NOON, **about)
        a_task_row(session, case_id, NOON, person_hat(owner))
        sent = {"kind": "acknowledgement", "dispatch": "email", "recipient": "M. Ewen Nicolas", "address": []}
        session.add(LetterRow(id=uuid4(), case_id=case_id, requested_at=NOON, **sent))
        session.add(StaffMessage(id=uuid4(), case_id=case_id, to_ids=[owner], copy_ids=[], leaves_at=NOON))
    return reference


async def read(counter: Counter, login: str, path: str) -> str:
    return str(await counter.get(login, path))


@READERS
async def test_what_leaves_for_a_case_about_me_is_not_listed_for_me(counter: Counter, about: str, other: str) -> None:
    reference, to = a_case_about(counter, about, counter.id_of("malo.quere")), counter.id_of(other)
    with counter.house.sessions.begin() as session:
        digest = {"person_id": to, "digest_at": NOON, "to_ids": [to], "copy_ids": [], "leaves_at": NOON}
        session.add(StaffMessage(id=uuid4(), **digest))
    assert reference not in await read(counter, about, "/administration/outgoing?limit=200")
    assert "'digest'" in await read(counter, about, "/administration/outgoing?limit=200")
    assert (await read(counter, other, "/administration/outgoing?limit=200")).count(reference) == 2


@READERS
async def test_what_the_doctor_finds_on_a_case_about_me_is_not_told_to_me(
    counter: Counter, about: str, other: str
) -> None:
    first, second = [a_case_about(counter, about, counter.id_of("malo.quere")) for _ in range(2)]
    finding = Ailment(AilmentKind.NO_RUN, since=NOON, reference=first).recorded("left")
    with counter.house.sessions.begin() as session:
        kept.keep_result(session, kept.Result(2, [finding], [second]), NOON, mending=False)
    for path in ("/administration/findings", "/administration/examination"):
        mine, theirs = (await counter.get(about, path))["last"], (await counter.get(other, path))["last"]
        assert (mine["findings"], mine["at_work"], mine["well"]) == ([], [], True)
        assert ([one["case"] for one in theirs["findings"]], theirs["at_work"]) == ([first], [second])
        assert not theirs["well"]


async def somebody_leaves(counter: Counter, about: str) -> tuple[str, str, Any]:
    """Somebody who owns a complaint about another leaves: login, reference, what the administrator is told."""
    login = (await hired(counter))["person"]["login"]
    reference = a_case_about(counter, about, id_of(counter, login))
    left = await counter.ask(ADMINISTRATOR, "POST", f"/people/{login}/leave")
    assert left.status_code == 200
    return login, reference, left.json()


@READERS
async def test_the_ledger_names_no_case_about_me_to_me(counter: Counter, about: str, other: str) -> None:
    login, reference, told = await somebody_leaves(counter, about)
    assert (reference in told["open_cases"]) == (reference in told["offered_again"]) == (about != ADMINISTRATOR)
    path = f"/administration/log?person={login}"
    assert reference not in await read(counter, about, path)
    assert (await read(counter, other, path)).count(reference) == 2


@READERS
async def test_no_page_of_the_administration_names_a_case_about_me_to_me(
    counter: Counter, about: str, other: str
) -> None:
    login, reference, _ = await somebody_leaves(counter, about)
    pages = (f"/administration/log?person={login}", f"/administration/people/{login}")
    for reader, shown in ((about, False), (other, True)):
        async with browser_of(counter, reader) as browser:
            for page in pages:
                assert (reference in (await browser.open(page)).text) is shown
            everything = await browser.open("/administration")
            assert not (reader == about and reference in everything.text)


async def test_whoever_closes_an_account_is_not_told_of_a_case_about_them(counter: Counter) -> None:
    login = (await hired(counter))["person"]["login"]
    reference = a_case_about(counter, ADMINISTRATOR, id_of(counter, login))
    async with browser_of(counter, ADMINISTRATOR) as alexis:
        for page in (f"/administration/people/{login}", f"/administration/people/{login}/leave"):
            assert reference not in (await alexis.open(page)).text
