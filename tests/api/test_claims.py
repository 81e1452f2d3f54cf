"""Entering a benefit request: what is controlled and why, what is refused, and that the same one is one claim."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from db.models import CalendarDay, Case, ClaimRow, ClaimSample
from domain.claim.sample import draw
from domain.claim.words import CareCategory, CheckName
from domain.policy.claim import WHOLE
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter, open_counter
from tests.conftest import Ask
from tests.factories.bodies import Body, a_claim, a_complaint
from tests.factories.insured import PROVIDERS, covers, employs, insure, owes, pay_to, provide
from tests.factories.reference import an_iban
from tests.factories.rules import a_book_that_draws
from tests.servers import INSURER, fresh_database

HANDLER, COLLEAGUE, FRONT_DESK = "claire.morvan", "yann.kerloch", "malo.quere"
MONDAY = NOON.date()
_acts = count(1)


@pytest.fixture(scope="module")
async def counter(postgres: str, ask: Ask) -> AsyncIterator[Counter]:
    """A counter of a house that draws no sample, before a register with four members insured."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, book=a_book_that_draws(0)) as counter:
            with counter.house.sessions.begin() as session:
                provide(session)
                for number in (42, 43, 44, 45):
                    insure(session, number)
            yield counter


def body(**changes: Any) -> Body:
    """A benefit request for an act that nobody else has asked for."""
    return a_claim(MONDAY, **{"act": f"ACTE-{next(_acts)}"} | changes)


async def enter(counter: Counter, login: str = HANDLER, key: str | None = None, **changes: Any) -> dict[str, Any]:
    """A benefit request that is taken in; what is said of it at once."""
    headers = {"Idempotency_Key": key} if key else {}
    answer = await counter.ask(login, "POST", "/claims", body(**changes), **headers)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def kept(counter: Counter) -> int:
    """How many claims the register holds."""
    with counter.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(ClaimRow)) or 0


def reasons(entered: dict[str, Any]) -> list[str]:
    """Why it is controlled."""
    return [one["reason"] for one in entered["reasons"]]


def results(entered: dict[str, Any]) -> dict[str, str]:
    """What each check said, but for those that are content."""
    return {one["name"]: one["result"] for one in entered["checks"] if one["result"] != "pass"}


# Why a claim is controlled, and by how many.


@pytest.mark.parametrize(
    ("cents", "controlled", "links"),
    [
        (99_999, False, 0),
        (100_000, False, 0),
        (100_001, True, 1),
        (500_000, True, 1),
        (500_001, True, 2),
    ],
)
async def test_above_is_strictly_above(counter: Counter, cents: int, *, controlled: bool, links: int) -> None:
    entered = await enter(counter, act=f"SEUIL-{cents}", amount_cents=cents)
    assert (entered["controlled"], entered["links"]) == (controlled, links)
    assert reasons(entered) == (["threshold"] if controlled else [])
    assert entered["payable_cents"] == (None if controlled else cents)
    assert entered["state"] == ("registered" if controlled else "payable")


async def test_what_is_cleared_has_no_case_and_what_is_controlled_has_its_deadline(counter: Counter) -> None:
    cleared, controlled = await enter(counter, amount_cents=4_550), await enter(counter, amount_cents=250_000)
    with counter.house.sessions() as session:
        assert session.scalar(select(Case).where(Case.reference == cleared["reference"])) is None
    state = await counter.get(HANDLER, f"/cases/{controlled['reference']}/state")
    assert [(one["name"], one["due_on"]) for one in state["deadlines"]] == [("decision", "2031-03-10")]
    assert [one["kind"] for one in state["waiting"]] == ["register"]
    [line] = (await counter.get(HANDLER, f"/cases/{controlled['reference']}/journal"))["lines"]
    assert (line["event"], line["facts"]["reasons"]) == ("ClaimRegistered", ["threshold"])
    assert line["facts"]["checks"] == dict.fromkeys(CheckName, "pass")


async def test_a_hospital_s_commitment_is_decided_in_two_working_days(counter: Counter) -> None:
    planned = (MONDAY + timedelta(days=30)).isoformat()
    hospital: Body = {"category": "hospital", "kind": "commitment", "care_on": planned, "amount_cents": 300_000}
    reference = (await enter(counter, **hospital))["reference"]
    [deadline] = (await counter.get(HANDLER, f"/cases/{reference}/deadlines"))["deadlines"]
    assert deadline["due_on"] == "2031-03-05"


