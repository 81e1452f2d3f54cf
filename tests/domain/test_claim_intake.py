"""A benefit request as it arrives: what is refused, with field, rule and remedy, and what is one claim."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.claim.intake import ClaimIntake, check_intake, problems_of, read_line
from domain.claim.words import CareCategory, ClaimKind
from domain.refusals import Invalid
from tests.factories.claims import IBAN, TODAY, an_intake, the_policy, what_is_sent

MAXIMUM = 10_000_000
WORDS = some.text("09AZaz-_ é\0.", max_size=12)


def wrong(**changes: Any) -> list[str | None]:
    """The fields that are wrong in a well-formed request."""
    return [one.field for one in problems_of(an_intake(**changes), TODAY, the_policy())]


def test_a_request_that_is_right_is_taken() -> None:
    taken = read_line(what_is_sent(), TODAY, the_policy())
    assert isinstance(taken, ClaimIntake)
    assert (taken.category, taken.kind, taken.iban) == (CareCategory.HEARING, ClaimKind.REIMBURSEMENT, IBAN)
    check_intake(taken, TODAY, the_policy())


def test_whoever_enters_one_by_hand_needs_no_number_of_their_own() -> None:
    assert an_intake(number=None, entered_by=None).number is None


@pytest.mark.parametrize(
    ("cents", "right"),
    [(-1, False), (0, False), (1, True), (MAXIMUM - 1, True), (MAXIMUM, True), (MAXIMUM + 1, False)],
)
def test_an_amount_is_above_zero_and_at_most_the_policys_maximum(cents: int, right: bool) -> None:
    assert wrong(amount_cents=cents) == ([] if right else ["amount_cents"])


@pytest.mark.parametrize("amount", ["95000", 950.0, 950.5, True, None, "mille"])
def test_an_amount_is_whole_cents_and_nothing_that_looks_like_them(amount: Any) -> None:
    refused = read_line(what_is_sent() | {"amount_cents": amount}, TODAY, the_policy())
    assert isinstance(refused, tuple)
    assert [one.field for one in refused] == ["amount_cents"]


@pytest.mark.parametrize(("currency", "right"), [("EUR", True), ("eur", False), ("CHF", False), ("", False)])
def test_only_euros_are_paid(currency: str, right: bool) -> None:
    assert wrong(currency=currency) == ([] if right else ["currency"])


@pytest.mark.parametrize(
    ("kind", "days_after_reception", "right"),
    [
        ("reimbursement", -1, True),
        ("reimbursement", 0, True),
        ("reimbursement", 1, False),
        ("commitment", 1, True),
        ("commitment", 180, True),
        ("commitment", 181, False),
    ],
)
def test_care_that_is_to_be_reimbursed_was_given_and_a_commitment_may_look_ahead(
    kind: str, days_after_reception: int, right: bool
) -> None:
    care_on = TODAY + timedelta(days=days_after_reception)
    assert wrong(kind=kind, care_on=care_on) == ([] if right else ["care_on"])


@pytest.mark.parametrize(
    ("care_on", "received_on", "right"),
    [
        (date(2024, 11, 23), date(2026, 11, 22), True),
        (date(2024, 11, 23), date(2026, 11, 23), True),
        (date(2024, 11, 22), date(2026, 11, 23), False),
        (date(2024, 2, 29), date(2026, 2, 28), True),
        (date(2024, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_a_claim_lapses_two_years_after_the_care(care_on: date, received_on: date, right: bool) -> None:
    assert wrong(care_on=care_on, received_on=received_on) == ([] if right else ["care_on"])


def test_what_reached_us_in_time_and_was_entered_late_is_in_time() -> None:
    in_time = an_intake(care_on=date(2024, 11, 1), received_on=date(2026, 11, 1))
    assert list(problems_of(in_time, date(2027, 3, 1), the_policy())) == []


@pytest.mark.parametrize(("days", "right"), [(-1, True), (0, True), (1, False)])
def test_nothing_is_received_in_the_future(days: int, right: bool) -> None:
    assert wrong(received_on=TODAY + timedelta(days=days)) == ([] if right else ["received_on"])


def test_every_refusal_of_a_line_names_its_field_its_rule_and_its_remedy() -> None:
    line = what_is_sent(
        amount_cents=0, currency="USD", care_on="2026-11-24", received_on="2026-11-23", kind="reimbursement"
    )
    refused = read_line(line, TODAY, the_policy())
    assert isinstance(refused, tuple)
    assert [one.field for one in refused] == ["currency", "amount_cents", "care_on"]
    assert all(one.rule and one.remedy for one in refused)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (what_is_sent(member_number=None), "member_number"),
        (what_is_sent(category="magic"), "category"),
        (what_is_sent(care_on="16/11/2026"), "care_on"),
        (what_is_sent(care_on=1_763_000_000), "care_on"),
        (what_is_sent(number="un numéro"), "number"),
        (what_is_sent(provider_number="P" * 41), "provider_number"),
        (what_is_sent(entered_by="nul\0"), "entered_by"),
        (what_is_sent(colour="red"), "colour"),
    ],
)
def test_a_misshapen_line_is_refused_by_its_field(line: dict[str, Any], field: str) -> None:
    refused = read_line(line, TODAY, the_policy())
    assert isinstance(refused, tuple)
    assert [one.field for one in refused] == [field]
    assert all(isinstance(one, Invalid) and one.remedy for one in refused)


def test_the_same_line_twice_is_one_claim_however_its_iban_is_typed() -> None:
    assert an_intake(iban=IBAN.lower()).content_hash == an_intake().content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"number": "L-2"},
        {"number": None},
        {"amount_cents": 95_001},
        {"care_on": "2026-11-15"},
        {"beneficiary_number": "100201"},
        {"contract_number": "C-1"},
        {"act": "APPAREIL-1"},
        {"iban": "DE89370400440532013000"},
        {"kind": "commitment"},
        {"entered_by": "yann.kerloch"},
    ],
)
def test_a_line_that_differs_in_anything_is_another_claim(change: dict[str, Any]) -> None:
    assert an_intake(**change).content_hash != an_intake().content_hash


@given(line=some.dictionaries(some.sampled_from(sorted(what_is_sent())), some.none() | some.integers() | WORDS))
def test_whatever_a_line_says_it_is_taken_or_refused_in_words(line: dict[str, Any]) -> None:
    read = read_line(what_is_sent() | line, TODAY, the_policy())
    assert isinstance(read, ClaimIntake) or (read and all(one.field and one.rule and one.remedy for one in read))
