"""Complaints are found by the words that they hold, as PostgreSQL reads them, whatever is typed."""

from datetime import date
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.models import ComplaintRow
from db.queries.complaint_lists import Wanted, found
from db.queries.search import found_in
from domain.search import read_typed
from tests.factories.complaints import AUTHOR, NOON, TODAY
from tests.factories.register import Desk
from tests.factories.rows import a_case_row

GLASSES, SCHOOL, COVER, CARD = "glasses", "school", "cover", "card"
COMPLAINTS = {
    GLASSES: ("M. Ewen Le Goff", "M0000042", "Lunettes", "J’attends le remboursement de mes lunettes (n°5512)."),
    SCHOOL: ("Société 100 % Océan", None, "École de mes enfants", "L’attestation scolaire n’arrive pas."),
    COVER: ("Mme Anne-Lise Bœuf", None, "Refus", "Votre refus de prise en charge m’étonne : payez ! Dentaire."),
    CARD: ("Mme Maëlle L’Hostis", None, "Carte", "Ma carte, refusée en pharmacie ; prise de sang à ma charge."),
}
_numbers = count(700_001)


@pytest.fixture(scope="module")
def cases(desk: Desk) -> dict[UUID, str]:
    """Four complaints, by what they are about."""
    with desk.sessions.begin() as session:
        planted: dict[UUID, str] = {}
        for about, (name, member, subject, said) in COMPLAINTS.items():
            reference = f"REC-2031-{next(_numbers)}"
            case_id = a_case_row(session, reference, TODAY, NOON, complainant_name=name)
            row = session.get_one(ComplaintRow, case_id)
            row.member_number, row.subject, row.text = member, subject, said
            planted[case_id] = about
    return planted


def look_for(desk: Desk, cases: dict[UUID, str], typed: str, **wanted: date | str) -> set[str]:
    with desk.sessions() as session:
        rows = found(session, desk.actor(AUTHOR), Wanted(**wanted), read_typed(typed))  # type: ignore[arg-type]
    return {cases[row.id] for row in rows}


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("remboursements", {GLASSES}),
        ("REMBOURSEMENT", {GLASSES}),
        ("ecole", {SCHOOL}),
        ("ÉCOLES", {SCHOOL}),
        ("e\u0301cole", {SCHOOL}),
        ("enfant", {SCHOOL}),
        ("attestations scolaires", {SCHOOL}),
        ("5512", {GLASSES}),
        ("étonner", {COVER}),
        ("ouragan", set()),
    ],
)
def test_words_are_found_whatever_their_accents_capitals_and_endings(
    desk: Desk, cases: dict[UUID, str], typed: str, about: set[str]
) -> None:
    assert look_for(desk, cases, typed) == about


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("le go", {GLASSES}),
        ("goff ewen", {GLASSES}),
        ("m0000042", {GLASSES}),
        ("M00000", {GLASSES}),
        ("mael", {CARD}),
        ("hostis", {CARD}),
        ("l'hos", {CARD}),
        ("l’hostis", {CARD}),
        ("anne-lise", {COVER}),
        ("anne lise", {COVER}),
        ("boeuf", {COVER}),
        ("bœuf", {COVER}),
        ("100 % océan", {SCHOOL}),
        ("de goff", set()),
    ],
)
def test_names_and_member_numbers_are_found_by_their_beginnings(
    desk: Desk, cases: dict[UUID, str], typed: str, about: set[str]
) -> None:
    assert look_for(desk, cases, typed) == about


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("goff lunettes", {GLASSES}),
        ("goff dentaire", set()),
        ("le remboursement des lunettes", {GLASSES}),
        ("prise charge", {COVER, CARD}),
        ('"prise en charge"', {COVER}),
        ("« prise en charge »", {COVER}),
        ('"Anne Lise"', {COVER}),
        ('"Lise Anne"', set()),
        ("prise -dentaire", {CARD}),
        ('prise -"prise en charge"', {CARD}),
        ("prise -maëlle", {COVER}),
        ("prise -hosti", {COVER, CARD}),
        ("-prise", {GLASSES, SCHOOL}),
    ],
)
def test_all_words_are_found_phrases_in_their_order_and_nothing_that_is_kept_out(
    desk: Desk, cases: dict[UUID, str], typed: str, about: set[str]
) -> None:
    assert look_for(desk, cases, typed) == about


def test_a_reference_finds_its_case(desk: Desk, cases: dict[UUID, str]) -> None:
    for typed in ("REC-2031-700001", "2031-700001", "700001", "000700001"):
        assert look_for(desk, cases, typed) == {GLASSES}
    assert look_for(desk, cases, "2030-700001") == set()


