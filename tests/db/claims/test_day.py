"""A day's file of claims: its good lines are taken in, its bad ones told; the same file again changes nothing."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.commands import claim_file
from db.models import ClaimRow, CommandRow
from db.session import sessions_within
from domain.claim.words import ControlReason
from domain.commands import CommandRef, CommandStatus
from domain.records import UnreadableFile
from domain.refusals import NumberTaken
from local.demo.claims_day import rows_of, world
from local.demo.reference import OWN_MEMBERSHIPS, SHARED_IBAN, STAFF_IBAN_ELSEWHERE, iban_of_staff
from tests.conftest import Ask
from tests.factories.claims_day import Line, a_line, as_csv, as_jsonl, give, open_claims_desk
from tests.factories.complaints import TODAY
from tests.factories.keys import STORY_KEYS
from tests.factories.register import Desk
from tests.servers import INSURER, fresh_database

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk before a register with the demo's reference data; its tests' claims have numbers of their own.

    The day's seed is known, and draws none of those that are to be payable.
    """
    with fresh_database(ask("insurer").open(), INSURER) as url, open_claims_desk(url) as desk:
        desk.sql("INSERT INTO claim_samples (day, seed) VALUES (:day, 'known')", day=TODAY)
        yield desk


def number() -> str:
    """A number that no other line of these tests has; the later, the higher, as text too."""
    return f"L-{next(_NUMBERS):04d}"


def row(desk: Desk, number: str) -> ClaimRow:
    """The claim of this number."""
    with desk.sessions() as session:
        return session.scalars(select(ClaimRow).where(ClaimRow.number == number)).one()


def numbers(desk: Desk) -> list[str]:
    """The numbers of all claims."""
    return [one for (one,) in desk.sql("SELECT number FROM claims ORDER BY number")]


def result_of(claim: ClaimRow, check: str) -> str:
    """How one check ended."""
    return next(str(one["result"]) for one in claim.checks if one["name"] == check)


# Once, and for ever.


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    lines = [a_line(number(), member) for member in range(20, 25)]
    assert give(desk, lines).counts == (5, 0, 0)
    known = desk.everything()
    again = give(desk, lines)
    assert (again.counts, again.kept) == ((0, 5, 0), ())
    assert {name for name, rows in desk.everything().items() if rows != known[name]} == {"imports"}


def test_a_line_that_stands_twice_is_one_claim(desk: Desk) -> None:
    line = a_line(number(), 31)
    assert give(desk, [line, line]).counts == (1, 1, 0)
    assert numbers(desk).count(line["number"]) == 1


def test_a_number_that_says_two_things_is_believed_in_neither(desk: Desk) -> None:
    one, other = number(), number()
    given = give(desk, [a_line(one, 32), a_line(other, 33), a_line(one, 32, amount_cents=3_001)])
    assert given.counts == (1, 0, 2)
    assert {line: field for line, (field, _) in given.refused.items()} == {1: "number", 3: "number"}
    assert one not in numbers(desk)


def test_a_number_that_another_claim_has_is_refused_and_explained(desk: Desk) -> None:
    taken = number()
    give(desk, [a_line(taken, 34)])
    given = give(desk, [a_line(taken, 34, amount_cents=4_000)])
    assert given.refused == {1: ("number", "This number was used for a claim that says otherwise.")}
    assert row(desk, taken).amount_cents == 3_000


def test_csv_and_json_say_the_same(desk: Desk) -> None:
    lines = [a_line(number(), 35), a_line(number(), 36, contract_number="C0000036", currency="EUR")]
    assert give(desk, as_csv(lines)).counts == (2, 0, 0)
    assert give(desk, as_jsonl(lines)).counts == (0, 2, 0)


def test_whoever_gives_the_file_has_entered_what_names_nobody(desk: Desk) -> None:
    silent, named = a_line(number(), 38, entered_by=None), a_line(number(), 39)
    given = give(desk, [silent, named], "isabelle.kermarrec")
    assert given.counts == (2, 0, 0)
    assert row(desk, silent["number"]).entered_by == desk.actor("isabelle.kermarrec").id
    assert row(desk, named["number"]).entered_by == desk.actor("yann.kerloch").id
    nobody = give(desk, [a_line(number(), 38, entered_by=None)])
    assert nobody.refused == {1: ("entered_by", "A claim names who entered it: they do not control it.")}


# What is wrong with a line.

