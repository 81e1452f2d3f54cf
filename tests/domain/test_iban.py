"""IBANs: what can be one, and what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.iban import is_valid, last_digits, written_plainly
from tests.factories.claims import IBAN, OTHER_IBAN


@pytest.mark.parametrize("iban", [IBAN, OTHER_IBAN, "GB82WEST12345698765432", "BE68539007547034", "NO9386011117947"])
def test_an_iban_of_a_sepa_country_is_valid(iban: str) -> None:
    assert is_valid(iban)


@pytest.mark.parametrize(
    "iban",
    [
        "",
        "FR",
        IBAN[:-1],
        IBAN + "0",
        IBAN.lower(),
        "FR15" + IBAN[4:],
        "US1420041010050500013M02606",
        "FR14-0041010050500013M02606",
        "FR١٤20041010050500013M02606",
        "BR1800360305000010009795493C1",
    ],
)
def test_what_is_no_iban_of_a_sepa_country_is_not(iban: str) -> None:
    assert not is_valid(iban)


def test_check_digits_that_never_come_out_are_wrong_though_the_remainder_is_right() -> None:
    account = "370400440532013"
    twins = {
        digits: f"DE{digits:02}{account}{end:03}"
        for digits in (0, 1, 99)
        for end in range(1000)
        if int(f"{account}{end:03}1314{digits:02}") % 97 == 1
    }
    assert len(twins) == 3
    assert not any(map(is_valid, twins.values()))


@given(position=some.integers(4, 26), digit=some.sampled_from("0123456789"))
def test_one_mistyped_digit_is_seen(position: int, digit: str) -> None:
    mistyped = IBAN[:position] + digit + IBAN[position + 1 :]
    assert is_valid(mistyped) is (mistyped == IBAN)


def test_an_iban_is_kept_without_spaces_and_in_capitals() -> None:
    assert written_plainly(" fr14 2004 1010\t0505 0001 3m02 606 ") == IBAN
    assert last_digits(IBAN) == "2606"