def test_a_number_that_is_no_reference_is_looked_for_as_a_word(desk: Desk, cases: dict[UUID, str]) -> None:
    assert look_for(desk, cases, "5512") == {GLASSES}


def test_filters_hold_beside_the_words(desk: Desk, cases: dict[UUID, str]) -> None:
    assert look_for(desk, cases, "prise", channel="letter", category="business") == {COVER, CARD}
    assert look_for(desk, cases, "prise", channel="email") == set()
    assert look_for(desk, cases, "prise", received_from=TODAY, received_until=TODAY) == {COVER, CARD}
    assert look_for(desk, cases, "700001", state="closed") == set()


@pytest.mark.parametrize("typed", ["prise charge", "prise -dentaire", "le go", "école", "ouragan"])
def test_many_hits_are_found_as_few_are(
    desk: Desk, cases: dict[UUID, str], typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = look_for(desk, cases, typed)
    monkeypatch.setattr("db.queries.search.FEW", -1)  # from here on, every number of hits is more than a few
    assert look_for(desk, cases, typed) == few


def test_nobody_finds_a_case_about_themselves(desk: Desk, cases: dict[UUID, str]) -> None:
    with desk.sessions.begin() as session:
        about_me = {"complainant_name": "Mme Introuvable", "about_id": desk.actor(AUTHOR).id}
        a_case_row(session, "REC-2031-799999", TODAY, NOON, **about_me)
    assert look_for(desk, cases, "introuvable") == set()
    assert look_for(desk, cases, "REC-2031-799999") == set()


def test_what_is_decided_later_does_not_write_the_words_again(desk: Desk, cases: dict[UUID, str]) -> None:
    case_id = next(iter(cases))
    written = "SELECT ctid::text, xmin::text FROM complaint_words WHERE case_id = :id"
    before = desk.sql(written, id=case_id)
    desk.sql("UPDATE complaints SET finding = 'founded', category_confirmed = true WHERE case_id = :id", id=case_id)
    assert desk.sql(written, id=case_id) == before


def test_where_it_was_found_is_shown_as_it_stands(desk: Desk, cases: dict[UUID, str]) -> None:
    marked: dict[str, list[str]] = {}
    with desk.sessions() as session:
        for case_id, places in found_in(session, list(cases), read_typed("le gof remboursements ecole l'hos")).items():
            pieces = (*places.complainant.pieces, *places.subject.pieces, *places.text.pieces)
            marked[cases[case_id]] = [piece.text for piece in pieces if piece.found]
            for shown in (places.complainant, places.subject, places.text):
                assert any("".join(p.text for p in shown.pieces) in str(one) for one in COMPLAINTS[cases[case_id]])
    assert marked == {
        GLASSES: ["Goff", "remboursement"],
        SCHOOL: ["École"],
        COVER: [],
        CARD: ["Hostis"],
    }


NONSENSE = (
    *("'; DROP TABLE cases; --", "a & | ! <-> b:*", "\\", "%", "\0", "\ud800", "<b>", "((((", "'", "''", ":*ABCD"),
    *("x" * 10_000, "ab " * 5_000, '"' * 999, "-" * 999, "½ ² ﬁ ℡ ㎏", "\x02\x03", "e" + "\u0301" * 50, '-le -"', "!!"),
)


@pytest.mark.parametrize("typed", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_no_error(desk: Desk, cases: dict[UUID, str], typed: str) -> None:
    look_for(desk, cases, typed)
    with desk.sessions() as session:
        found_in(session, list(cases), read_typed(typed))


@given(typed=st.text(max_size=60) | st.text(alphabet="ab -\"'«&|!<>():*\\\0é½", max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_finds_something_or_nothing(desk: Desk, cases: dict[UUID, str], typed: str) -> None:
    look_for(desk, cases, typed)


@given(said=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=120))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_complaint_says_is_shown_as_it_stands(desk: Desk, cases: dict[UUID, str], said: str) -> None:
    case_id = next(case_id for case_id, about in cases.items() if about is CARD)
    whole = f"{said} girafe {said}"
    with desk.sessions() as session:
        session.execute(text("UPDATE complaints SET text = :said WHERE case_id = :id"), {"said": whole, "id": case_id})
        places = found_in(session, [case_id], read_typed("girafe"))[case_id]
        session.rollback()
    assert "".join(piece.text for piece in places.text.pieces) in whole