MALFORMED: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({"amount_cents": 0}, "amount_cents", "An amount is above zero."),
    "less than nothing": ({"amount_cents": -4_550}, "amount_cents", "An amount is above zero."),
    "a billion": ({"amount_cents": 10**9}, "amount_cents", "An amount above 100000 € is taken for a mistake."),
    "more than a number holds": ({"amount_cents": 10**40}, "amount_cents", "An amount above 100000 €"),
    "euros": ({"amount_cents": "45.50"}, "amount_cents", "An amount is a whole number of euro cents."),
    "half a cent": ({"amount_cents": 45.5}, "amount_cents", "An amount is a whole number of euro cents."),
    "no amount": ({"amount_cents": None}, "amount_cents", "This value is missing."),
    "francs": ({"currency": "CHF"}, "currency", "Benefits are paid in euros only."),
    "a day of here": ({"care_on": "16/11/2026"}, "care_on", "A day is written year first."),
    "no day": ({"care_on": "2026-02-30"}, "care_on", "A day is written year first."),
    "care to come": ({"care_on": "2026-11-24"}, "care_on", "The care date (2026-11-24) is after"),
    "lapsed": ({"care_on": "2024-11-22"}, "care_on", "Care of 2024-11-22 could be asked for until"),
    "received tomorrow": ({"received_on": "2026-11-24"}, "received_on", "A request cannot be received in the future"),
    "before the calendar": (
        {"received_on": "1999-01-04", "care_on": "1999-01-04"},
        "received_on",
        "The calendar begins on 2015-01-01",
    ),
    "a stranger": ({"member_number": "M9999999"}, "member_number", "No member has this number."),
    "nobody's child": ({"beneficiary_number": "B9999999"}, "beneficiary_number", "No beneficiary has this number."),
    "another's child": ({"beneficiary_number": "B0000003"}, "beneficiary_number", "This beneficiary is not covered"),
    "another's contract": ({"contract_number": "C0000003"}, "contract_number", "This member has no contract"),
    "no provider": ({"provider_number": "990009999"}, "provider_number", "No provider has this number."),
    "a horse": ({"category": "veterinary"}, "category", "There are seven categories of care."),
    "a kind of its own": ({"kind": "advance"}, "kind", "A request is for a reimbursement or for a commitment."),
    "spaces": ({"act": "COURONNE 2"}, "act", "A number is made of letters without accents"),
    "no such pole": ({"pole": "harbour"}, "pole", "The policy knows no such pole."),
    "an unknown login": ({"entered_by": "nobody"}, "entered_by", "Nobody of the staff has this login."),
    "one's own": (
        {"entered_by": "claire.morvan", "member_number": "M0000012", "beneficiary_number": "M0000012"},
        "entered_by",
        "Nobody enters a benefit request of which they are",
    ),
    "no number": ({"number": None}, "number", "A line of a file has a number."),
    "another column": ({"colour": "blue"}, "colour", "This field is not known."),
    "a NUL": ({"iban": "FR76\0"}, "iban", "An IBAN has 1 to 60 characters"),
    "half a character": ({"iban": "FR76\ud800"}, "iban", "An IBAN has 1 to 60 characters"),
    "no IBAN": ({"iban": ""}, "iban", "An IBAN has 1 to 60 characters"),
}
"""What is changed in a good line, the field that is told, and how the problem begins."""


def test_every_malformed_line_is_explained_and_keeps_no_other_from_being_taken_in(desk: Desk) -> None:
    good = a_line(number(), 41)
    wrong = [a_line(number(), 41) | changes for changes, _, _ in MALFORMED.values()]
    lines = [{name: value for name, value in line.items() if value is not None} for line in wrong]
    given = give(desk, [*lines, good])
    assert given.counts == (1, 0, len(MALFORMED))
    for place, (name, (_, field, problem)) in enumerate(MALFORMED.items(), 1):
        told, said = given.refused[place]
        assert (name, told) == (name, field)
        assert said.startswith(problem), (name, said)
    remedies = desk.sql("SELECT remedy FROM import_refusals WHERE import_id = :id", id=given.id)
    assert all(remedy.endswith(".") for (remedy,) in remedies)
    assert good["number"] in numbers(desk)


