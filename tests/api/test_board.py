"""The board counts what its addresses list, says why each is not done, and shows nobody a case about themselves."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.models import Absence, LetterRow, TaskRow
from domain.people import person_hat, role_hat
from domain.roles import Role
from tests.api.board_house import ABOUT, DAY, Board, fill, open_board
from tests.api.contract import rule_of
from tests.api.counter import NOON
from tests.conftest import Ask
from tests.factories.complaints import AUTHOR, MANAGER, an_acknowledgement
from tests.servers import INSURER, fresh_database

READER = "katell.rolland"
Numbers = list[dict[str, Any]]


@pytest.fixture(scope="module")
async def board(postgres: str, ask: Ask) -> AsyncIterator[Board]:
    """The register of `fill`, and what else stands still in it."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_board(url) as board:
            stand_still(board, fill(board.desk))
            yield board


CASES: dict[str, UUID] = {}


def stand_still(board: Board, cases: dict[str, UUID]) -> None:
    """A task that is left to nobody, one that was raised, an unblocking, a failing letter, a forgotten command."""
    CASES.update(cases)
    with board.desk.sessions.begin() as session:
        analyse = board.desk.task(cases["acknowledged"], "analyse").id
        row = session.get_one(TaskRow, analyse)
        row.offered_to, row.claimed_by, row.claimed_at = [role_hat(Role.POLE_MANAGER, "benefits")], None, None
        draft = session.get_one(TaskRow, board.desk.task(cases["analysed"], "draft_answer").id)
        draft.claimed_by, draft.claimed_at = board.counter.id_of("yann.kerloch"), NOON - DAY
        validate = session.get_one(TaskRow, board.desk.task(cases["drafted"], "validate").id)
        validate.nobody_left = True
        session.add(an_unblocking(cases["drafted"]))
        letter = session.query(LetterRow).filter_by(case_id=cases["approved"], kind="answer_founded").one()
        letter.attempts, letter.last_error = 3, "no_server"
    board.desk.at = NOON - timedelta(minutes=2)
    board.desk.give(cases["assigned"], AUTHOR, an_acknowledgement(), "acknowledge")
    board.desk.at = NOON


def an_unblocking(case_id: UUID) -> TaskRow:
    hats = [role_hat(Role.OPERATIONS_DIRECTOR)]
    return TaskRow(
        id=uuid4(),
        case_id=case_id,
        kind="unblock",
        pole="benefits",
        offered_to=hats,
        meant_for=hats,
        excluded=[],
        detail={"blocked": "validate"},
        opened_at=NOON,
    )


def numbers_in(told: Any) -> Numbers:
    """Every number of an answer that has an address."""
    if isinstance(told, dict):
        own = [told] if isinstance(told.get("cases"), str) else []
        return own + [one for value in told.values() for one in numbers_in(value)]
    return [one for value in told for one in numbers_in(value)] if isinstance(told, list) else []


@pytest.mark.parametrize("login", [MANAGER, ABOUT])
@pytest.mark.parametrize("pole", ["", "?pole=benefits", "?pole=memberships", "?pole=support"])
@pytest.mark.parametrize("part", ["counts", "late", "blocked", "procedure"])
async def test_every_number_is_the_length_of_the_list_at_its_address(
    board: Board, part: str, pole: str, login: str
) -> None:
    told = numbers_in(await board.get(f"/board/{part}{pole}", login))
    assert told
    for number in told:
        listed = await board.cases(number["cases"], login)
        assert (number["cases"], len(listed)) == (number["cases"], number["count"])


async def test_the_numbers_are_not_all_nought(board: Board) -> None:
    counts = await board.get("/board/counts")
    assert {(n["state"], n["age"]): n["count"] for n in counts["open"] if n["count"]} == {
        ("assigned", "days_0_6"): 2,
        ("assigned", "days_7_13"): 2,
        ("assigned", "days_14_29"): 4,
        ("acknowledged", "days_14_29"): 1,
        ("analysed", "days_14_29"): 1,
        ("drafted", "days_7_13"): 1,
        ("approved", "days_7_13"): 1,
    }
    week = [counts[name]["count"] for name in ("received_this_week", "closed_this_week", "requalified_this_week")]
    assert week == [3, 1, 0]
    assert (counts["answered_in_time"]["count"], counts["answered_late"]["count"]) == (1, 0)
    assert counts["share_in_time"] == 1.0


async def test_a_persons_load_is_what_lists_and_inbox_show(board: Board) -> None:
    people = {one["login"]: one for one in (await board.get("/board/load"))["people"]}
    claire = people[AUTHOR]
    listed = await board.cases(claire["open_cases"]["cases"])
    assert len(listed) == claire["open_cases"]["count"] > 5
    assert len(set(await board.cases(claire["tasks"]["cases"]))) == claire["tasks"]["count"]
    assert len(set(await board.cases(claire["overdue"]["cases"]))) == claire["overdue"]["count"] > 0
    assert people["yann.kerloch"]["tasks"]["count"] == 1  # the one that he has claimed
    assert people["alexis.cozic"]["open_cases"]["count"] == 0


