"""Entering a complaint: what is kept, and what is refused with the rule and the remedy. No engine is needed."""

import asyncio
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select

from db.models import CalendarDay, Case, Member
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter, open_counter
from tests.factories.bodies import a_complaint

FRONT_DESK = "malo.quere"
MONDAY = NOON.date()
PARIS = ZoneInfo("Europe/Paris")


def kept(counter: Counter) -> int:
    """How many complaints the register holds."""
    with counter.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


async def refused(counter: Counter, **changes: Any) -> dict[str, Any]:
    """Why this complaint is refused; nothing of it is kept."""
    before = kept(counter)
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(counter.house.today(), **changes))
    assert answer.status_code == 422, answer.text
    assert kept(counter) == before
    told: dict[str, Any] = answer.json()
    return told


async def accepted(counter: Counter, **changes: Any) -> dict[str, Any]:
    """A complaint that is taken in, as it is read again."""
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(counter.house.today(), **changes))
    assert answer.status_code == 201, answer.text
    read: dict[str, Any] = await counter.get(FRONT_DESK, f"/complaints/{answer.json()['reference']}")
    return read


async def test_a_complaint_is_registered_while_the_engine_is_away(counter: Counter) -> None:
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(MONDAY))
    assert answer.status_code == 201
    assert answer.json()["state"] == "registered"
    assert answer.headers["location"] == answer.json()["link"]
    state = await counter.get(FRONT_DESK, f"/cases/{answer.json()['reference']}/state")
    assert [one["kind"] for one in state["waiting"]] == ["register"]
    assert len(state["deadlines"]) == 5


async def test_the_language_is_the_members_unless_another_is_given(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        session.get_one(Member, "M0000043").language = "en"
        session.get_one(Member, "M0000044").language = "br"
    assert (await accepted(counter, complainant={"member_number": "M0000043"}))["language"] == "en"
    assert (await accepted(counter, complainant={"member_number": "M0000043"}, language="fr"))["language"] == "fr"
    assert (await accepted(counter, complainant={"member_number": "M0000044"}))["language"] == "fr"
    assert (await accepted(counter, complainant={"name": "Olive Fawcett"}))["language"] == "fr"


async def test_a_members_number_brings_name_and_addresses(counter: Counter) -> None:
    read = await accepted(counter, complainant={"member_number": " M0000042 "})
    assert read["complainant"].startswith("Mme ")
    assert read["email"] == "adherent42@boite-postale.example"
    assert len(read["address"]) == 2


async def test_what_is_given_goes_before_what_the_member_register_says(counter: Counter) -> None:
    given = {"member_number": "M0000042", "email": "autre@courriel.example", "address": ["3 rue Neuve", "29200 Brest"]}
    read = await accepted(counter, complainant=given)
    assert (read["email"], read["address"]) == ("autre@courriel.example", ["3 rue Neuve", "29200 Brest"])


async def test_somebody_who_is_no_member_gives_a_name(counter: Counter) -> None:
    read = await accepted(counter, complainant={"kind": "prospect", "name": "M. Ewen Nicolas"})
    assert (read["complainant"], read["email"], read["address"]) == ("M. Ewen Nicolas", None, [])
    assert (await refused(counter, complainant={"kind": "prospect"}))["field"] == "complainant.name"


@pytest.mark.parametrize(
    ("received_on", "sent_on", "field"),
    [
        ("2031-03-04", None, "received_on"),  # tomorrow
        ("9999-12-31", None, "received_on"),
        ("2031-03-03", "2031-03-04", "sent_on"),  # sent after it was received
        ("2031-02-28", "2031-03-01", "sent_on"),
        ("2021-03-02", None, "received_on"),  # ten years and a day ago
        ("2021-03-03", "2021-03-02", "sent_on"),
        ("0001-01-01", None, "received_on"),
    ],
)
async def test_an_impossible_date_is_refused(
    counter: Counter, received_on: str, sent_on: str | None, field: str
) -> None:
    assert (await refused(counter, received_on=received_on, sent_on=sent_on))["field"] == field


@pytest.mark.parametrize("received_on", ["2031-02-29", "03/03/2031", "", "2031-03-03T12:00:00", True, [], 0.5])
async def test_what_is_no_date_is_refused(counter: Counter, received_on: Any) -> None:
    told = await refused(counter, received_on=received_on)
    assert [one["field"] for one in told["errors"]] == ["received_on"]


@pytest.mark.parametrize(
    ("received_on", "sent_on"),
    [("2031-03-03", "2031-03-03"), ("2021-03-03", None), ("2031-03-01", "2021-03-03"), ("2028-02-29", "2028-02-29")],
)
async def test_the_last_possible_dates_are_accepted(counter: Counter, received_on: str, sent_on: str | None) -> None:
    read = await accepted(counter, received_on=received_on, sent_on=sent_on)
    assert (read["received_on"], read["sent_on"]) == (received_on, sent_on)


async def test_ten_years_before_29_february_is_28_february(counter: Counter) -> None:
    counter.clock.at = datetime(2028, 2, 29, 12, tzinfo=PARIS)
    try:
        assert (await accepted(counter, received_on="2018-02-28"))["policy_reaches_back"] is True
        assert (await refused(counter, received_on="2018-02-27"))["field"] == "received_on"
        two_months = (await accepted(counter, sent_on="2028-02-29"))["deadlines"]
        assert {one["name"]: one["due_on"] for one in two_months}["answer_limit"] == "2028-04-29"
    finally:
        counter.clock.at = NOON


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2031, 3, 3, 22, 59, tzinfo=ZoneInfo("UTC")), date(2031, 3, 3)),
        (datetime(2031, 3, 3, 23, 1, tzinfo=ZoneInfo("UTC")), date(2031, 3, 4)),
    ],
)
async def test_today_is_the_insurers_day_not_that_of_greenwich(counter: Counter, now: datetime, today: date) -> None:
    counter.clock.at = now
    try:
        assert (await accepted(counter))["received_on"] == today.isoformat()
        day_after = today.replace(day=today.day + 1)
        assert (await refused(counter, received_on=day_after.isoformat()))["field"] == "received_on"
    finally:
        counter.clock.at = NOON