def test_a_line_in_another_encoding_is_refused_alone(desk: Desk) -> None:
    good, other = a_line(number(), 42), a_line(number(), 43)
    content = as_csv([good, other | {"pole": "prévoyance"}])
    lines = content.splitlines(keepends=True)
    given = give(desk, b"".join([*lines[:2], lines[2].decode().encode("latin-1"), b'{"number": \n']))
    assert given.counts == (1, 0, 2)
    assert given.refused[3] == (None, "The line is not UTF-8.")


@pytest.mark.parametrize(
    "content",
    [b"", b"number;amount\n1;2\n", as_csv([a_line()]).decode().encode("utf-16"), b"\x00\x01\x02", b"number\n"],
)
def test_a_file_that_holds_no_claims_is_refused_whole(desk: Desk, content: bytes) -> None:
    known = numbers(desk)
    with pytest.raises(UnreadableFile):
        give(desk, content)
    assert numbers(desk) == known


def test_a_file_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.claim.day.MOST_LINES", 2)
    lines = [a_line(number(), 44), a_line(number(), 45)]
    with pytest.raises(UnreadableFile, match="2 lines at most"):
        give(desk, [*lines, a_line(number(), 46)])
    assert give(desk, lines).counts == (2, 0, 0)


# What becomes of a claim.


def test_a_clean_claim_is_payable_at_once_and_nobody_s_case(desk: Desk) -> None:
    line = a_line(number(), 51)
    give(desk, [line])
    claim = row(desk, line["number"])
    assert (claim.state, claim.payable_cents, claim.payable_at, claim.case_id) == ("payable", 3_000, desk.at, None)


@pytest.mark.parametrize(("cents", "controlled"), [(99_999, False), (100_000, False), (100_001, True)])
def test_the_threshold_is_strict(desk: Desk, cents: int, controlled: bool) -> None:
    line = a_line(number(), 52 + cents % 7, act="IMPLANT", amount_cents=cents)
    give(desk, [line])
    assert (ControlReason.THRESHOLD in row(desk, line["number"]).reasons) is controlled


def test_a_controlled_claim_has_all_that_a_case_has_and_its_first_controller(desk: Desk) -> None:
    line = a_line(number(), 61, category="hearing", act="APPAREIL", amount_cents=140_000)
    (kept,) = give(desk, [line]).kept
    claim = row(desk, line["number"])
    assert (kept.reference, kept.reasons) == (claim.reference, (ControlReason.THRESHOLD,))
    told = desk.sql(
        """SELECT c.reference, c.procedure, c.lines, d.name, k.purpose, j.event, j.command_id = m.id, m.kind, m.actor_id
           FROM cases c JOIN deadlines d ON d.case_id = c.id JOIN kept_keys k ON k.case_id = c.id
           JOIN journal j ON j.case_id = c.id JOIN commands m ON m.case_id = c.id WHERE c.id = :id""",
        id=claim.case_id,
    )
    assert told == [(claim.reference, "claim", 1, "decision", "case", "ClaimRegistered", True, "register", None)]
    with desk.sessions() as session:
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == claim.case_id)).one()
    assert claim.case_id is not None
    assert desk.settle(CommandRef(command.id, claim.case_id, "register")).status is CommandStatus.APPLIED
    assert desk.task(claim.case_id, "control").closed_at is None


def test_the_later_of_two_alike_is_stopped_in_one_file_as_in_two(desk: Desk) -> None:
    first, second, third = (a_line(number(), 62) for _ in range(3))
    give(desk, [second, first])
    give(desk, [third])
    found = [result_of(row(desk, one["number"]), "duplicate") for one in (first, second, third)]
    assert found == ["pass", "stop", "stop"]


def test_an_account_of_the_staff_is_found_and_on_their_own_contract_it_is_as_it_should_be(desk: Desk) -> None:
    member, login = STAFF_IBAN_ELSEWHERE
    elsewhere = a_line(number(), member, iban=iban_of_staff(login))
    own_member = OWN_MEMBERSHIPS["claire.morvan"]
    own = a_line(number(), own_member, iban=iban_of_staff("claire.morvan"))
    give(desk, [elsewhere, own])
    assert result_of(row(desk, elsewhere["number"]), "staff_iban") == "stop"
    assert ControlReason.CHECK in row(desk, elsewhere["number"]).reasons
    assert result_of(row(desk, own["number"]), "staff_iban") == "pass"


