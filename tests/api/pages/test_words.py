"""Dates, amounts, time left and the rules' sentences, in French and in English."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.pages.words import Words, humanised, words_in
from db.procedures import PROCEDURES, by_outcome
from domain.claim.machine import MACHINE_COMMANDS as CLAIM_MACHINE
from domain.claim.words import ClaimLetter, ClaimTask
from domain.complaint.letters import LetterKind
from domain.complaint.machine import MACHINE_COMMANDS as COMPLAINT_MACHINE
from domain.complaint.words import TaskKind
from domain.payment.machine import MACHINE_COMMANDS as PAYMENT_MACHINE

FR, EN = words_in("fr", "Europe/Paris"), words_in("en", "Europe/Paris")


def plain(told: str) -> str:
    """With plain spaces: typography puts unbreakable ones into amounts."""
    return " ".join(told.split())


@pytest.mark.parametrize(("words", "told"), [(FR, "mar. 2 déc. 2031"), (EN, "Tue 2 Dec 2031")])
def test_a_day_has_its_weekday(words: Words, told: str) -> None:
    assert words.day(date(2031, 12, 2)) == told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2031, 3, 30, 0, 30, tzinfo=UTC), "dim. 30 mars 2031 à 01:30"),
        (datetime(2031, 3, 30, 1, 30, tzinfo=UTC), "dim. 30 mars 2031 à 03:30"),  # 02:30 does not exist
        (datetime(2031, 10, 26, 0, 30, tzinfo=UTC), "dim. 26 oct. 2031 à 02:30"),
        (datetime(2031, 10, 26, 1, 30, tzinfo=UTC), "dim. 26 oct. 2031 à 02:30"),  # once more
        (datetime(2031, 12, 31, 23, 30, tzinfo=UTC), "jeu. 1er janv. 2032 à 00:30"),
    ],
)
def test_an_instant_is_told_where_the_insurer_is_across_the_clock_changes(at: datetime, told: str) -> None:
    assert FR.instant(at) == told


@pytest.mark.parametrize(
    ("left", "french", "english"),
    [
        (timedelta(hours=3), "dans 3 heures", "in 3 hours"),
        (timedelta(hours=-3), "il y a 3 heures", "3 hours ago"),
        (timedelta(days=2), "dans 2 jours", "in 2 days"),
        (timedelta(days=-1), "il y a 1 jour", "1 day ago"),
        (timedelta(minutes=5), "dans 5 minutes", "in 5 minutes"),
    ],
)
def test_the_time_left_is_told_in_words(left: timedelta, french: str, english: str) -> None:
    now = datetime(2031, 3, 29, 12, tzinfo=UTC)  # the day before the clock change: an hour is an hour
    assert (FR.left(now + left, now), EN.left(now + left, now)) == (french, english)


def test_amounts_are_written_as_each_language_writes_them() -> None:
    assert (plain(FR.euros(123_456)), EN.euros(123_456)) == ("1 234,56 €", "€1,234.56")
    assert (FR.amount(4550), EN.amount(4550)) == ("45,50", "45.50")
    assert (plain(FR.number(50_000)), EN.number(50_000)) == ("50 000", "50,000")


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 dossier en cours", "0 open cases"),
        (1, "1 dossier en cours", "one open case"),
        (1200, "1 200 dossiers en cours", "1,200 open cases"),
    ],
)
def test_one_and_many_follow_each_language(count: int, french: str, english: str) -> None:
    told = [plain(words.say_many("one open case", "{count} open cases", count)) for words in (FR, EN)]
    assert told == [french, english]


def test_nothing_is_never_told_as_one() -> None:
    told = [FR.say_many("one place is taken", "{count} places are taken", count) for count in (0, 1, 2)]
    assert told == ["0 places sont prises", "une place est prise", "2 places sont prises"]


def test_the_rules_sentences_are_told_with_their_values_and_days_as_people_write_them() -> None:
    rule = "A complaint cannot be received in the future (2032-01-01 is after 2031-03-03)."
    assert FR.told(rule) == (
        "Une réclamation ne peut être reçue dans l’avenir (jeu. 1er janv. 2032 est après le lun. 3 mars 2031)."
    )
    assert EN.told(rule) == rule


def test_a_sentence_that_nobody_knows_is_told_as_it_is() -> None:
    assert FR.told("Something else {}.") == "Something else {}."


@pytest.mark.parametrize(
    ("name", "told"), [("holding_letter", "holding letter"), ("HoldingLetter", "holding letter"), ("VIP", "VIP")]
)
def test_an_identifier_is_read_as_words(name: str, told: str) -> None:
    assert humanised(name) == told


@pytest.mark.parametrize("vocabulary", ["TaskKind", "DeadlineName", "Event", "Nowhere"])
def test_a_word_that_no_vocabulary_knows_any_more_is_shown_as_it_is(vocabulary: str) -> None:
    assert (FR.name_in(vocabulary, "of_long_ago"), EN.name_in(vocabulary, "of_long_ago")) == ("of long ago",) * 2


@pytest.mark.parametrize(
    ("vocabulary", "name", "french", "english"),
    [
        ("LetterKind", "claim_refused", "Refus de prestation", "Refusal of a claim"),
        ("LetterKind", "answer_founded", "Réponse favorable", "Answer: founded"),
        ("TaskKind", "control", "Contrôler la demande de prestation", "Control the claim"),
        ("DocumentKind", "receipt", "preuve de paiement", "receipt"),
        ("CheckName", "iban_shared", "IBAN partagé", "Shared IBAN"),
    ],
)
def test_letters_and_tasks_of_every_procedure_have_their_name(
    vocabulary: str, name: str, french: str, english: str
) -> None:
    assert (FR.name_in(vocabulary, name), EN.name_in(vocabulary, name)) == (french, english)
    assert FR.found(vocabulary, name) == french


def test_what_two_procedures_call_by_one_name_has_one_label() -> None:
    for mine, theirs in ((LetterKind, ClaimLetter), (TaskKind, ClaimTask)):
        labels = {word.value: word.label for word in mine}
        assert [word for word in theirs if labels.get(word.value, word.label) != word.label] == []


def test_a_french_journal_names_every_command_in_french() -> None:
    """Also those that were refused, or changed nothing."""
    kinds = {
        *(kind for one in PROCEDURES.values() for kind in one.commands),
        *(kind for one in PROCEDURES.values() for kind in by_outcome(one.outcomes)),
        *(kind for machine in (CLAIM_MACHINE, COMPLAINT_MACHINE, PAYMENT_MACHINE) for kind in machine),
    }
    assert sorted(kind for kind in kinds if FR.found("Command", kind) is None) == []
