"""A file of reference data: its good lines are taken in, its bad ones told; the same file again changes nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.records import UnreadableFile
from domain.reference.words import ReferenceKind
from tests.conftest import Ask
from tests.db.reference.intake import take, take_file
from tests.factories.reference import (
    ROWS,
    Row,
    a_contract,
    a_contribution,
    a_member,
    a_staff_iban,
    an_iban,
    an_iban_change,
)
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database

MEMBERS, CONTRACTS, CONTRIBUTIONS = ReferenceKind.MEMBERS, ReferenceKind.CONTRACTS, ReferenceKind.CONTRIBUTIONS
IBANS, STAFF = ReferenceKind.IBANS, ReferenceKind.STAFF
ALREADY: dict[ReferenceKind, list[tuple[ReferenceKind, Row]]] = {kind: [] for kind in ReferenceKind} | {
    CONTRACTS: [(MEMBERS, a_member())],
    IBANS: [(MEMBERS, a_member())],
    CONTRIBUTIONS: [(MEMBERS, a_member()), (CONTRACTS, a_contract())],
}
"""What has to be there before a line of a kind can be taken in."""


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk before a register of this test alone."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


@pytest.mark.parametrize("kind", ReferenceKind)
def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk, kind: ReferenceKind) -> None:
    for earlier, row in ALREADY[kind]:
        assert take(desk, earlier, row).refused == {}
    assert take(desk, kind, ROWS[kind]()).counts == (1, 0, 0)
    known = desk.everything()
    assert take(desk, kind, ROWS[kind]()).counts == (0, 1, 0)
    again = desk.everything()
    assert {name for name in known if known[name] != again[name]} == {"imports"}


CHANGED: dict[ReferenceKind, Row] = {
    MEMBERS: {"name": "Mme Armelle Kerbiriou-Le Goff"},
    CONTRACTS: {"until_on": "2027-01-01"},
    CONTRIBUTIONS: {"paid_cents": "0"},
    ReferenceKind.PROVIDERS: {"name": "Optique du Port"},
    ReferenceKind.GUARANTEES: {"ceiling_cents": "42001"},
    STAFF: {"member_number": "M0000007"},
    IBANS: {"iban": an_iban(2), "from_at": "2026-02-01"},
}


@pytest.mark.parametrize("kind", ReferenceKind)
def test_the_history_says_who_changed_what_and_when(desk: Desk, kind: ReferenceKind) -> None:
    for earlier, row in ALREADY[kind]:
        take(desk, earlier, row)
    take(desk, kind, ROWS[kind]())
    desk.at += timedelta(days=1)
    by = desk.actor("alexis.cozic").id
    taken = take(desk, kind, ROWS[kind](**CHANGED[kind]), by=by)
    assert taken.counts == (1, 0, 0)
    first, second = desk.sql(
        "SELECT at, by_id, import_id, before, after FROM reference_changes WHERE kind = :kind ORDER BY id", kind=kind
    )
    assert (first[1], first[3]) == (None, None)
    assert second[:3] == (desk.at, by, taken.id)
    assert second[3] == first[4]
    assert second[3] != second[4]


def test_a_line_that_is_wrong_keeps_no_other_from_being_taken_in(desk: Desk) -> None:
    rows = [a_member("M9000001"), a_member("m9"), a_member("M9000002", email="nobody"), a_member("M9000003")]
    taken = take(desk, MEMBERS, *rows)
    assert taken.counts == (2, 0, 2)
    assert {line: field for line, (field, _) in taken.refused.items()} == {3: "number", 4: "email"}


def test_of_two_lines_on_the_same_the_second_is_refused_where_it_says_otherwise(desk: Desk) -> None:
    taken = take(desk, MEMBERS, a_member(), a_member(), a_member(name="M. Ewen Nicolas"))
    assert taken.counts == (1, 1, 1)
    assert set(taken.refused) == {4}


# Members and who is covered through them.


def test_a_member_is_a_beneficiary_under_their_own_number(desk: Desk) -> None:
    take(desk, MEMBERS, a_member(sensitive="administrator"))
    told = desk.sql("SELECT member_number, name, sensitive FROM beneficiaries WHERE number = 'M9000001'")
    assert told == [("M9000001", "Mme Armelle Kerbiriou", "administrator")]
    desk.sql("UPDATE members SET name = 'Mme Armelle Le Goff' WHERE number = 'M9000001'")
    assert desk.sql("SELECT name FROM beneficiaries WHERE number = 'M9000001'") == [("Mme Armelle Le Goff",)]


def test_everybody_who_was_a_member_before_is_a_beneficiary(desk: Desk) -> None:
    (members,) = desk.sql("SELECT count(*) FROM members")
    assert desk.sql("SELECT count(*) FROM beneficiaries WHERE number = member_number") == [members]


def a_dependant(number: str = "B9000001", holder: str = "M9000001", **changes: str) -> Row:
    """Somebody who is covered through a member."""
    return {"number": number, "name": "M. Ewen Kerbiriou", "holder": holder} | changes


def test_a_dependant_may_stand_before_their_holder_in_the_file(desk: Desk) -> None:
    assert take(desk, MEMBERS, a_dependant(), a_member()).counts == (2, 0, 0)
    assert desk.sql("SELECT member_number FROM beneficiaries WHERE number = 'B9000001'") == [("M9000001",)]
    assert desk.sql("SELECT 1 FROM members WHERE number = 'B9000001'") == []
    assert take(desk, MEMBERS, a_dependant(), a_member()).counts == (0, 2, 0)


def test_a_dependant_s_holder_is_a_member(desk: Desk) -> None:
    taken = take(desk, MEMBERS, a_member(), a_dependant(), a_dependant("B9000002", "B9000001"), a_dependant("B3", "M9"))
    assert {line: field for line, (field, _) in taken.refused.items()} == {4: "holder", 5: "holder"}


def test_members_and_dependants_do_not_exchange_their_numbers(desk: Desk) -> None:
    take(desk, MEMBERS, a_member(), a_dependant())
    taken = take(
        desk, MEMBERS, a_member("B9000001"), a_dependant("M9000001", "M0000001"), a_dependant("B2", "B9000001")
    )
    assert {line: field for line, (field, _) in taken.refused.items()} == {2: "number", 3: "number", 4: "holder"}


def test_a_dependant_whose_holder_s_own_line_is_refused_is_refused_too(desk: Desk) -> None:
    rows = [a_dependant("M9000001", "M0000001"), a_member("M9000001"), a_dependant("B9000002", "M9000001")]
    assert set(take(desk, MEMBERS, *rows).refused) == {3, 4}


# Contracts and their rights.


def rights(desk: Desk) -> list[tuple[date, date | None]]:
    """The periods of the contract, the earliest first."""
    return [(a, b) for a, b in desk.sql("SELECT from_on, until_on FROM contract_rights ORDER BY from_on")]


def test_a_contract_is_renewed_by_ending_the_old_rights_and_opening_new_ones(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    take(desk, CONTRACTS, a_contract())
    renewed = [a_contract(from_on="2027-01-01"), a_contract(until_on="2027-01-01")]
    assert take(desk, CONTRACTS, *renewed).counts == (2, 0, 0)
    assert rights(desk) == [(date(2026, 1, 1), date(2027, 1, 1)), (date(2027, 1, 1), None)]


@pytest.mark.parametrize(
    ("until_on", "from_on", "fits"),
    [
        ("2026-12-31", "2027-01-01", True),
        ("2027-01-01", "2027-01-01", True),
        ("2027-01-02", "2027-01-01", False),
        ("", "2027-01-01", False),
    ],
)
def test_rights_that_overlap_are_refused(desk: Desk, until_on: str, from_on: str, fits: bool) -> None:
    take(desk, MEMBERS, a_member())
    first, second = a_contract(until_on=until_on), a_contract(from_on=from_on)
    assert take(desk, CONTRACTS, first).counts == (1, 0, 0)
    assert take(desk, CONTRACTS, second).counts == ((1, 0, 0) if fits else (0, 0, 1))
    together = [one | {"number": "C9000002"} for one in (first, second)]
    assert take(desk, CONTRACTS, *together).counts == ((2, 0, 0) if fits else (1, 0, 1))


def test_a_line_that_is_refused_leaves_what_it_would_have_moved_where_it_is(desk: Desk) -> None:
    """The first line would have made room for the second: as it is refused, so is the second."""
    take(desk, MEMBERS, a_member())
    take(desk, CONTRACTS, a_contract(until_on="2027-01-01"), a_contract(from_on="2025-01-01", until_on="2026-01-01"))
    known = rights(desk)
    moved = [
        a_contract(from_on="2024-06-01", until_on="2025-02-01"),
        a_contract(from_on="2024-01-01", until_on="2024-07-01"),
    ]
    assert take(desk, CONTRACTS, *moved).refused.keys() == {2, 3}
    assert rights(desk) == known


def test_a_contract_keeps_its_member_and_is_under_one_guarantee(desk: Desk) -> None:
    take(desk, MEMBERS, a_member(), a_member("M9000002"))
    take(desk, CONTRACTS, a_contract())
    of_another = a_contract(member="M9000002", from_on="2020-01-01", until_on="2021-01-01")
    two = [a_contract("C2"), a_contract("C2", from_on="2020-01-01", until_on="2021-01-01", guarantee="OTHER")]
    taken = take(desk, CONTRACTS, of_another, *two, a_contract("C3", member="M9000009"))
    assert {line: field for line, (field, _) in taken.refused.items()} == {
        2: "member_number",
        4: "guarantee",
        5: "member_number",
    }


def test_a_contribution_is_for_a_contract_that_there_is(desk: Desk) -> None:
    assert take(desk, CONTRIBUTIONS, a_contribution("C404")).refused == {
        2: ("contract_number", "No contract has this number.")
    }


# IBANs.


def test_a_day_begins_at_midnight_where_the_insurer_is(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    take(desk, IBANS, an_iban_change(from_at="2026-01-05"))
    assert desk.sql("SELECT from_at AT TIME ZONE 'UTC' FROM member_ibans")[0][0].isoformat() == "2026-01-04T23:00:00"


def test_an_account_lasts_until_the_next_one_whatever_their_order_in_the_file(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    march, january = an_iban_change(number=3, from_at="2026-03-01"), an_iban_change(number=1, from_at="2026-01-01")
    assert take(desk, IBANS, march, january).counts == (2, 0, 0)
    between = an_iban_change(number=2, from_at="2026-02-01")
    assert take(desk, IBANS, between).counts == (1, 0, 0)
    told = desk.sql("SELECT from_at, until_at FROM member_ibans ORDER BY from_at")
    assert [until for _, until in told] == [from_at for from_at, _ in told[1:]] + [None]


def test_the_same_account_later_is_no_change(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    rows = [
        an_iban_change(number=n, from_at=day) for n, day in ((1, "2026-01-01"), (1, "2026-02-01"), (2, "2026-03-01"))
    ]
    assert take(desk, IBANS, *rows).counts == (2, 1, 0)
    assert take(desk, IBANS, an_iban_change(number=2, from_at="")).counts == (0, 1, 0)
    assert take(desk, IBANS, an_iban_change(number=1, from_at="")).counts == (1, 0, 0)
    assert desk.sql("SELECT count(*) FROM member_ibans") == [(3,)]


def test_what_is_registered_for_an_instant_is_not_written_anew(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    take(desk, IBANS, an_iban_change())
    assert take(desk, IBANS, an_iban_change(number=2)).refused.keys() == {2}
    assert take(desk, IBANS, an_iban_change(changed_by="claire.morvan")).refused.keys() == {2}


def test_whoever_changed_an_account_is_of_the_staff(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    assert take(desk, IBANS, an_iban_change(changed_by="nobody.here")).refused == {
        2: ("changed_by", "Nobody of the staff has this login.")
    }
    take(desk, IBANS, an_iban_change(changed_by="claire.morvan", changed_through="staff"))
    assert desk.sql("SELECT changed_by, changed_through FROM member_ibans") == [
        (desk.actor("claire.morvan").id, "staff")
    ]


def test_an_account_of_the_staff_is_found_by_its_hash_and_written_nowhere(desk: Desk) -> None:
    take(desk, MEMBERS, a_member())
    secret, shared = an_iban(700), an_iban(701)
    rows = [a_staff_iban(number=700), a_staff_iban("yann.kerloch", 701, member_number="M9000001")]
    bad = a_staff_iban(number=702) | {"login": "nobody.here"}
    taken = take(desk, STAFF, *rows, bad, a_staff_iban() | {"iban": secret[:-1] + "9"})
    assert {line: field for line, (field, _) in taken.refused.items()} == {4: "login", 5: "iban"}
    take(desk, IBANS, an_iban_change(number=701))
    same = "SELECT s.member_number FROM staff_ibans s JOIN member_ibans m USING (iban_hash)"
    assert desk.sql(same) == [("M9000001",)]
    everything = str(desk.everything())
    assert shared in everything
    assert not any(iban in everything for iban in (secret, an_iban(702), secret[:-1] + "9"))


def test_a_file_of_which_nothing_can_be_read_leaves_nothing_behind(desk: Desk) -> None:
    known = desk.everything()
    with pytest.raises(UnreadableFile):
        take_file(desk, MEMBERS, b"PK\x03\x04\0\0")
    now = desk.everything()
    assert {name for name in known if known[name] != now[name]} == set()


WRITTEN_ONCE = {"imports": "id", "import_refusals": "line", "reference_changes": "kind"}


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_imports_and_their_history_are_written_once(desk: Desk, table: str) -> None:
    column = WRITTEN_ONCE[table]
    for change in ("DELETE FROM {0}", "UPDATE {0} SET {1} = {1}", "TRUNCATE {0} CASCADE"):
        with pytest.raises(IntegrityError, match="is written once"):
            desk.sql(change.format(table, column))
