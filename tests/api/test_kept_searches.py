"""A search is kept to be sent to a colleague: its address says nothing of what it looks for."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from api.tokens import wall_now
from db.commands.sweep import FORGOTTEN_AFTER
from db.models import KeptSearch
from tests.api.counter import NOON, Counter
from tests.factories.rows import a_case_row

READER, COLLEAGUE, ABOUT = "katell.rolland", "nolwenn.salaun", "tangi.riou"
NAME = "Mme Enora Talarmin"
MINE, ABOUT_COLLEAGUE = "REC-2031-000601", "REC-2031-000602"


@pytest.fixture(scope="module", autouse=True)
def complaints(counter: Counter) -> None:
    """Two of the same person: one with an owner, one about a member of staff."""
    with counter.house.sessions.begin() as session:
        owner = {"complainant_name": NAME, "owner_id": counter.id_of(READER)}
        a_case_row(session, MINE, NOON.date(), NOON, **owner)
        about = {"complainant_name": NAME, "about_id": counter.id_of(ABOUT)}
        a_case_row(session, ABOUT_COLLEAGUE, NOON.date(), NOON, **about)


async def keep(counter: Counter, body: Any, login: str = READER) -> str:
    answer = await counter.ask(login, "POST", "/searches", body)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["Location"] == told["link"] == f"/api/v1/searches/{UUID(told['id'])}"
    return f"/searches/{told['id']}"


def references(page: Any) -> set[str]:
    return {line["reference"] for line in page["complaints"]}


async def last_used(counter: Counter, path: str, ago: timedelta) -> None:
    with counter.house.sessions.begin() as session:
        used = update(KeptSearch).where(KeptSearch.id == UUID(path.rpartition("/")[2]))
        session.execute(used.values(last_used_wall=wall_now() - ago))


async def test_whoever_opens_it_sees_what_they_may_see(counter: Counter) -> None:
    path = await keep(counter, {"words": "talarmin"})
    assert references(await counter.get(COLLEAGUE, path)) == {MINE, ABOUT_COLLEAGUE}
    assert references(await counter.get(ABOUT, path)) == {MINE}


async def test_it_tells_what_it_looks_for_and_who_has_kept_it(counter: Counter) -> None:
    asked = {"words": "Talarmin  -dentaire", "category": "business", "received_from": "2031-01-01"}
    page = await counter.get(COLLEAGUE, await keep(counter, asked))
    assert {name: value for name, value in page["asked"].items() if value is not None} == asked
    assert page["kept_by"] == "Katell Rolland" or page["kept_by"].endswith("Rolland")


async def test_my_complaints_stay_mine_when_a_colleague_opens_it(counter: Counter) -> None:
    path = await keep(counter, {"words": "talarmin", "owner": "me"})
    page = await counter.get(COLLEAGUE, path)
    assert page["asked"]["owner"] == READER
    assert references(page) == {MINE}


async def test_its_pages_follow_one_another(counter: Counter) -> None:
    path = await keep(counter, {"words": "talarmin"})
    first = await counter.get(READER, f"{path}?limit=1")
    second = await counter.get(READER, f"{path}?limit=1&cursor={first['next']}")
    assert references(first) | references(second) == {MINE, ABOUT_COLLEAGUE}
    assert second["next"] is None


async def test_signs_that_no_register_can_hold_are_no_mistake(counter: Counter) -> None:
    content = b'{"words": "talarmin \\u0000 \\ud800"}'
    answer = await counter.send(READER, "/searches", content)
    assert answer.status_code == 201, answer.text
    assert references(await counter.get(READER, f"/searches/{answer.json()['id']}")) == {MINE, ABOUT_COLLEAGUE}


async def test_it_is_forgotten_thirty_days_after_it_was_last_used(counter: Counter) -> None:
    path = await keep(counter, {"words": "talarmin"})
    await last_used(counter, path, FORGOTTEN_AFTER - timedelta(hours=1))
    await counter.get(READER, path)
    with counter.house.sessions() as session:
        used = session.get_one(KeptSearch, UUID(path.rpartition("/")[2])).last_used_wall
    assert wall_now() - used < timedelta(minutes=1)
    await last_used(counter, path, FORGOTTEN_AFTER + timedelta(hours=1))
    assert (await counter.ask(READER, "GET", path)).status_code == 404


async def test_what_is_forgotten_is_swept_away_when_another_is_kept(counter: Counter) -> None:
    path = await keep(counter, {"words": "talarmin"})
    await last_used(counter, path, FORGOTTEN_AFTER + timedelta(hours=1))
    await keep(counter, {"words": "autre"})
    with counter.house.sessions() as session:
        assert session.get(KeptSearch, UUID(path.rpartition("/")[2])) is None
        forgotten = select(func.count()).where(KeptSearch.last_used_wall < wall_now() - FORGOTTEN_AFTER)
        assert session.scalar(forgotten) == 0


async def test_one_that_nobody_has_kept_is_not_there(counter: Counter) -> None:
    assert (await counter.ask(READER, "GET", f"/searches/{uuid4()}")).status_code == 404
    assert (await counter.ask(READER, "GET", "/searches/talarmin")).status_code == 422


async def test_a_search_and_its_answers_leave_nothing_in_the_log(
    counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await keep(counter, {"words": "talarmin"})
    await counter.get(READER, path)
    await counter.ask(READER, "POST", "/search", {"words": "talarmin"})
    await counter.ask(READER, "POST", "/search", {"words": "talarmin", "state": "nowhere"})
    told = capsys.readouterr()
    assert "talarmin" not in (told.out + told.err).lower()