@pytest.mark.parametrize("name", ["text", "subject"])
@pytest.mark.parametrize("words", ["", "   \n\t ", None, 12, ["un", "deux"], "a\0b"])
async def test_a_text_without_words_is_refused(counter: Counter, name: str, words: Any) -> None:
    body = a_complaint(MONDAY) | {name: words}
    answer = await counter.ask(FRONT_DESK, "POST", "/complaints", body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [name]


async def test_a_text_of_200_kilobytes_is_refused_and_one_of_fifty_thousand_characters_is_kept(
    counter: Counter,
) -> None:
    longest = "é" * 50_000
    assert (await accepted(counter, text=longest))["text"] == longest
    for too_long in (longest + "é", "a" * 200_000):
        assert [one["field"] for one in (await refused(counter, text=too_long))["errors"]] == ["text"]


async def test_any_tone_and_any_script_is_kept_as_it_came(counter: Counter) -> None:
    text = "C’EST UNE HONTE !!! 😡\r\n\tمرحبا — <script>alert('1')</script> {{ 7*7 }} %s \\0 \u202e œ\u0301"
    assert (await accepted(counter, text=text))["text"] == text


@pytest.mark.parametrize("channel", ["phone", "branch", "messenger", "whatsapp"])
async def test_what_was_said_or_chatted_is_no_written_complaint(counter: Counter, channel: str) -> None:
    told = await refused(counter, channel=channel)
    assert told["field"] == "channel"
    assert "Invite the person to write" in told["remedy"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"channel": None}, "channel"),
        ({"complainant": None}, "complainant"),
        ({"complainant": {"member_number": "m 42"}}, "complainant.member_number"),
        ({"complainant": {"name": "X", "email": "nobody"}}, "complainant.email"),
        ({"complainant": {"name": "X", "email": "a b@c.fr"}}, "complainant.email"),
        ({"complainant": {"name": "X", "address": ["rue"] * 7}}, "complainant.address"),
        ({"complainant": {"name": "X\0"}}, "complainant.name"),
        ({"complainant": {"name": "X", "email": "x\0@courriel.example"}}, "complainant.email"),
        ({"complainant": {"name": "X", "address": ["3 rue\0Neuve"]}}, "complainant.address.0"),
        ({"language": "French"}, "language"),
        ({"skills": [f"skill {number}" for number in range(9)]}, "skills"),
        ({"skills": "optical"}, "skills"),
        ({"about": "a" * 61}, "about"),
        ({"about": "a\0"}, "about"),
        ({"urgent": True}, "urgent"),
        ({"reference": "REC-2031-000001"}, "reference"),
    ],
)
async def test_a_wrong_value_is_named(counter: Counter, change: dict[str, Any], field: str) -> None:
    assert [one["field"] for one in (await refused(counter, **change))["errors"]] == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pole": "kitchen"}, "pole"),
        ({"pole": ""}, "pole"),
        ({"pole": "a\0"}, "pole"),
        ({"skills": ["optical", "juggling"]}, "skills"),
        ({"language": "br"}, "language"),
        ({"about": "nobody.here"}, "about"),
        ({"about": ""}, "about"),
        ({"complainant": {"member_number": "M9999999"}}, "complainant.member_number"),
    ],
)
async def test_what_the_house_does_not_know_is_named(counter: Counter, change: dict[str, Any], field: str) -> None:
    told = await refused(counter, **change)
    assert (told["type"], told["field"]) == ("/problems/invalid", field)


