"""The words in English: British, plain, and the same letter as in French, paragraph by paragraph."""

import re
from datetime import date
from typing import Any

import pytest

from domain.complaint.letters import Apology, LetterKind
from domain.letters import Handler
from letters.rendering import to_text
from tests.factories.letters import a_delay, a_letter, an_addressee, an_answer

FRENCH_WORDS = re.compile(r"\b(nous|votre|vous|réclamation|réponse|gestionnaire|objet)\b", re.IGNORECASE)
BLANK: dict[str, Any] = dict.fromkeys(("asked", "found", "decision", "reasons", "next_steps"), "Said.")


def english(kind: LetterKind = LetterKind.ANSWER_FOUNDED, **changes: Any) -> str:
    """The text of a letter without its letterhead, legal line and mediator, which the policy gives in French."""
    letter = a_letter(kind, "en", **changes)
    words = to_text(letter)
    for given in (*letter.insurer.address_lines, letter.insurer.legal_line, *letter.mediator.particulars):
        words = words.replace(given, "")
    return words


@pytest.mark.parametrize("kind", LetterKind)
def test_an_english_letter_has_no_french_words_of_ours(kind: LetterKind) -> None:
    answer = an_answer(**BLANK, compensation_cents=2500) if kind in LetterKind.answers() else None
    delay = a_delay(words="Said.") if kind is LetterKind.DELAY_NOTICE else None
    assert FRENCH_WORDS.findall(english(kind, answer=answer, delay=delay)) == []


@pytest.mark.parametrize("kind", LetterKind)
def test_it_has_the_paragraphs_of_the_french_one_in_the_same_order(kind: LetterKind) -> None:
    french, in_english = a_letter(kind), a_letter(kind, "en")
    assert [p.name for p in in_english.paragraphs] == [p.name for p in french.paragraphs]
    assert [p.title is None for p in in_english.paragraphs] == [p.title is None for p in french.paragraphs]


def test_the_acknowledgement_names_the_handler_the_reception_and_the_date_of_the_answer() -> None:
    letter = a_letter(LetterKind.ACKNOWLEDGEMENT, "en")
    assert letter.subject == "Acknowledgement of your complaint of 2 November 2026"
    assert "4 November 2026" in letter.text_of("reception")
    assert "Maëlle Kervadec" in letter.text_of("handler")
    assert "04 99 00 12 56" in letter.text_of("handler")
    assert "19 November 2026" in letter.text_of("answer_due")


def test_a_handler_without_a_telephone_is_still_named() -> None:
    letter = a_letter(LetterKind.ACKNOWLEDGEMENT, "en", handler=Handler(name="Maëlle Kervadec", phone=""))
    assert letter.text_of("handler").endswith("responsible for it until you have our reply.")


@pytest.mark.parametrize(
    ("kind", "opening"),
    [
        (LetterKind.ANSWER_FOUNDED, "Your complaint is justified, and we uphold it."),
        (LetterKind.ANSWER_PARTLY_FOUNDED, "Your complaint is justified in part"),
        (LetterKind.ANSWER_UNFOUNDED, "Having examined your complaint, we are unable to uphold it."),
    ],
)
def test_the_decision_opens_with_the_outcome(kind: LetterKind, opening: str) -> None:
    assert a_letter(kind, "en").text_of("decision").startswith(opening)


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Mme Odette Vasseur", "Dear Madam,"),
        ("Mrs Olive Fawcett", "Dear Madam,"),
        ("Ms Olive Fawcett", "Dear Madam,"),
        ("M. Anselme Tournier", "Dear Sir,"),
        ("Mr Arthur Penrose", "Dear Sir,"),
        ("Me Clarisse Aubrac", "Dear Sir or Madam,"),
        ("Olive Fawcett", "Dear Sir or Madam,"),
    ],
)
def test_the_member_is_addressed_by_their_civility(name: str, addressed: str) -> None:
    letter = a_letter(language="en", addressee=an_addressee(name=name))
    assert letter.text_of("salutation") == addressed
    assert letter.text_of("closing") == "Yours faithfully,"


@pytest.mark.parametrize(("cents", "amount"), [(14999, "€149.99"), (123456, "€1,234.56"), (5, "€0.05")])
@pytest.mark.parametrize("kind", sorted(LetterKind.answers()))
def test_a_compensation_is_told_to_the_cent(kind: LetterKind, cents: int, amount: str) -> None:
    letter = a_letter(kind, "en", answer=an_answer(compensation_cents=cents))
    assert amount in letter.text_of("compensation")


@pytest.mark.parametrize(("apology", "word"), [(Apology.REGRETS, "We regret"), (Apology.APOLOGIES, "We apologise")])
def test_the_form_of_apology_is_the_validator_s(apology: Apology, word: str) -> None:
    assert a_letter(language="en", answer=an_answer(apology=apology)).text_of("apology").startswith(word)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_whose_sending_date_is_unknown_does_not_invent_one(kind: LetterKind) -> None:
    words = to_text(a_letter(kind, "en", sent_on=None))
    assert "2 November" not in words.replace("12 November", "")
    assert "4 November 2026" in words


def test_the_first_of_a_month_is_plain() -> None:
    assert (
        a_letter(language="en", sent_on=date(2026, 11, 1)).subject == "Our reply to your complaint of 1 November 2026"
    )


def test_french_spaces_stay_out_of_it() -> None:
    words = english(answer=an_answer(**BLANK))
    assert "\u202f" not in words
    assert " :" not in words