def test_the_register_s_facts_are_looked_at(desk: Desk) -> None:
    ended, shared, foreign = a_line(number(), 37), a_line(number(), SHARED_IBAN[1]), a_line(number(), 63)
    shared["iban"] = a_line(member=SHARED_IBAN[0])["iban"]
    foreign["iban"] = "US64 SVBK US6S 3300 9586 79"
    assert give(desk, [ended, shared, foreign]).counts == (3, 0, 0)
    assert result_of(row(desk, ended["number"]), "rights_open") == "stop"
    assert result_of(row(desk, shared["number"]), "iban_shared") == "stop"
    assert result_of(row(desk, foreign["number"]), "iban_valid") == "stop"


def test_two_strangers_of_one_file_with_one_account_are_found(desk: Desk) -> None:
    first, second = a_line(number(), 64), a_line(number(), 65, iban=a_line(member=64)["iban"])
    give(desk, [first, second])
    assert result_of(row(desk, second["number"]), "iban_shared") == "stop"


# In whatever order, and cut off wherever.


def told(session: Any) -> set[tuple[Any, ...]]:
    """What became of every claim, as far as it does not depend on its place in the register."""
    rows = session.scalars(select(ClaimRow).where(ClaimRow.number.like("J%"))).all()
    return {
        (one.number, tuple(one.reasons), one.links, one.draw, one.payable_cents, tuple(c["result"] for c in one.checks))
        for one in rows
    }


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_in_whatever_order_its_lines_stand_a_file_makes_the_same_claims_and_the_same_sample(
    desk: Desk, seed: int
) -> None:
    lines, chance = a_day(desk, 420), Random(seed)
    found = []
    for order in (lines, chance.sample(lines, len(lines))):
        with desk.engine.connect() as connection, connection.begin() as undone:
            sessions = sessions_within(connection, STORY_KEYS)
            counts = give(desk, order, sessions=sessions).counts
            with sessions() as session:
                found.append((counts, told(session)))
            undone.rollback()
    assert found[0] == found[1]


def a_day(desk: Desk, lines: int) -> list[Line]:
    """A day of the demo's members."""
    with desk.sessions() as session:
        return list(rows_of(world(session), TODAY, lines))


class CutOffError(Exception):
    """As if the program were gone."""


def test_cut_off_in_the_middle_and_given_again_it_is_complete(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_file, "AT_ONCE", 3)
    lines = [a_line(number(), member) for member in range(70, 80)]

    def cut_off(done: int, _of: int) -> None:
        if done >= 6:
            raise CutOffError

    with pytest.raises(CutOffError):
        give(desk, [*lines, a_line(number(), 1, amount_cents=0)], taken=cut_off)
    assert set(numbers(desk)) & {one["number"] for one in lines} == {one["number"] for one in lines[:6]}
    begun = desk.sql("SELECT id FROM imports ORDER BY id DESC LIMIT 1")
    again = give(desk, [*lines, a_line(number(), 1, amount_cents=0)])
    assert again.counts == (4, 6, 1)  # another file: its last line has another number
    assert [(again.id,)] != begun
    assert {one["number"] for one in lines} <= set(numbers(desk))


def test_the_very_file_given_again_goes_on_under_the_import_that_was_begun(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_file, "AT_ONCE", 3)
    lines = [*(a_line(number(), member) for member in range(80, 90)), a_line(number(), 1, amount_cents=0)]
    heard: list[int] = []

    def cut_off(done: int, _of: int) -> None:
        heard.append(done)
        raise CutOffError

    with pytest.raises(CutOffError):
        give(desk, lines, taken=cut_off)
    again = give(desk, lines)
    assert (heard, len(again.kept), again.counts) == ([3], 7, (10, 0, 1))
    assert desk.sql("SELECT count(*) FROM claims WHERE import_id = :id", id=again.id) == [(10,)]
    assert give(desk, lines).counts == (0, 10, 1)


def test_a_number_used_by_hand_while_the_file_is_read_holds_it_up_and_given_again_it_does_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_file, "AT_ONCE", 2)
    lines = [a_line(number(), member) for member in range(90, 94)]
    by_hand = [lines[3] | {"amount_cents": 9_999}]

    def meanwhile(done: int, _of: int) -> None:
        if done == 2:
            with monkeypatch.context() as other:
                other.setattr(claim_file, "_LOCK", claim_file._LOCK + 1)
                give(desk, by_hand)

    with pytest.raises(NumberTaken, match=lines[3]["number"]):
        give(desk, lines, taken=meanwhile)
    again = give(desk, lines)
    assert again.counts == (1, 2, 1)
    assert row(desk, lines[3]["number"]).amount_cents == 9_999