async def test_a_poles_load_is_that_of_its_people_whatever_the_pole_of_their_cases(board: Board) -> None:
    everybody = {one["login"]: one for one in (await board.get("/board/load"))["people"]}
    of_pole = {one["login"]: one for one in (await board.get("/board/load?pole=memberships"))["people"]}
    assert set(of_pole) < set(everybody)
    assert {one["pole"] for one in of_pole.values()} == {"memberships"}
    assert all(everybody[login] == one for login, one in of_pole.items())


async def test_whoever_is_away_is_shown_with_the_day_of_their_return_and_their_deputy(board: Board) -> None:
    with absent(board, AUTHOR, date(2031, 3, 2), date(2031, 3, 10)):
        people = {one["login"]: one for one in (await board.get("/board/load"))["people"]}
        assert (people[AUTHOR]["absent"], people[AUTHOR]["back_on"]) == (True, "2031-03-10")
        assert people[AUTHOR]["deputy"] == "M. Yann Kerloch"
        held = [line["held"] for line in await late_lines(board) if line["case"] == board.reference(CASES["of today"])]
        assert {one["why"] for one in held} == {"owner_absent"}
    people = {one["login"]: one for one in (await board.get("/board/load"))["people"]}
    assert (people[AUTHOR]["absent"], people[AUTHOR]["back_on"]) == (False, None)


async def test_an_absence_that_was_cancelled_makes_nobody_absent_and_holds_nothing(board: Board) -> None:
    with absent(board, AUTHOR, date(2031, 3, 2), date(2031, 3, 10), cancelled_at=NOON):
        people = {one["login"]: one for one in (await board.get("/board/load"))["people"]}
        assert (people[AUTHOR]["absent"], people[AUTHOR]["back_on"]) == (False, None)
        assert "owner_absent" not in {line["held"]["why"] for line in await late_lines(board)}


async def late_lines(board: Board, query: str = "", login: str = MANAGER) -> Numbers:
    """All the lines, page by page."""
    found: Numbers = []
    cursor = ""
    while True:
        page = await board.get(f"/board/late?limit=3{query}{cursor}", login)
        found += page["lines"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


async def test_the_late_come_earliest_first_and_each_once(board: Board) -> None:
    found = await late_lines(board)
    due = [datetime.fromisoformat(line["due_at"]) for line in found]
    assert due == sorted(due)
    assert len({(line["case"], line["deadline"]) for line in found}) == len(found)
    counted = (await board.get("/board/late"))["due"]
    assert len(found) == sum(number["count"] for number in counted) > 10
    for number in counted:
        listed = await late_lines(board, f"&window={number['window']}&deadline={number['deadline']}")
        assert len(listed) == number["count"]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("assigned", "undecided_command"),
        ("acknowledged", "raised"),
        ("analysed", "claimed"),
        ("drafted", "nobody_left"),
        ("approved", "letter_not_handed_over"),
        ("of today", "offered"),
    ],
)
async def test_each_says_why_it_is_not_done(board: Board, case: str, why: str) -> None:
    reference = board.reference(CASES[case])
    told = {line["deadline"]: line["held"] for line in await late_lines(board) if line["case"] == reference}
    held = next(told[name] for name in ("answer", "acknowledgement", "acknowledgement_limit") if name in told)
    assert held["why"] == why
    assert held["since"] is not None
    assert held["claimed_by"] == ("M. Yann Kerloch" if why == "claimed" else None)


async def test_the_blocked_are_told_with_since_when(board: Board) -> None:
    told = {one["kind"]: one for one in (await board.get("/board/blocked"))["standstills"]}
    assert {kind: [item["case"] for item in one["oldest"]] for kind, one in told.items()} == {
        "nobody_left": [board.reference(CASES["drafted"])],
        "raised": [board.reference(CASES["acknowledged"])],
        "unblock": [board.reference(CASES["drafted"])],
        "letter": [board.reference(CASES["approved"])],
        "command": [board.reference(CASES["assigned"])],
    }
    [letter], [command], [unblock] = (told[kind]["oldest"] for kind in ("letter", "command", "unblock"))
    assert (letter["attempts"], letter["detail"], letter["about"]) == (3, "no_server", "answer_founded")
    assert (command["about"], datetime.fromisoformat(command["since"])) == ("acknowledge", NOON - timedelta(minutes=2))
    assert unblock["detail"] == "validate"


async def test_a_task_is_blocked_since_it_was_last_offered_to_others(board: Board) -> None:
    desk, away = board.desk, date(2031, 3, 3)
    with absent(board, "nolwenn.salaun", away, away + 2 * DAY), absent(board, "erwan.tanguy", away, away + 2 * DAY):
        desk.at = NOON + timedelta(minutes=5)
        desk.settle(desk.machine(CASES["of another pole"], "reoffer", str(uuid4())))
        told = {one["kind"]: one for one in (await board.get("/board/blocked?pole=memberships"))["standstills"]}
    desk.at = NOON
    desk.settle(desk.machine(CASES["of another pole"], "reoffer", str(uuid4())))
    [raised] = told["raised"]["oldest"]
    assert datetime.fromisoformat(raised["since"]) == NOON + timedelta(minutes=5)
    assert raised["offered_to"] == ["pole_manager@memberships"]
    assert raised["meant_for"] == [person_hat(board.counter.id_of(owner_of(board, CASES["of another pole"])))]


