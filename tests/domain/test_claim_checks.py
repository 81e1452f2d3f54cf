"""The automatic checks, each at the day and the cent before, on and after its limit."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.claim.checks import (
    CheckFinding,
    Contribution,
    KnownIban,
    OtherClaim,
    Rights,
    StaffIban,
    amounts_are_alike,
    check_claim,
    stops,
)
from domain.claim.words import ChangedThrough, CheckName, CheckResult
from tests.factories.claims import CARE, IBAN, SOMEBODY, TODAY, finding, some_evidence, the_policy

PASS, WARN, STOP = CheckResult.PASS, CheckResult.WARN, CheckResult.STOP


def test_every_claim_gets_every_check_in_one_order() -> None:
    found = check_claim(some_evidence(), the_policy())
    assert [one.name for one in found] == list(CheckName)
    assert {one.result for one in found} == {PASS}


@pytest.mark.parametrize(
    ("rights", "result"),
    [
        ([], STOP),
        ([(CARE, None)], PASS),
        ([(CARE + timedelta(days=1), None)], STOP),
        ([(date(2026, 1, 1), CARE)], STOP),
        ([(date(2026, 1, 1), CARE + timedelta(days=1))], PASS),
        ([(date(2025, 1, 1), date(2026, 1, 1)), (date(2026, 11, 1), None)], PASS),
        ([(date(2025, 1, 1), date(2026, 11, 1)), (date(2026, 12, 1), None)], STOP),
    ],
)
def test_rights_are_open_on_the_care_date(rights: list[tuple[date, date | None]], result: CheckResult) -> None:
    periods = tuple(Rights("C-1", from_on, until_on) for from_on, until_on in rights)
    assert finding(CheckName.RIGHTS_OPEN, some_evidence(rights=periods)).result is result


def test_the_rights_of_another_contract_do_not_count() -> None:
    other = some_evidence(claim_contract_number="C-2")
    assert finding(CheckName.RIGHTS_OPEN, other).result is STOP


def duplicate(**changes: Any) -> CheckFinding:
    """The check for duplicates with one other claim, of 500 € for the same act on the same day unless changed."""
    other = OtherClaim("PRE-2026-000001", "100200", "APPAREIL-2", CARE, 50_000)
    return finding(CheckName.DUPLICATE, some_evidence(others=(replace(other, **changes),)))


@pytest.mark.parametrize(
    ("days", "result"), [(-4, PASS), (-3, WARN), (-1, WARN), (0, STOP), (1, WARN), (3, WARN), (4, PASS)]
)
def test_the_same_care_date_stops_and_a_near_one_warns(days: int, result: CheckResult) -> None:
    assert duplicate(care_on=CARE + timedelta(days=days)).result is result


@pytest.mark.parametrize(
    ("cents", "result"), [(49_499, PASS), (49_500, STOP), (50_000, STOP), (50_505, STOP), (50_506, PASS)]
)
def test_amounts_within_one_percent_of_the_larger_are_alike(cents: int, result: CheckResult) -> None:
    assert duplicate(amount_cents=cents).result is result


def test_another_act_or_beneficiary_is_no_duplicate() -> None:
    assert duplicate(act="APPAREIL-1").result is PASS
    assert duplicate(beneficiary_number="100201").result is PASS


def test_one_of_the_same_day_stops_among_others_that_warn_and_all_are_told() -> None:
    others = tuple(
        OtherClaim(f"PRE-2026-00000{n}", "100200", "APPAREIL-2", CARE - timedelta(days=n), 50_000) for n in range(4)
    )
    found = finding(CheckName.DUPLICATE, some_evidence(others=others[::-1]))
    assert found.result is STOP
    assert {one["claim"] for one in found.evidence["claims"]} == {one.reference for one in others}


@given(one=some.integers(1, 10_000_000), other=some.integers(1, 10_000_000))
def test_which_of_two_came_first_does_not_matter(one: int, other: int) -> None:
    assert amounts_are_alike(one, other, 1) is amounts_are_alike(other, one, 1)


@given(cents=some.integers(1, 10_000_000))
def test_the_limit_lies_exactly_at_one_percent(cents: int) -> None:
    assert amounts_are_alike(cents, cents, 1)
    below = cents - cents // 100
    assert amounts_are_alike(cents, below, 1)
    assert not amounts_are_alike(cents, below - 1, 1)


@pytest.mark.parametrize("iban", [IBAN[:-1] + "7", IBAN[:-1], IBAN.lower(), "", "US1420041010050500013M02606", "éè"])
def test_an_iban_that_cannot_be_paid_stops(iban: str) -> None:
    wrong = finding(CheckName.IBAN_VALID, some_evidence(claim_iban=iban))
    assert (wrong.result, wrong.evidence) == (STOP, {"ends_with": iban[-4:]})
    assert finding(CheckName.IBAN_VALID, some_evidence(claim_iban="DE89370400440532013000")).result is PASS


@pytest.mark.parametrize(
    ("members", "related", "result"),
    [
        ({"100200"}, set(), PASS),
        ({"100200", "100300"}, {"100300"}, PASS),
        ({"100200", "100300"}, set(), STOP),
        ({"100200", "100300", "100400"}, {"100300"}, STOP),
        (set(), {"100300"}, PASS),
    ],
)
def test_an_iban_is_shared_with_relatives_only(members: set[str], related: set[str], result: CheckResult) -> None:
    shared = some_evidence(iban_members=frozenset(members), related_members=frozenset(related))
    assert finding(CheckName.IBAN_SHARED, shared).result is result


@pytest.mark.parametrize(
    ("days_ago", "result"), [(0, WARN), (1, WARN), (29, WARN), (30, PASS), (31, PASS), (4000, PASS)]
)
def test_an_iban_changed_less_than_thirty_days_ago_warns_with_who_changed_it(
    days_ago: int, result: CheckResult
) -> None:
    changed = KnownIban(
        "hash-of-iban",
        TODAY - timedelta(days=days_ago),
        changed_by=SOMEBODY,
        changed_through=ChangedThrough.STAFF,
    )
    found = finding(CheckName.IBAN_CHANGED, some_evidence(known_iban=changed))
    assert found.result is result
    assert (found.evidence["changed_by"], found.evidence["changed_through"]) == (str(SOMEBODY), "staff")


def test_a_members_first_iban_was_not_changed() -> None:
    first = KnownIban("hash-of-iban", TODAY, is_first=True)
    assert finding(CheckName.IBAN_CHANGED, some_evidence(known_iban=first)).result is PASS


@pytest.mark.parametrize("known", [None, KnownIban("another hash", date(2020, 1, 1))])
def test_an_iban_that_is_not_the_members_in_force_stops(known: KnownIban | None) -> None:
    assert finding(CheckName.IBAN_CHANGED, some_evidence(known_iban=known)).result is STOP


@pytest.mark.parametrize(
    ("contracts", "result", "own"),
    [
        ([], PASS, False),
        (["100200"], PASS, True),
        ([None], STOP, False),
        (["999999"], STOP, False),
        (["999999", "100200"], PASS, True),
    ],
)
def test_a_member_of_staff_is_paid_on_their_own_contract_only(
    contracts: list[str | None], result: CheckResult, own: bool
) -> None:
    staff = tuple(StaffIban(UUID(int=n), contract) for n, contract in enumerate(contracts))
    found = finding(CheckName.STAFF_IBAN, some_evidence(staff=staff))
    assert (found.result, found.evidence["own_contract"]) == (result, own)
    assert len(found.evidence["staff"]) == len(contracts)


@pytest.mark.parametrize(
    ("consumed", "unpaid", "result"),
    [
        (149_999, 1, PASS),
        (150_000, 1, PASS),
        (150_001, 1, STOP),
        (150_001, 0, PASS),
        (0, 100_000, PASS),
        (10_000_000, 0, PASS),
    ],
)
def test_consumption_above_two_thousand_euros_with_unpaid_contributions_stops(
    consumed: int, unpaid: int, result: CheckResult
) -> None:
    due = (Contribution(date(2026, 10, 1), 9_000, 9_000 - unpaid),)
    found = finding(CheckName.CONTRIBUTIONS, some_evidence(consumed_cents=consumed, contributions=due))
    assert (found.result, found.evidence) == (result, {"consumed_cents": consumed + 50_000, "unpaid_cents": unpaid})


def test_what_is_not_due_yet_is_not_unpaid_and_too_much_for_one_period_pays_no_other() -> None:
    periods = (
        Contribution(date(2026, 9, 1), 9_000, 20_000),
        Contribution(date(2026, 10, 1), 9_000, 8_999),
        Contribution(date(2026, 12, 1), 9_000, 0),
    )
    found = finding(CheckName.CONTRIBUTIONS, some_evidence(consumed_cents=500_000, contributions=periods))
    assert (found.result, found.evidence["unpaid_cents"]) == (STOP, 1)


def test_findings_survive_the_register_and_hold_no_iban() -> None:
    staff = (StaffIban(SOMEBODY),)
    others = (OtherClaim("PRE-2026-000001", "100200", "APPAREIL-2", CARE, 50_000),)
    evidence = some_evidence(staff=staff, others=others, iban_members=frozenset({"1", "2"}), known_iban=None)
    found = check_claim(evidence, the_policy())
    kept = json.dumps([one.as_json() for one in found])
    assert tuple(CheckFinding.from_json(one) for one in json.loads(kept)) == found
    assert IBAN not in kept
    assert [one.name for one in stops(found)] == ["duplicate", "iban_shared", "iban_changed", "staff_iban"]