async def test_an_administrator_s_claim_is_reinforced_at_any_amount(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        child = covers(session, "M0000043", "B0000043", "administrator")
    said: Body = {"member_number": "M0000043", "beneficiary_number": child, "contract_number": "C0000043"}
    entered = await enter(counter, **said, iban=an_iban(43), amount_cents=2_500)
    assert (reasons(entered), entered["links"]) == (["sensitive"], 2)


# What the checks find in the register.


async def test_the_same_care_twice_is_stopped_and_near_care_is_shown(counter: Counter) -> None:
    first = await enter(counter, act="LUNETTES", amount_cents=40_000)
    again = await enter(counter, act="LUNETTES", amount_cents=40_400)
    assert (reasons(again), results(again)) == (["check"], {"duplicate": "stop"})
    [found] = [one for one in again["checks"] if one["name"] == "duplicate"]
    assert first["reference"] in found["told"]
    near = (MONDAY - timedelta(days=5)).isoformat()
    assert results(await enter(counter, act="LUNETTES", care_on=near, amount_cents=40_000)) == {"duplicate": "warn"}
    other = await enter(counter, act="LUNETTES", care_on=(MONDAY - timedelta(days=3)).isoformat(), amount_cents=40_000)
    assert results(other) == {"duplicate": "warn"}, "within three days of the second one"
    far = (MONDAY - timedelta(days=11)).isoformat()
    assert results(await enter(counter, act="LUNETTES", care_on=far, amount_cents=40_000)) == {}


async def test_of_two_requests_for_the_same_care_at_once_the_second_sees_the_first(counter: Counter) -> None:
    same = body(amount_cents=30_000)
    answers = await asyncio.gather(*(counter.ask(who, "POST", "/claims", same) for who in (HANDLER, COLLEAGUE)))
    assert sorted(reasons(one.json()) for one in answers) == [[], ["check"]]


async def test_what_the_register_says_against_a_claim_is_found(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        insured = insure(session, 50)
        owes(session, insured, MONDAY.replace(day=1), 4_900)
        pay_to(session, insured.member, an_iban(51), NOON - timedelta(days=10), changed_by="nolwenn.salaun")
        insure(session, 51)
        employs(session, "erwan.tanguy", an_iban(51))
    said: Body = {"member_number": "M0000050", "beneficiary_number": "M0000050", "contract_number": "C0000050"}
    entered = await enter(counter, **said, iban=an_iban(51), amount_cents=210_000)
    assert results(entered) == {
        "iban_shared": "stop",
        "iban_changed": "warn",
        "staff_iban": "stop",
        "contributions": "stop",
    }
    assert reasons(entered) == ["threshold", "check"]
    former = await enter(counter, **said, iban=an_iban(50), care_on="2020-12-31", received_on="2022-06-01")
    assert results(former) == {"rights_open": "stop", "iban_changed": "stop"}


async def test_no_account_is_told_in_clear(counter: Counter) -> None:
    answer = await counter.ask(HANDLER, "POST", "/claims", body(iban="FR76 0000 1111"))
    assert results(answer.json()) == {"iban_valid": "stop", "iban_changed": "stop"}
    read = await counter.ask(HANDLER, "GET", f"/claims/{answer.json()['reference']}")
    assert read.json()["iban_ends_with"] == "1111"
    assert "FR7600001111" not in answer.text + read.text


async def test_the_sample_is_drawn_under_the_day_s_seed_and_can_be_drawn_again(counter: Counter) -> None:
    everybody = replace(counter, house=replace(counter.house, book=a_book_that_draws(WHOLE)))
    counter.app.state.house = everybody.house
    try:
        drawn = await enter(counter, amount_cents=5_000)
    finally:
        counter.app.state.house = counter.house
    assert (reasons(drawn), drawn["links"]) == (["sample"], 1)
    with counter.house.sessions() as session:
        seed = session.get_one(ClaimSample, MONDAY).seed
        row = session.scalars(select(ClaimRow).where(ClaimRow.reference == drawn["reference"])).one()
    again = draw(seed, row.content_hash.hex(), row.pole, HANDLER, everybody.house.book.versions[-1].claim.sample)
    assert row.draw == again.number
    assert (await enter(counter, amount_cents=150_000))["reasons"] == [
        {"reason": "threshold", "label": "montant supérieur au seuil"}
    ], "what is controlled anyway draws no lot"


# The same request is the same claim.


async def test_the_same_key_is_the_same_claim(counter: Counter) -> None:
    for cents in (5_000, 150_000):
        first = await enter(counter, key=f"key {cents}", act=f"CLE-{cents}", amount_cents=cents)
        before = kept(counter)
        assert await enter(counter, key=f"key {cents}", act=f"CLE-{cents}", amount_cents=cents) == first
        assert kept(counter) == before


async def test_the_same_number_is_the_same_claim_whoever_sends_it(counter: Counter) -> None:
    said: Body = {"number": "L-2031-1", "act": "NUMERO", "amount_cents": 5_000}
    first = await enter(counter, **said)
    before = kept(counter)
    assert await enter(counter, COLLEAGUE, **said) == first
    other = await counter.ask(HANDLER, "POST", "/claims", body(**said | {"amount_cents": 5_001}))
    assert (other.status_code, rule_of(other)) == (409, "number_taken")
    assert kept(counter) == before


async def test_a_key_that_stood_for_something_else_is_refused(counter: Counter) -> None:
    await enter(counter, key="taken", amount_cents=5_000)
    await counter.ask(HANDLER, "POST", "/complaints", a_complaint(MONDAY), Idempotency_Key="a complaint's")
    before = kept(counter)
    for key in ("taken", "a complaint's"):
        answer = await counter.ask(HANDLER, "POST", "/claims", body(), Idempotency_Key=key)
        assert (answer.status_code, rule_of(answer)) == (409, "key_reused")
    assert kept(counter) == before


@pytest.mark.parametrize("cents", [5_000, 150_000])
async def test_ten_times_at_once_is_one_claim(counter: Counter, cents: int) -> None:
    same, before = body(amount_cents=cents), kept(counter)
    sent = [counter.ask(HANDLER, "POST", "/claims", same, Idempotency_Key=f"at once {cents}") for _ in range(10)]
    answers = await asyncio.gather(*sent)
    assert {(one.status_code, one.json()["reference"]) for one in answers} == {(201, answers[0].json()["reference"])}
    assert kept(counter) == before + 1


# What cannot be right.


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"member_number": "M9999999"}, "member_number"),
        ({"beneficiary_number": "M0000044"}, "beneficiary_number"),
        ({"beneficiary_number": "B9999999"}, "beneficiary_number"),
        ({"contract_number": "C0000044"}, "contract_number"),
        ({"provider_number": "990000999"}, "provider_number"),
        ({"pole": "nowhere"}, "pole"),
        ({"entered_by": "yann.kerloch"}, "entered_by"),
        ({"amount_cents": 0}, "amount_cents"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"amount_cents": 10_000_001}, "amount_cents"),
        ({"currency": "USD"}, "currency"),
        ({"received_on": "2031-03-04"}, "received_on"),
        ({"care_on": "2031-03-04"}, "care_on"),
        ({"care_on": "2029-03-02"}, "care_on"),
        ({"category": "thermal"}, None),
        ({"amount_cents": 12.5}, None),
        ({"act": None}, None),
        ({"weather": "fine"}, None),
    ],
)
async def test_what_cannot_be_right_is_refused_with_its_field(
    counter: Counter, changes: Body, field: str | None
) -> None:
    before = kept(counter)
    answer = await counter.ask(HANDLER, "POST", "/claims", body(**{"act": "ACTE"} | changes))
    assert answer.status_code == 422, answer.text
    assert answer.json().get("field") == field
    assert kept(counter) == before


