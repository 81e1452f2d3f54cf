"""A day's file as the rules read it: each number once, in one order, whatever stands where."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.claim.day import Reading, read_day
from domain.claim.parties import Covered, Parties, problems_with
from domain.claim.sample import Draw
from domain.claim.triage import triage
from domain.claim.words import ControlReason, Sensitive
from tests.factories.claims import TODAY, an_intake, some_evidence, the_policy, what_is_sent
from tests.factories.rules import the_book

READING = Reading(TODAY, the_book(), Calendar({}, date(2026, 1, 1), date(2027, 12, 31)))
PARTIES = Parties(
    members={"100200"},
    beneficiaries={"100200": Covered("100200"), "100201": Covered("100200", Sensitive.ADMINISTRATOR)},
    contracts={"C-1": "100200"},
    providers={"P-7"},
    people={"claire.morvan": UUID(int=1)},
    own={"claire.morvan": {"100300"}},
    poles={"benefits"},
)
NOT_DRAWN, DRAWN = Draw(9_999, 300), Draw(0, 300)


def read(*lines: dict[str, Any]) -> tuple[list[str | None], int, dict[int, str | None]]:
    """The numbers of the requests in their order, how many lines say the same again, the fields that are refused."""
    day = read_day(enumerate(lines, 1), READING)
    return [intake.number for _, intake in day.in_order], day.repeated, {n: one.field for n, one in day.refused.items()}


def test_requests_go_by_reception_then_by_number() -> None:
    early = what_is_sent(number="L-9", received_on="2026-11-20")
    assert read(what_is_sent(number="L-2"), what_is_sent(number="L-1"), early)[0] == ["L-9", "L-1", "L-2"]


def test_text_and_number_are_one_amount_and_so_one_request() -> None:
    assert read(what_is_sent(amount_cents=95_000), what_is_sent(amount_cents="95000")) == (["L-1"], 1, {})


def test_a_number_that_says_two_things_is_believed_in_none_of_its_lines() -> None:
    one, other = what_is_sent(), what_is_sent(amount_cents=95_001)
    assert read(one, other, one, what_is_sent(number="L-2")) == (["L-2"], 0, dict.fromkeys((1, 2, 3), "number"))


@pytest.mark.parametrize(("day", "refused"), [("2025-12-31", True), ("2026-01-01", False)])
def test_what_came_before_the_calendar_begins_is_refused(day: str, refused: bool) -> None:
    told = read(what_is_sent(received_on=day, care_on=day))[2]
    assert (told == {1: "received_on"}) is refused


@pytest.mark.parametrize("written", ["1,50", "", "١٢", "1" * 13, "--5", "+5", None, True, [1]])
def test_no_other_writing_of_an_amount_is_guessed_at(written: object) -> None:
    assert set(read(what_is_sent() | {"amount_cents": written})[2].values()) == {"amount_cents"}


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), max_size=12), st.integers(0, 999))
def test_what_becomes_of_a_line_depends_on_no_other_line_s_place(said: list[tuple[int, int]], seed: int) -> None:
    lines = [what_is_sent(number=f"L-{number}", amount_cents=cents) for number, cents in said]
    mixed = Random(seed).sample(lines, len(lines))
    (order, repeated, refused), (again, repeated_again, refused_again) = read(*lines), read(*mixed)
    assert (order, repeated, len(refused)) == (again, repeated_again, len(refused_again))
    assert len(order) + repeated + len(refused) == len(lines)


def test_what_the_register_knows_is_no_problem() -> None:
    assert list(problems_with(an_intake(), PARTIES, None)) == []
    assert list(problems_with(an_intake(entered_by=None, contract_number="C-1"), PARTIES, "claire.morvan")) == []


@pytest.mark.parametrize(
    ("parties", "field"),
    [
        (replace(PARTIES, members={"1"}), "member_number"),
        (replace(PARTIES, beneficiaries={}), "beneficiary_number"),
        (replace(PARTIES, beneficiaries={"100200": Covered("1")}), "beneficiary_number"),
        (replace(PARTIES, providers={"P-8"}), "provider_number"),
        (replace(PARTIES, people={}), "entered_by"),
        (replace(PARTIES, own={"claire.morvan": {"100200"}}), "entered_by"),
        (replace(PARTIES, poles={"support"}), "pole"),
    ],
)
def test_what_the_register_contradicts_is_told_with_its_field(parties: Parties, field: str) -> None:
    (problem,) = problems_with(an_intake(), parties, None)
    assert problem.field == field


@pytest.mark.parametrize(
    ("cents", "sensitive", "lot", "reasons", "links"),
    [
        (100_000, None, NOT_DRAWN, (), 0),
        (100_000, None, DRAWN, (ControlReason.SAMPLE,), 1),
        (100_001, None, DRAWN, (ControlReason.THRESHOLD,), 1),
        (500_001, None, NOT_DRAWN, (ControlReason.THRESHOLD,), 2),
        (1, Sensitive.ADMINISTRATOR, DRAWN, (ControlReason.SENSITIVE,), 2),
    ],
)
def test_triage_says_why_a_claim_is_controlled_and_by_how_many(
    cents: int, sensitive: Sensitive | None, lot: Draw, reasons: tuple[ControlReason, ...], links: int
) -> None:
    found = triage(some_evidence(claim_amount_cents=cents), sensitive, lot, the_policy())
    assert (found.reasons, found.links, found.is_cleared) == (reasons, links, not reasons)
    assert (found.lot is None) is (cents > 100_000 or sensitive is not None)
