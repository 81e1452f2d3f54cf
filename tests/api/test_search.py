"""Complaints are found by a part of a name, or by whatever is typed into the one box; and nobody else's are."""

from typing import Any

import pytest

from db.models import ComplaintRow
from tests.api.counter import NOON, Counter
from tests.factories.rows import a_case_row

READER, ABOUT = "katell.rolland", "tangi.riou"
NAMES = ("Mme Maëlle Guéguen", "M. Noé L’Hostis", "Société 100 % Océan", "Mme Anne-Lise Bœuf", "A\\B_C")


@pytest.fixture(scope="module", autouse=True)
def complaints(counter: Counter) -> None:
    """One complaint of each, and one that the expert is not to see."""
    with counter.house.sessions.begin() as session:
        for number, name in enumerate(NAMES):
            a_case_row(session, f"REC-2031-{900 + number:06d}", NOON.date(), NOON, complainant_name=name)
        hidden = {"complainant_name": "Mme Maëlle Guéguen", "about_id": counter.id_of(ABOUT)}
        a_case_row(session, "REC-2031-000990", NOON.date(), NOON, **hidden)


async def found(counter: Counter, name: str, login: str = READER) -> list[str]:
    answer = await counter.ask(login, "POST", "/search", {"name": name})
    assert answer.status_code == 200, answer.text
    return [line["complainant"] for line in answer.json()["complaints"]]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("maelle gueguen", NAMES[0]),
        ("GUÉGUEN", NAMES[0]),
        ("noé l", NAMES[1]),
        ("100 %", NAMES[2]),
        ("océan", NAMES[2]),
        ("boeuf", NAMES[3]),
        ("anne-lise", NAMES[3]),
        ("A\\B_C", NAMES[4]),
    ],
)
async def test_a_part_of_the_name_finds_it(counter: Counter, asked: str, name: str) -> None:
    assert name in await found(counter, asked)


@pytest.mark.parametrize("asked", ["%%%", "___", "A%C", "a\\\\c", "gue gue"])
async def test_signs_that_mean_something_to_a_database_mean_themselves(counter: Counter, asked: str) -> None:
    assert await found(counter, asked) == []


async def test_what_i_may_not_see_is_not_found(counter: Counter) -> None:
    assert len(await found(counter, "guéguen", READER)) == 2
    assert len(await found(counter, "guéguen", ABOUT)) == 1


async def test_two_letters_are_too_few(counter: Counter) -> None:
    answer = await counter.ask(READER, "POST", "/search", {"name": "gu"})
    assert answer.status_code == 422
    assert "name" in answer.text


# The one box.

SAID = "J’attends le remboursement de mes soins à l’étranger & <b>rien</b> ne vient."


@pytest.fixture(scope="module", autouse=True)
def traveller(counter: Counter) -> None:
    """Somebody whose letter can be told from all others."""
    with counter.house.sessions.begin() as session:
        name = {"complainant_name": "Mme Yuna Kerzoncuf", "state": "analysed"}
        case_id = a_case_row(session, "REC-2031-000777", NOON.date(), NOON, **name)
        row = session.get_one(ComplaintRow, case_id)
        row.subject, row.text = "Soins hors de France", SAID


async def look_for(counter: Counter, words: str, login: str = READER, **filters: str) -> Any:
    answer = await counter.ask(login, "POST", "/search", {"words": words, **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def references(page: Any) -> list[str]:
    return [line["reference"] for line in page["complaints"]]


@pytest.mark.parametrize("words", ["kerzon remboursements", "ETRANGER", "777", "REC-2031-777", '"soins à l’étranger"'])
async def test_one_box_finds_by_name_text_and_reference(counter: Counter, words: str) -> None:
    page = await look_for(counter, words)
    assert references(page) == ["REC-2031-000777"]
    assert page["advice"] is None


async def test_where_it_was_found_comes_in_pieces_as_it_was_typed(counter: Counter) -> None:
    [line] = (await look_for(counter, "kerzon remboursements"))["complaints"]
    pieces = {field: [p["text"] for p in line["found"][field]["pieces"] if p["found"]] for field in line["found"]}
    assert pieces == {"complainant": ["Kerzoncuf"], "subject": [], "text": ["remboursement"]}
    assert "".join(piece["text"] for piece in line["found"]["text"]["pieces"]) == SAID


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ({"state": "analysed"}, 1),
        ({"state": "closed"}, 0),
        ({"pole": "benefits", "category": "business", "channel": "letter"}, 1),
        ({"pole": "memberships"}, 0),
        ({"category": "sensitive"}, 0),
        ({"channel": "email"}, 0),
        ({"finding": "founded"}, 0),
        ({"theme": "refusal"}, 0),
        ({"owner": "me"}, 0),
        ({"received_from": "2031-03-03", "received_until": "2031-03-03"}, 1),
        ({"received_from": "2031-03-04"}, 0),
        ({"received_until": "2031-03-02"}, 0),
        ({"name": "zoncuf"}, 1),
    ],
)
async def test_filters_hold_beside_the_words(counter: Counter, filters: dict[str, str], number: int) -> None:
    assert len((await look_for(counter, "kerzoncuf", **filters))["complaints"]) == number


async def test_without_words_the_filters_alone_find(counter: Counter) -> None:
    answer = await counter.ask(READER, "POST", "/search", {"state": "analysed", "received_from": "2031-03-03"})
    assert references(answer.json()) == ["REC-2031-000777"]
    assert answer.json()["complaints"][0]["found"] is None


async def test_what_is_about_me_is_not_found_by_words_nor_by_reference(counter: Counter) -> None:
    for words in ("guéguen", "REC-2031-000990", "990"):
        assert "REC-2031-000990" in references(await look_for(counter, words, READER))
        assert "REC-2031-000990" not in references(await look_for(counter, words, ABOUT))


async def test_pages_of_what_was_found_follow_one_another(counter: Counter) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        body = {"words": "attends", "limit": 2, "cursor": cursor}
        page = (await counter.ask(READER, "POST", "/search", body)).json()
        seen += references(page)
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == len(NAMES) + 2
    assert seen == references(await look_for(counter, "attends"))


@pytest.mark.parametrize("words", ["?!…", "&|!", '""', "---"])
async def test_signs_alone_are_answered_with_advice(counter: Counter, words: str) -> None:
    page = await look_for(counter, words)
    assert (page["complaints"], page["advice"]["code"]) == ([], "no_words")


async def test_too_many_words_are_answered_with_advice(counter: Counter) -> None:
    assert (await look_for(counter, "attends " * 100))["advice"]["code"] == "too_many_words"
    assert (await look_for(counter, "x" * 10_000))["complaints"] == []
    answer = await counter.ask(READER, "POST", "/search", {"words": "x" * 10_001})
    assert answer.status_code == 422
    assert "words" in answer.text


@pytest.mark.parametrize("words", ["'; DROP TABLE cases; --", "q <-> z:*", "\\", "goff\0goff", "((", "'"])
async def test_orders_to_a_database_are_words_like_others(counter: Counter, words: str) -> None:
    assert (await look_for(counter, words))["complaints"] == []
