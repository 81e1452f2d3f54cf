"""A member as readers of cases see them, and an account that a handler changes."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.reference import (
    a_contract,
    a_contribution,
    a_csv,
    a_member,
    a_staff_iban,
    an_iban,
    an_iban_change,
)

ADMINISTRATOR, CLAIRE, YANN = "alexis.cozic", "claire.morvan", "yann.kerloch"
NUMBER = "M8500001"


async def known(counter: Counter, number: str = NUMBER) -> None:
    """A member with all that belongs to them."""
    files: dict[str, list[dict[str, str]]] = {
        "members": [a_member(number), {"number": f"B{number[1:]}", "name": "M. Ewen Kerbiriou", "holder": number}],
        "contracts": [a_contract(f"C{number[1:]}", number)],
        "contributions": [a_contribution(f"C{number[1:]}")],
        "ibans": [an_iban_change(number, 8_500)],
    }
    for kind, rows in files.items():
        answer = await counter.send(ADMINISTRATOR, f"/imports/{kind}", a_csv(*rows), "text/csv")
        assert answer.json()["refused"] == 0, answer.text


async def change(
    counter: Counter, iban: str, who: str = CLAIRE, number: str = NUMBER, **headers: str
) -> httpx2.Response:
    """Somebody changes the member's account, as the member has asked."""
    return await counter.ask(who, "POST", f"/members/{number}/iban", {"iban": iban, "through": "member"}, **headers)


@pytest.fixture
def later(counter: Counter) -> Any:
    """Each call is an hour later; afterwards it is noon again."""
    yield lambda: setattr(counter.clock, "at", counter.clock.at + timedelta(hours=1))
    counter.clock.at = NOON


async def test_a_reader_sees_all_of_a_member_and_four_characters_of_an_iban(counter: Counter) -> None:
    await known(counter)
    told = await counter.get(YANN, f"/members/{NUMBER}")
    assert [one["number"] for one in told["beneficiaries"]] == ["B8500001", NUMBER]
    [contract] = told["contracts"]
    assert contract["rights"] == [{"from_on": "2026-01-01", "until_on": None}]
    assert contract["contributions"] == [{"period_on": "2026-01-01", "due_cents": 4500, "paid_cents": 4500}]
    assert [one["last_four"] for one in told["ibans"]] == [an_iban(8_500)[-4:]]
    assert {one["kind"] for one in told["history"]} == {"members", "contracts", "contributions", "ibans"}
    assert an_iban(8_500) not in str(told)
    assert "iban_hash" not in str(told)


async def test_an_account_that_is_changed_ends_the_one_before_and_says_who_changed_it(
    counter: Counter, later: Any
) -> None:
    await known(counter, "M8500002")
    later()
    answer = await change(counter, an_iban(8_502), number="M8500002")
    assert answer.status_code == 200, answer.text
    new, old = answer.json()["ibans"]
    assert (new["changed_by"], new["changed_through"], new["until_at"]) == (CLAIRE, "member", None)
    assert old["until_at"] == new["from_at"]
    newest = answer.json()["history"][0]
    assert (newest["kind"], newest["by"], newest["import_id"]) == ("ibans", CLAIRE, None)
    assert newest["before"]["last_four"] == an_iban(8_500)[-4:]
    assert newest["after"]["last_four"] == an_iban(8_502)[-4:]
    later()
    same = (await change(counter, an_iban(8_502), YANN, "M8500002")).json()
    assert same["ibans"] == answer.json()["ibans"]


async def test_the_same_request_changes_an_account_once(counter: Counter, later: Any) -> None:
    await known(counter, "M8500003")
    for _ in range(2):
        later()
        answer = await change(counter, an_iban(8_503), number="M8500003", Idempotency_Key="k-8503")
        assert len(answer.json()["ibans"]) == 2
    later()
    other = await change(counter, an_iban(8_504), number="M8500003", Idempotency_Key="k-8503")
    assert rule_of(other) == "key_reused"


async def test_two_changes_of_one_instant_are_not_both_made(counter: Counter, later: Any) -> None:
    await known(counter, "M8500004")
    later()
    await change(counter, an_iban(8_505), number="M8500004")
    assert rule_of(await change(counter, an_iban(8_506), YANN, "M8500004")) == "iban_changed_meanwhile"


async def test_nobody_changes_the_account_of_their_own_membership(counter: Counter) -> None:
    await known(counter, "M8500005")
    file = a_csv(a_staff_iban(YANN, 8_599, member_number="M8500005"))
    assert (await counter.send(ADMINISTRATOR, "/imports/staff", file, "text/csv")).json()["accepted"] == 1
    assert rule_of(await change(counter, an_iban(8_507), YANN, "M8500005")) == "four_eyes"


@pytest.mark.parametrize("iban", ["FR7630006000011234567890188", "TR330006100519786457841326", "", "nonsense"])
async def test_an_iban_that_cannot_be_paid_is_refused_and_not_repeated(counter: Counter, iban: str) -> None:
    answer = await change(counter, iban)
    assert (answer.status_code, rule_of(answer)) == (422, "wrong_values")
    assert len(iban) < 9 or iban not in answer.text


async def test_who_is_no_member_is_not_there(counter: Counter) -> None:
    assert (await counter.ask(CLAIRE, "GET", "/members/M0999999")).status_code == 404
    assert (await change(counter, an_iban(1), number="M0999999")).status_code == 404
