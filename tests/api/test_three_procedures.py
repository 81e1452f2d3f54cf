"""Complaints, claims and batches in one register: every look shows each for what it is, and to whom it may."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.models import Case, DeadlineRow, DocumentRequest, StaffMember, TaskRow
from domain.people import role_hat
from domain.roles import Role
from tests.api.board_house import DAY, Board, fill, open_board
from tests.api.counter import NOON
from tests.api.matrix_things import Asker, Planting
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.factories.complaints import ACCOUNTANT, ADMINISTRATOR, MANAGER, OPERATIONS
from tests.factories.rows import a_task_row
from tests.servers import INSURER, fresh_database

AUDITOR = "katell.rolland"


@dataclass
class Mixed:
    """A board, and the references of the claims and the batch in its register."""

    board: Board
    controlled: str
    awaiting: str
    own: str
    batch: str


@pytest.fixture(scope="module")
async def mixed(postgres: str, ask: Ask) -> AsyncIterator[Mixed]:
    """Complaints at every step, three claims under control, of which one is the manager's own, and a batch."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_board(url) as board:
            fill(board.desk)
            yield plant(board)


def plant(board: Board) -> Mixed:
    """A claim that is late, one that waits for documents, the manager's own, and a batch to be released."""
    with board.desk.sessions.begin() as session:
        manager = session.query(StaffMember).filter_by(login=MANAGER).one()
        planting = Planting(session, Asker(Role.POLE_MANAGER, manager.id, MANAGER), NOON - 10 * DAY)
        controlled, awaiting, own = (planting.filed(mine=mine)["reference"] for mine in (False, False, True))
        batch = planting.batch()["reference"]
        cases = {row.reference: row.id for row in session.query(Case)}
        for reference in (controlled, own):
            session.add(a_deadline(cases[reference], "decision", NOON - DAY))
            hat = role_hat(Role.TECHNICAL_REFERENT, "benefits")
            a_task_row(session, cases[reference], NOON - 3 * DAY, hat, kind="control", due_at=NOON - DAY)
        waiting = session.get_one(Case, cases[awaiting])
        waiting.state = "awaiting_documents"
        session.add(a_deadline(waiting.id, "documents", NOON + 3 * DAY))
        asked = {"case_id": waiting.id, "asked_at": NOON - 5 * DAY, "asked_by": manager.id, "kinds": ["invoice"]}
        session.add(DocumentRequest(**asked))
        release = a_task_row(session, cases[batch], NOON - DAY, role_hat(Role.ACCOUNTING), kind="release")
        session.get_one(TaskRow, release).nobody_left = True
        session.get_one(Case, cases[batch]).state = "releasing"
    return Mixed(board, controlled, awaiting, own, batch)


def a_deadline(case_id: UUID, name: str, due_at: Any) -> DeadlineRow:
    return DeadlineRow(
        id=uuid4(),
        case_id=case_id,
        name=name,
        generation=1,
        unit="working_days",
        count=5,
        starts_on=date(2031, 2, 21),
        due_on=due_at.date(),
        due_at=due_at,
        zone="Europe/Paris",
        source="policy",
        explanation=[],
        planned=[],
    )