async def test_a_manager_sees_nothing_about_themselves_anywhere(board: Board) -> None:
    about = {board.reference(case_id) for name, case_id in CASES.items() if name.endswith("about")}
    hers, others = [await late_lines(board, login=login) for login in (ABOUT, MANAGER)]
    assert {line["case"] for line in hers} == {line["case"] for line in others} - about
    assert about <= {line["case"] for line in others}
    counted = [sum(n["count"] for n in (await board.get("/board/counts", login))["open"]) for login in (ABOUT, MANAGER)]
    assert counted[1] - counted[0] == len(about)
    refused = await board.counter.ask(ABOUT, "GET", f"/cases/{min(about)}/path")
    assert refused.status_code == 404


async def test_the_drawing_has_the_open_cases_at_its_steps(board: Board) -> None:
    told = await board.get("/board/procedure?pole=benefits")
    shown = {node["state"]: node["open"] and node["open"]["count"] for node in told["nodes"]}
    assert shown == {
        "registered": 0,
        "assigned": 7,
        "acknowledged": 1,
        "analysed": 1,
        "drafted": 1,
        "approved": 1,
        "answered": 0,
        "closed": None,
        "requalified": None,
    }
    assert {"begins": "drafted", "ends": "analysed", "way": "back"} in told["edges"]


async def test_a_path_tells_the_steps_behind_and_the_timers_ahead(board: Board) -> None:
    told = await board.get(f"/cases/{board.reference(CASES['drafted'])}/path", READER)
    assert [one["state"] for one in told["passed"]] == [
        *("registered", "assigned", "acknowledged", "analysed", "drafted"),
    ]
    assert [one["actor"] for one in told["passed"]][2:] == ["Mme Claire Morvan"] * 3
    assert told["stands_at"] == "drafted"
    armed = [timer for timer in told["timers"] if timer["armed"] and timer["kind"] == "remind"]
    assert {timer["about"] for timer in armed} >= {"answer"}
    assert all(timer["rungs"] and timer["to"] for timer in armed)
    closed = await board.get(f"/cases/{board.reference(CASES['answered'])}/path", READER)
    assert (closed["passed"][-1]["state"], closed["stands_at"], closed["timers"]) == ("closed", "closed", [])


@pytest.mark.parametrize(
    ("query", "cases"),
    [
        ("states=drafted&states=analysed", {"drafted", "analysed"}),
        ("open=false", {"answered"}),
        ("category=sensitive", set()),
        ("age=days_14_29&states=acknowledged", {"acknowledged"}),
        ("age=days_14_29&received_from=2031-03-01", set()),
        ("ended_from=2031-03-03T00:00:00%2B01:00", {"answered"}),
        ("ended_from=2031-03-03T12:00:01%2B01:00", set()),
        ("blocked=letter", {"approved"}),
        ("blocked=command", {"assigned"}),
        ("blocked=command&undecided_before=2031-03-03T11:00:00%2B01:00", set()),
        ("held_by=yann.kerloch", {"analysed"}),
        ("answered_late=true", set()),
        ("states=drafted&late=true&deadline=answer", set()),
        ("states=acknowledged&late=true&deadline=answer", {"acknowledged"}),
    ],
)
async def test_a_list_is_narrowed_as_it_was_asked(board: Board, query: str, cases: set[str]) -> None:
    assert set(await board.cases(f"/complaints?{query}")) == {board.reference(CASES[case]) for case in cases}


@pytest.mark.parametrize(
    ("query", "status"), [("states=lost", 422), ("age=old", 422), ("due_before=1", 422), ("blocked=me", 422)]
)
async def test_a_filter_that_there_is_not_is_refused(board: Board, query: str, status: int) -> None:
    answer = await board.counter.ask(MANAGER, "GET", f"/complaints?{query}")
    assert (answer.status_code, rule_of(answer)) == (status, "wrong_values")


def owner_of(board: Board, case_id: UUID) -> str:
    [(login,)] = board.desk.sql(
        "SELECT login FROM staff JOIN cases ON owner_id = staff.id WHERE cases.id = :id", id=case_id
    )
    return str(login)


@contextmanager
def absent(
    board: Board, login: str, from_on: date, back_on: date, cancelled_at: datetime | None = None
) -> Iterator[None]:
    """While this lasts, somebody is away, unless that was cancelled."""
    person, one = board.counter.id_of(login), uuid4()
    with board.desk.sessions.begin() as session:
        away = {"id": one, "person_id": person, "from_on": from_on, "back_on": back_on}
        session.add(Absence(**away, recorded_at=NOON, cancelled_at=cancelled_at))
    try:
        yield
    finally:
        board.desk.sql("DELETE FROM absences WHERE id = :id", id=one)
