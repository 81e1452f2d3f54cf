"""Pages of complaints, tasks and journal lines: nothing is lost between two pages, and nothing comes twice."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select

from db.models import Case, ComplaintRow, JournalLine
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.rows import a_case_row, a_task_row

READER, ABOUT = "katell.rolland", "tangi.riou"
MANY = 25


@pytest.fixture(scope="module")
def references(counter: Counter) -> list[str]:
    """25 complaints, newest first: three days, so that many share one; of every fifth, the expert is the subject."""
    days = [NOON.date() - timedelta(days=number % 3) for number in range(MANY)]
    with counter.house.sessions.begin() as session:
        cases = [
            (day, number, a_case_row(session, f"REC-2031-{number:06d}", day, NOON, **_about(counter, number)))
            for number, day in enumerate(days)
        ]
        hat = f"person:{counter.id_of('claire.morvan')}"
        for day, number, case_id in cases:
            due = None if number % 4 == 0 else NOON + timedelta(days=(number % 2) - 1, hours=day.day)
            a_task_row(session, case_id, NOON, hat, due_at=due, excluded=_excluded(counter, number))
    return [
        f"REC-2031-{number:06d}" for day, number, _ in sorted(cases, key=lambda one: (one[0], one[1]), reverse=True)
    ]


def _about(counter: Counter, number: int) -> dict[str, Any]:
    return {"about_id": counter.id_of(ABOUT)} if number % 5 == 0 else {}


def _excluded(counter: Counter, number: int) -> list[UUID]:
    return [counter.id_of(ABOUT)] if number % 5 == 0 else []


async def pages(counter: Counter, login: str, path: str, name: str, limit: int) -> list[list[dict[str, Any]]]:
    """All the pages, as one who follows `next` sees them."""
    joint = "&" if "?" in path else "?"
    found, cursor = [], None
    while True:
        following = f"&cursor={cursor}" if cursor else ""
        page = await counter.get(login, f"{path}{joint}limit={limit}{following}")
        found.append(page[name])
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 7, 24, 25, 26, 200])
async def test_the_complaints_come_newest_first_whatever_the_size_of_a_page(
    counter: Counter, references: list[str], limit: int
) -> None:
    found = await pages(counter, READER, "/complaints", "complaints", limit)
    assert [line["reference"] for page in found for line in page] == references
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert len(found[-1]) > 0


async def test_a_complaint_about_the_reader_leaves_no_gap(counter: Counter, references: list[str]) -> None:
    found = await pages(counter, ABOUT, "/complaints", "complaints", 7)
    visible = [one for one in references if int(one[-6:]) % 5]
    assert [line["reference"] for page in found for line in page] == visible
    assert [len(page) for page in found] == [7, 7, 6]


async def test_a_filter_holds_on_every_page(counter: Counter, references: list[str]) -> None:
    for path in ("/complaints?state=assigned", "/complaints?pole=benefits"):
        found = await pages(counter, READER, path, "complaints", 10)
        assert [line["reference"] for page in found for line in page] == references
    for path in ("/complaints?state=closed", "/complaints?pole=support", "/complaints?owner=me"):
        assert await pages(counter, READER, path, "complaints", 10) == [[]]


@pytest.mark.parametrize("limit", [1, 6, 25])
async def test_the_tasks_come_earliest_due_first_those_without_a_date_at_the_end(
    counter: Counter, references: list[str], limit: int
) -> None:
    found = [task for page in await pages(counter, "claire.morvan", "/tasks", "tasks", limit) for task in page]
    assert sorted(task["case"] for task in found) == sorted(references)
    due = [task["due_at"] or "9999" for task in found]
    assert due == sorted(due)
    assert due.count("9999") == 7


async def test_tasks_can_be_asked_for_until_a_date(counter: Counter, references: list[str]) -> None:
    everything = [task for page in await pages(counter, "claire.morvan", "/tasks", "tasks", 200) for task in page]
    [late] = await pages(counter, "claire.morvan", "/tasks?overdue=true", "tasks", 200)
    assert [task["id"] for task in late] == [task["id"] for task in everything if task["overdue"]]
    until = (NOON + timedelta(hours=2)).isoformat().replace("+", "%2B")
    [soon] = await pages(counter, "claire.morvan", f"/tasks?due_before={until}", "tasks", 200)
    assert len(late) < len(soon) < len(everything)


async def test_a_poles_tasks_are_shown_to_its_people_but_are_theirs_to_do_only_if_offered(
    counter: Counter, references: list[str]
) -> None:
    shown = [task for page in await pages(counter, "yann.kerloch", "/tasks?whose=pole", "tasks", 9) for task in page]
    assert sorted(task["case"] for task in shown) == sorted(references)
    assert not any(task["mine"] or task["outcomes"] for task in shown)
    assert await pages(counter, "yann.kerloch", "/tasks", "tasks", 9) == [[]]
    elsewhere = await pages(counter, "erwan.tanguy", "/tasks?whose=pole", "tasks", 9)
    assert elsewhere == [[]]


async def test_who_belongs_to_no_pole_cannot_ask_for_its_tasks(counter: Counter) -> None:
    answer = await counter.ask("odile.bescond", "GET", "/tasks?whose=pole")
    assert (answer.status_code, answer.json()["field"]) == (422, "whose")


async def test_what_is_entered_between_two_pages_neither_repeats_nor_hides_anything(
    counter: Counter, references: list[str]
) -> None:
    first = await counter.get(READER, "/complaints?limit=10")
    with counter.house.sessions.begin() as session:
        newest = a_case_row(session, "REC-2031-777777", NOON.date() + timedelta(days=1), NOON)
    try:
        second = await counter.get(READER, f"/complaints?limit=200&cursor={first['next']}")
        seen = [line["reference"] for page in (first, second) for line in page["complaints"]]
        assert seen == references
    finally:
        with counter.house.sessions.begin() as session:
            session.execute(delete(ComplaintRow).where(ComplaintRow.case_id == newest))
            session.execute(delete(Case).where(Case.id == newest))


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "1e2", ""])
@pytest.mark.parametrize("path", ["/complaints", "/tasks"])
async def test_a_page_has_between_1_and_200_lines(counter: Counter, path: str, limit: str) -> None:
    answer = await counter.ask(READER if path == "/complaints" else ABOUT, "GET", f"{path}?limit={limit}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.limit")


def written(text: str) -> str:
    """A cursor of one's own making."""
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "%00",
        "%FF",
        written("2031-03-03"),
        written("2031-03-03|"),
        written("2031-03-03|1"),
        written("|00000000-0000-0000-0000-000000000000"),
        written("yesterday|00000000-0000-0000-0000-000000000000"),
        written("2031-03-03|00000000-0000-0000-0000-000000000000' OR 1=1"),
        urlsafe_b64encode(b"\xff\xfe|").decode(),
        "A" * 5_000,
    ],
)
@pytest.mark.parametrize("path", ["/complaints", "/tasks"])
async def test_a_cursor_that_no_page_gave_is_refused(counter: Counter, path: str, cursor: str) -> None:
    answer = await counter.ask(ABOUT, "GET", f"{path}?cursor={cursor}")
    assert (answer.status_code, rule_of(answer), answer.json()["field"]) == (422, "invalid", "cursor")


async def test_a_journal_of_many_lines_comes_in_pages(counter: Counter, references: list[str]) -> None:
    with counter.house.sessions.begin() as session:
        case_id = session.scalars(select(Case.id).where(Case.reference == references[0])).one()
        lines = [
            {"case_id": case_id, "line": number, "event": "TaskOpened", "at": NOON, "facts": {}}
            for number in range(1, 13)
        ]
        session.execute(insert(JournalLine), lines)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = await counter.get(READER, f"/cases/{references[0]}/journal?after={after}&limit=5")
        seen += [line["line"] for line in page["lines"]]
        after = page["next"]
    assert seen == list(range(1, 13))
