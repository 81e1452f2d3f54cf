"""Whose forms come in, and where a page may lead."""

import pytest

from api.pages.visit import Visit, mark_of, safe_address
from api.pages.words import words_in
from domain.people import Actor
from local.demo_staff import person_id

TOKEN, OTHER = "token-of-claire", "token-of-yann"


def a_visit(token: str = TOKEN) -> Visit:
    """Somebody with a handler's roles before a page."""
    actor = Actor(id=person_id("claire.morvan"), login="claire.morvan", roles=frozenset(), hats=frozenset())
    return Visit(actor, "Mme Claire Morvan", token, words_in("fr", "Europe/Paris"))


def test_a_form_of_ones_own_session_comes_in_and_each_has_another_mark() -> None:
    visit = a_visit()
    one, other = visit.mark(), visit.mark()
    assert one != other
    assert visit.has_made(one)
    assert visit.has_made(other)


@pytest.mark.parametrize("mark", ["", ".", "nonce", "nonce.", ".seal", "é.é", mark_of(OTHER), mark_of(TOKEN)[:-1]])
def test_a_form_of_another_session_or_with_a_forged_mark_does_not(mark: str) -> None:
    assert not a_visit().has_made(mark)


def test_a_mark_holds_for_its_own_beginning_only() -> None:
    one, other = mark_of(TOKEN), mark_of(TOKEN)
    assert not a_visit().has_made(f"{one.partition('.')[0]}.{other.partition('.')[2]}")


@pytest.mark.parametrize("address", ["/", "/inbox?whose=pole", "/complaints/REC-2031-000001", "/a//b", "/é"])
def test_an_address_of_this_house_may_be_gone_on_to(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "inbox", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example"),
        *("javascript:alert(1)", " /inbox", "/\t/evil.example", "/\n/evil.example", "/inbox\r\nSet-Cookie: a=b"),
        *("/\x00", "data:text/html,x", "///evil.example", "/\u2028/evil.example"),
    ],
)
def test_an_address_that_leads_elsewhere_may_not(address: str | None) -> None:
    assert safe_address(address) == "/"