LOOKS = {
    MANAGER: (
        *("/board", "/board/late", "/inbox", "/inbox?whose=pole", "/complaints", "/claims", "/cases"),
        *("/board?pole=benefits", "/board/late?deadline=decision", "/board/reassign/claire.morvan"),
        *(
            "/administration/absences",
            "/board/claims",
            "/board/claims/awaiting_documents",
            "/board/claims?pole=benefits",
        ),
    ),
    ACCOUNTANT: ("/inbox", "/claims", "/cases"),
    ADMINISTRATOR: ("/administration", "/administration/people", "/administration/examination", "/administration/log"),
    AUDITOR: ("/board", "/board/late", "/administration", "/cases?procedure=payment"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("login", LOOKS)
async def test_every_page_opens_with_three_procedures_in_the_register(mixed: Mixed, login: str, language: str) -> None:
    async with browser_of(mixed.board.counter, login, language) as browser:
        told = {path: (await browser.open(path)).status_code for path in LOOKS[login]}
    assert told == dict.fromkeys(LOOKS[login], 200)


ROUTES = (
    *("/board/counts", "/board/late", "/board/blocked", "/board/load", "/board/procedure", "/complaints", "/claims"),
    *(
        "/board/claims",
        "/board/claims/to_control",
        "/cases",
        "/tasks",
        "/tasks?whose=pole",
        "/people/claire.morvan/reassignment",
    ),
)


@pytest.mark.parametrize("path", ROUTES)
async def test_every_route_answers_with_three_procedures_in_the_register(mixed: Mixed, path: str) -> None:
    assert await mixed.board.get(path)


async def test_the_metrics_count_the_cases_of_each_procedure(mixed: Mixed) -> None:
    told = (await mixed.board.counter.http.get("/metrics")).text
    assert 'echeance_cases_open{procedure="claim",state="in_control"} 2.0' in told
    assert 'echeance_cases_open{procedure="payment",state="releasing"} 1.0' in told


async def test_what_counts_complaints_counts_nothing_else(mixed: Mixed) -> None:
    counts = await mixed.board.get("/board/counts", AUDITOR)
    listed = await mixed.board.cases("/complaints?open=true", AUDITOR)
    assert sum(one["count"] for one in counts["open"]) == len(listed)
    assert all(reference.startswith("REC-") for reference in listed)


async def test_a_late_claim_is_told_beside_the_complaints_with_why(mixed: Mixed) -> None:
    lines = (await mixed.board.get("/board/late?limit=200", AUDITOR))["lines"]
    [late] = [line for line in lines if line["case"] == mixed.controlled]
    told = (late["procedure"], late["deadline"], late["window"], late["held"]["why"], late["held"]["kind"])
    assert told == ("claim", "decision", "past_due", "offered", "control")
    [waits] = [line for line in lines if line["case"] == mixed.awaiting]
    assert (waits["deadline"], waits["held"]["why"]) == ("documents", "documents_awaited")


@pytest.mark.parametrize(
    ("login", "part"),
    [
        *((login, part) for login in (AUDITOR, OPERATIONS) for part in ("late", "blocked", "load", "claims")),
        *((MANAGER, part) for part in ("late", "load", "claims")),
    ],
)
async def test_every_number_opens_as_many_cases_of_any_procedure(mixed: Mixed, part: str, login: str) -> None:
    told = await mixed.board.get(f"/board/{part}", login)
    numbers = [one for one in numbers_of(told) if one["count"]]
    assert numbers
    for number in numbers:
        listed = await mixed.board.cases(number["cases"], login)
        assert (number["cases"], len(set(listed))) == (number["cases"], number["count"])


def numbers_of(told: Any) -> list[dict[str, Any]]:
    """Every number of an answer that has an address."""
    if isinstance(told, dict):
        own = [told] if isinstance(told.get("cases"), str) else []
        return own + [one for value in told.values() for one in numbers_of(value)]
    return [one for value in told for one in numbers_of(value)] if isinstance(told, list) else []


async def test_the_board_of_claims_tells_what_waits_and_how_much(mixed: Mixed) -> None:
    told = await mixed.board.get("/board/claims", AUDITOR)
    piles = {one["pile"]: (one["count"], one["cents"]) for one in told["piles"]}
    assert piles == {
        "to_control": (2, 300_000),
        "to_confirm": (0, 0),
        "awaiting_documents": (1, 150_000),
        "payable": (0, 0),
        "in_bank_file": (1, 5_000),
        "paid_this_week": (0, 0),
        "rejected_by_bank": (0, 0),
    }
    assert [one["since"] for one in told["piles"] if one["since"]] == [
        (NOON - 5 * DAY).astimezone(UTC).isoformat()[:19] + "Z"
    ]
    due = {(one["deadline"], one["window"]): one["count"] for one in told["due"] if one["count"]}
    assert due == {("decision", "past_due"): 2, ("documents", "next_7_days"): 1}
    mine = await mixed.board.get("/board/claims", MANAGER)
    assert next(one["cents"] for one in mine["piles"] if one["pile"] == "to_control") == 150_000


async def test_tasks_that_nobody_has_taken_are_told_by_procedure(mixed: Mixed) -> None:
    untaken = {one["kind"]: one for one in (await mixed.board.get("/board/load", AUDITOR))["untaken"]}
    control = untaken["control"]
    told = (control["procedure"], control["cases"]["count"], control["overdue"]["count"])
    assert told == ("claim", 2, 2)


async def test_a_batch_that_nobody_can_release_is_blocked_for_whoever_may_read_batches(mixed: Mixed) -> None:
    def about(told: Any) -> set[tuple[str, str]]:
        items = [(one["kind"], item) for one in told["standstills"] for item in one["oldest"]]
        return {(kind, item["case"]) for kind, item in items if item["procedure"] == "payment"}

    assert about(await mixed.board.get("/board/blocked", AUDITOR)) == {
        ("nobody_left", mixed.batch),
        ("command", mixed.batch),
    }
    assert about(await mixed.board.get("/board/blocked", MANAGER)) == set()
    assert await mixed.board.cases("/cases?procedure=payment", AUDITOR) == [mixed.batch]
    assert await mixed.board.cases("/cases?procedure=payment", MANAGER) == []


async def test_nobody_meets_their_own_claim_on_any_look(mixed: Mixed) -> None:
    async with browser_of(mixed.board.counter, MANAGER) as browser:
        pages = [(await browser.open(path)).text for path in LOOKS[MANAGER]]
    routes = [str(await mixed.board.get(path)) for path in ROUTES]
    assert [told for told in pages + routes if mixed.own in told] == []
    seen = [line["case"] for line in (await mixed.board.get("/board/late?limit=200", AUDITOR))["lines"]]
    assert mixed.own in seen


async def test_each_case_on_the_board_leads_to_the_page_of_its_procedure(mixed: Mixed) -> None:
    async with browser_of(mixed.board.counter, AUDITOR) as browser:
        late, cases = await browser.open("/board/late"), await browser.open("/cases")
        claim = await browser.open(f"/claims/{mixed.controlled}")
    assert claim.status_code == 200
    for page in (late, cases):
        assert f'href="/claims/{mixed.controlled}"' in page.text
        assert f"/complaints/{mixed.controlled}" not in page.text
    assert "demande de prestation" in text_of(late)
    assert "lot de virements" in text_of(cases)


async def test_a_list_of_cases_reads_page_by_page(mixed: Mixed) -> None:
    first = await mixed.board.get("/cases?limit=2")
    second = await mixed.board.get(f"/cases?limit=200&cursor={first['next']}")
    everything = await mixed.board.get("/cases?limit=200")
    assert first["cases"] + second["cases"] == everything["cases"]
    assert {one["procedure"] for one in everything["cases"]} == {"complaint", "claim"}


async def test_a_claim_has_no_path_of_a_complaint(mixed: Mixed) -> None:
    answer = await mixed.board.counter.ask(AUDITOR, "GET", f"/cases/{mixed.controlled}/path")
    assert answer.status_code == 404


@pytest.mark.parametrize("part", ["state", "deadlines", "journal", "letters"])
async def test_a_batch_s_case_is_read_by_whoever_follows_the_money_alone(mixed: Mixed, part: str) -> None:
    counter, path = mixed.board.counter, f"/cases/{mixed.batch}/{part}"
    told = {login: (await counter.ask(login, "GET", path)).status_code for login in (ACCOUNTANT, AUDITOR, MANAGER)}
    assert told == {ACCOUNTANT: 200, AUDITOR: 200, MANAGER: 404}