async def test_every_wrong_value_is_told_at_once(counter: Counter) -> None:
    told = await refused(counter, channel="pigeon", text="", received_on="yesterday")
    assert {one["field"] for one in told["errors"]} == {"channel", "text", "received_on"}


@pytest.mark.parametrize(
    ("change", "category"),
    [
        ({}, "business"),
        ({"channel": "social_network"}, "sensitive"),
        ({"complainant": {"kind": "lawyer", "name": "Me Le Roux"}}, "sensitive"),
        ({"text": "Sans réponse, mon AVOCAT prendra la suite."}, "sensitive"),
    ],
)
async def test_a_category_is_proposed(counter: Counter, change: dict[str, Any], category: str) -> None:
    read = await accepted(counter, **change)
    assert (read["category"], read["category_confirmed"]) == (category, False)


async def test_references_follow_the_year_of_reception_and_never_repeat(counter: Counter) -> None:
    old = await accepted(counter, received_on="2029-12-31")
    new = await accepted(counter)
    assert (old["reference"][:9], new["reference"][:9]) == ("REC-2029-", "REC-2031-")
    assert old["reference"][9:] != new["reference"][9:]


async def test_without_the_holidays_of_a_year_nothing_is_kept_and_the_remedy_is_named(counter: Counter) -> None:
    before = kept(counter)
    counter.clock.at = datetime(2036, 12, 22, 12, tzinfo=PARIS)
    try:
        answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(counter.house.today()))
        assert (answer.status_code, rule_of(answer)) == (503, "calendar_missing")
        assert "2037" in answer.json()["detail"]
        assert "`echeance calendar fill`" in answer.json()["remedy"]
        assert kept(counter) == before
    finally:
        counter.clock.at = NOON


async def test_without_any_calendar_nothing_is_kept_and_the_remedy_is_named(insurer: str) -> None:
    async with open_counter(insurer) as counter:
        with counter.house.sessions.begin() as session:
            session.execute(delete(CalendarDay))
        answer = await counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(MONDAY))
        assert (answer.status_code, rule_of(answer)) == (503, "calendar_missing")
        assert answer.headers["retry-after"] == "300"
        assert kept(counter) == 0


async def test_sixty_people_can_enter_a_complaint_at_once(counter: Counter) -> None:
    asked = (counter.ask(FRONT_DESK, "POST", "/complaints", a_complaint(MONDAY)) for _ in range(60))
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 60


async def test_an_unknown_person_enters_nothing(counter: Counter) -> None:
    before = kept(counter)
    answer = await counter.http.post("/api/v1/complaints", json=a_complaint(MONDAY))
    assert (answer.status_code, rule_of(answer)) == (401, "unauthorized")
    assert kept(counter) == before