async def test_without_a_calendar_nothing_is_kept_of_a_controlled_claim(counter: Counter) -> None:
    before = kept(counter)
    with counter.house.sessions.begin() as session:
        days = session.scalars(select(CalendarDay)).all()
        told = [(day.day, day.kind, day.name) for day in days]
        for day in days:
            session.delete(day)
    try:
        answer = await counter.ask(HANDLER, "POST", "/claims", body(amount_cents=150_000))
        assert (answer.status_code, kept(counter)) == (503, before)
        assert (await enter(counter, amount_cents=5_000))["state"] == "payable", "what is cleared counts no days"
    finally:
        with counter.house.sessions.begin() as session:
            session.add_all(CalendarDay(day=day, kind=kind, name=name) for day, kind, name in told)


# Lists.


async def test_claims_are_listed_page_by_page_the_newest_first(counter: Counter) -> None:
    entered = [(await enter(counter, COLLEAGUE, amount_cents=cents))["reference"] for cents in (1_000, 2_000, 150_000)]
    seen: list[str] = []
    following = "limit=1"
    while following:
        page = await counter.get(HANDLER, f"/claims?entered_by={COLLEAGUE}&{following}")
        seen += [line["reference"] for line in page["claims"]]
        following = f"limit=1&cursor={page['next']}" if page["next"] else ""
    assert seen[:3] == entered[::-1]
    assert len(seen) == len(set(seen))


async def test_a_list_is_narrowed_by_what_claims_are(counter: Counter) -> None:
    optical: Body = {"category": "optical", "provider_number": PROVIDERS[CareCategory.OPTICAL], "pole": "support"}
    controlled = (await enter(counter, FRONT_DESK, **optical, amount_cents=120_000))["reference"]
    cleared = (await enter(counter, FRONT_DESK, **optical, amount_cents=12_000))["reference"]
    for narrowed, wanted in {
        "category=optical&pole=support": {controlled, cleared},
        "category=optical&state=registered": {controlled},
        "category=optical&state=payable": {cleared},
        "category=optical&reason=threshold": {controlled},
        "category=optical&controlled=false": {cleared},
        "category=optical&controlled=true": {controlled},
        "category=optical&reason=sensitive": set(),
        "category=optical&entered_by=nobody": set(),
    }.items():
        page = await counter.get(FRONT_DESK, f"/claims?{narrowed}")
        assert {line["reference"] for line in page["claims"]} == wanted, narrowed
    mine = await counter.get(FRONT_DESK, "/claims?entered_by=me")
    assert {line["reference"] for line in mine["claims"]} == {controlled, cleared}
