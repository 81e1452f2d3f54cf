"""A complainant is found by a part of their name, whatever the accents and capitals; and nobody else is."""

import pytest

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
