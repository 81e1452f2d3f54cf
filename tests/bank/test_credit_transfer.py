"""The file that pays: valid, exact, the same bytes for the same batch; what does not fit is named without its value."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bank.characters import LONGEST_NAME, in_sepa_characters
from bank.credit_transfer import LARGEST_CENTS, Account, UnfitForBank, check_schema, write
from bank.stand_in import receive
from tests.factories.bank import IBAN, MESSAGE, a_batch, a_file, an_order


def texts(file: bytes, name: str) -> list[str]:
    """The texts of all elements of this name."""
    return [str(one.text) for one in etree.fromstring(file).iter(f"{{*}}{name}")]


def test_the_same_batch_makes_the_same_bytes() -> None:
    assert a_file() == a_file()
    assert a_file() != a_file(message_id="VIR-2026-000002")


def test_ids_and_instants_are_those_that_were_given() -> None:
    file = a_file()
    assert texts(file, "MsgId") == [MESSAGE]
    assert texts(file, "PmtInfId") == [f"{MESSAGE}-1"]
    assert texts(file, "CreDtTm") == ["2026-11-25T10:00:00+00:00"]
    assert texts(file, "Dt") == ["2026-11-26"]
    assert texts(file, "EndToEndId") == [f"PRE-2026-{n:06d}-1" for n in (1, 2, 3)]
    assert texts(file, "BICFI") == ["AGRIFRPP"]


def test_count_and_sum_stand_on_the_file_and_on_its_group() -> None:
    assert texts(a_file(), "NbOfTxs") == ["3", "3"]
    assert texts(a_file(), "CtrlSum") == ["5021.51", "5021.51"]


@pytest.mark.parametrize(
    ("cents", "written"),
    [(1, "0.01"), (9, "0.09"), (10, "0.10"), (99, "0.99"), (100, "1.00"), (LARGEST_CENTS, "999999999.99")],
)
def test_cents_are_written_exactly(cents: int, written: str) -> None:
    assert texts(a_file([an_order(1, cents)]), "InstdAmt") == [written]


@pytest.mark.parametrize("cents", [0, -1, LARGEST_CENTS + 1])
def test_an_amount_that_no_transfer_can_carry_is_refused(cents: int) -> None:
    with pytest.raises(UnfitForBank, match=r"PRE-2026-000001-1 is not between 0\.01"):
        a_file([an_order(1, cents)])


@given(st.lists(st.integers(1, LARGEST_CENTS), min_size=1, max_size=30))
def test_the_control_sum_is_the_sum_of_the_cents(amounts: list[int]) -> None:
    received = receive(a_file([an_order(n, cents) for n, cents in enumerate(amounts)]))
    assert Decimal(received.total) * 100 == sum(amounts)
    assert [Decimal(one) * 100 for one in received.orders.values()] == amounts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Zoé L’Œil & fils", "Zoe L'OEil + fils"),
        ("Müller-Ångström (Jürgen)", "Muller-Angstrom (Jurgen)"),
        ("Ça_va <b>été</b>; \u202fdrop table", "Ca-va b ete /b drop table"),
        ("  Anne\t\n Vasseur ", "Anne Vasseur"),
        ("A" * 80, "A" * 70),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Σωκράτης", "Sokrates"),
    ],
)
def test_names_are_written_in_the_characters_of_sepa(name: str, written: str) -> None:
    assert texts(a_file([an_order(1, name=name)]), "Nm")[-1] == written


@given(st.text(max_size=200))
def test_whatever_the_name_it_is_written_in_plain_characters(name: str) -> None:
    plain = in_sepa_characters(name, LONGEST_NAME)
    assert len(plain) <= LONGEST_NAME
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert plain == in_sepa_characters(plain, LONGEST_NAME)


@pytest.mark.parametrize("name", ["", "  ", "«»", "☃"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(UnfitForBank, match="has no letter that a bank can read"):
        a_file([an_order(1, name=name)])


def test_spaces_in_an_iban_are_not_sent() -> None:
    assert texts(a_file([an_order(1, iban="fr14 2004 1010 0505 0001 3m02 606")]), "IBAN")[-1] == IBAN


@pytest.mark.parametrize("iban", ["NOT/AN/IBAN", "FR1420041010050500013M02607", "US64SVBKUS6S3300958879", ""])
def test_an_account_that_no_transfer_can_reach_is_refused_without_being_told(iban: str) -> None:
    with pytest.raises(UnfitForBank, match="account of the transfer PRE-2026-000001-1 cannot be right") as refused:
        a_file([an_order(1, iban=iban)])
    assert not iban or iban not in str(refused.value)


def test_what_the_schema_refuses_is_named_without_its_value() -> None:
    broken = etree.fromstring(a_file())
    broken.find(".//{*}CdtrAcct//{*}IBAN").text = "NOT/AN/IBAN"
    with pytest.raises(UnfitForBank, match=r"The file of the transfer PRE-2026-000001-1 is not valid") as refused:
        check_schema(broken)
    assert "CdtrAcct/Id/IBAN" in str(refused.value)
    assert "NOT/AN" not in str(refused.value)


@pytest.mark.parametrize("one", ["", "/PRE-1", "PRE-1/", "PRE//1", "P" * 36, "PRE_1", "PRÉ-1"])
def test_an_id_that_a_bank_could_not_read_is_refused(one: str) -> None:
    with pytest.raises(UnfitForBank, match="does not fit a bank file"):
        write(a_batch([replace(an_order(1), end_to_end_id=one)]))


def test_a_message_id_leaves_room_for_its_group() -> None:
    assert a_file(message_id="V" * 33)
    with pytest.raises(UnfitForBank, match="does not fit a bank file"):
        a_file(message_id="V" * 34)


def test_two_transfers_never_bear_one_id() -> None:
    with pytest.raises(UnfitForBank, match="same end-to-end id"):
        a_file([an_order(1), an_order(1)])


def test_an_empty_batch_is_no_file() -> None:
    with pytest.raises(UnfitForBank, match="without a transfer"):
        a_file([])


def test_an_instant_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        write(replace(a_batch(), created_at=datetime(2026, 11, 25)))  # noqa: DTZ001


def test_a_debtor_without_a_bic_is_fine() -> None:
    assert write(replace(a_batch(), debtor=Account("Mutuelle", IBAN)))
