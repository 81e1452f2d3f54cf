"""The words of the letters: whole, in French and English, and never made of what somebody typed."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from domain.complaint.letters import PARAGRAPHS, Apology, HoldingReason, LetterKind
from domain.letters import LANGUAGES, Handler
from letters.paper import TEMPLATES
from letters.rendering import compose, to_html, to_text
from tests.factories.letters import MANDATORY, a_letter, an_addressee, an_answer, an_insurer, facts_for, some_facts
from tests.letters.pdf import plain

BREAKING_SPACE = re.compile(r" [:;!?»%€]|« ")
TYPED = '{{ 7*7 }} {% raw %} {# note #} ${x} <script>alert(1)</script> &amp; #import "x" *gras* $x^2$ \\n'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_has_its_template_and_holds_its_mandatory_paragraphs(kind: LetterKind, language: str) -> None:
    said = [paragraph.name for paragraph in a_letter(kind, language).paragraphs]
    assert set(MANDATORY[kind]) <= set(said)
    assert len(said) == len(set(said))


def test_every_template_is_a_letter_of_the_domain() -> None:
    templates = {path.name for path in (TEMPLATES / "letters" / "complaint").iterdir()}
    letters = ["_shared", *(kind.value for kind in LetterKind)]
    assert templates == {f"{letter}.{language}.j2" for letter in letters for language in LANGUAGES}


@pytest.mark.parametrize("kind", LetterKind)
def test_every_paragraph_has_a_french_title_for_its_handler(kind: LetterKind) -> None:
    assert {paragraph.name for paragraph in a_letter(kind).paragraphs} <= set(PARAGRAPHS)


def test_paragraphs_come_in_the_order_of_the_template() -> None:
    assert [paragraph.name for paragraph in a_letter().paragraphs] == [
        "salutation",
        "opening",
        "asked",
        "found",
        "decision",
        "compensation",
        "apology",
        "reasons",
        "next_steps",
        "closing",
        "appeal",
        "mediator",
        "privacy",
    ]


def test_the_acknowledgement_names_the_handler_the_reception_and_the_date_of_the_answer() -> None:
    letter = a_letter(LetterKind.ACKNOWLEDGEMENT)
    assert "4 novembre 2026" in letter.text_of("reception")
    assert "Maëlle Kervadec" in letter.text_of("handler")
    assert "04 99 00 12 56" in letter.text_of("handler")
    assert "19 novembre 2026" in letter.text_of("answer_due")


def test_a_handler_without_a_telephone_is_still_named() -> None:
    letter = a_letter(LetterKind.ACKNOWLEDGEMENT, handler=Handler(name="Maëlle Kervadec", phone=""))
    assert letter.text_of("handler").endswith("responsable jusqu’à la réponse.")


@pytest.mark.parametrize(
    ("kind", "opening"),
    [
        (LetterKind.ANSWER_FOUNDED, "Votre réclamation est fondée\u00a0: nous lui donnons une suite favorable."),
        (LetterKind.ANSWER_PARTLY_FOUNDED, "Votre réclamation est fondée en partie"),
        (LetterKind.ANSWER_UNFOUNDED, "Après examen, nous ne pouvons pas donner une suite favorable"),
    ],
)
def test_the_decision_opens_with_the_outcome(kind: LetterKind, opening: str) -> None:
    assert a_letter(kind).text_of("decision").startswith(opening)


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Mme Odette Vasseur", "Madame,"),
        ("Madame Odette Vasseur", "Madame,"),
        ("M. Anselme Tournier", "Monsieur,"),
        ("Me Clarisse Aubrac", "Maître,"),
        ("Odette Vasseur", "Madame, Monsieur,"),
        ("Mmeline", "Madame, Monsieur,"),
        ("", "Madame, Monsieur,"),
    ],
)
def test_the_member_is_addressed_by_their_civility(name: str, addressed: str) -> None:
    letter = a_letter(addressee=an_addressee(name=name))
    assert letter.text_of("salutation") == addressed
    assert f"d’agréer, {addressed} l’expression" in letter.text_of("closing")


@pytest.mark.parametrize(
    ("cents", "amount"), [(14999, "149,99\u00a0€"), (123456, "1\u202f234,56\u00a0€"), (5, "0,05\u00a0€")]
)
@pytest.mark.parametrize("kind", sorted(LetterKind.answers()))
def test_a_compensation_is_told_to_the_cent(kind: LetterKind, cents: int, amount: str) -> None:
    letter = a_letter(kind, answer=an_answer(compensation_cents=cents))
    assert amount in letter.text_of("compensation")


def test_no_compensation_and_no_apology_leave_no_paragraph() -> None:
    letter = a_letter(answer=an_answer(compensation_cents=0, apology=Apology.NONE))
    assert letter.text_of("compensation") == ""
    assert letter.text_of("apology") == ""


@pytest.mark.parametrize(("apology", "word"), [(Apology.REGRETS, "regrettons"), (Apology.APOLOGIES, "excuses")])
def test_the_form_of_apology_is_the_validator_s(apology: Apology, word: str) -> None:
    assert word in a_letter(answer=an_answer(apology=apology)).text_of("apology")


def test_the_first_of_a_month_is_written_1er() -> None:
    letter = a_letter(sent_on=date(2026, 11, 1), received_on=date(2026, 11, 11))
    assert "1er novembre 2026" in letter.subject
    assert "11 novembre 2026" in letter.text_of("opening")


@pytest.mark.parametrize("kind", LetterKind)
def test_french_punctuation_never_begins_a_line(kind: LetterKind) -> None:
    assert BREAKING_SPACE.findall(to_text(a_letter(kind))) == []


def test_typed_punctuation_never_begins_a_line_either() -> None:
    letter = a_letter(answer=an_answer(asked="Est-ce normal ? Non ! « Du tout » : 5 % ; 3 €."))
    assert BREAKING_SPACE.findall(letter.text_of("asked")) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("**/*.j2")), ids=lambda path: path.name)
def test_no_template_calls_the_member_a_client(path: Path) -> None:
    assert not re.search(r"\bclients?\b", path.read_text(), re.IGNORECASE)


def test_no_insurer_or_mediator_is_written_into_the_words() -> None:
    letter = a_letter(insurer=an_insurer(name="Mutuelle du Grand Chêne", email="ecrire@chene.example"))
    assert "Trois Rivières" not in to_text(letter)
    for path in TEMPLATES.glob("letters/**/*.j2"):
        assert "Mutualité" not in path.read_text()


@pytest.mark.parametrize("field", ["asked", "found", "decision", "reasons", "next_steps"])
def test_what_is_typed_comes_out_as_it_was_typed(field: str) -> None:
    assert plain(TYPED) in plain(a_letter(answer=an_answer(**{field: TYPED})).text_of(field))


def test_line_ends_that_were_typed_are_kept() -> None:
    letter = a_letter(answer=an_answer(asked="Premier point\r\nsuite\n\n\n\nSecond   point\t;\n"))
    assert letter.text_of("asked") == "Premier point\nsuite\n\nSecond point\u202f;"


def test_names_and_addresses_are_single_lines_and_blank_lines_go() -> None:
    addressee = an_addressee(name="Mme Odette\r\nVasseur", address_lines=("8 rue\ndu Four", " ", "38999 Valbrune"))
    letter = a_letter(addressee=addressee)
    assert letter.addressee.name == "Mme Odette Vasseur"
    assert letter.addressee.address_lines == ("8 rue du Four", "38999 Valbrune")


def test_control_characters_and_disguises_are_no_text() -> None:
    letter = a_letter(answer=an_answer(asked="a\x00b\x1b[31mc\u202egnp\u202cd\ud800e\ufffff\ue000"))
    assert letter.text_of("asked") == "ab[31mcgnpdef"


def test_the_last_validator_s_apology_survives_the_cleaning() -> None:
    assert a_letter(answer=an_answer(apology=Apology.REGRETS)).text_of("apology").startswith("Nous regrettons")


def test_an_answer_needs_its_facts_and_an_acknowledgement_takes_none() -> None:
    with pytest.raises(ValueError, match="answer_founded"):
        compose(LetterKind.ANSWER_FOUNDED, "fr", some_facts())
    with pytest.raises(ValueError, match="acknowledgement"):
        compose(LetterKind.ACKNOWLEDGEMENT, "fr", some_facts(answer=an_answer()))


@pytest.mark.parametrize("language", ["tlh", "../fr", ""])
def test_a_language_without_a_template_is_refused_by_name(language: str) -> None:
    with pytest.raises(TemplateNotFound):
        compose(LetterKind.ACKNOWLEDGEMENT, language, facts_for(LetterKind.ACKNOWLEDGEMENT))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_text_and_html_say_every_paragraph(kind: LetterKind, language: str) -> None:
    letter = a_letter(kind, language)
    text, html = to_text(letter), unescape(to_html(letter))
    for paragraph in letter.paragraphs:
        assert paragraph.text in text
        assert all(line in html for line in paragraph.text.split("\n"))


@pytest.mark.parametrize(("language", "due"), [("fr", "19 novembre 2026"), ("en", "19 November 2026")])
@pytest.mark.parametrize("reason", HoldingReason)
def test_every_reason_of_a_holding_letter_has_its_words(reason: HoldingReason, language: str, due: str) -> None:
    letter = a_letter(LetterKind.HOLDING_LETTER, language, holding_reason=reason)
    assert len(letter.text_of("delay")) > 20
    assert due in letter.text_of("answer_due")


def test_a_letter_whose_sending_date_is_unknown_does_not_invent_one() -> None:
    for kind in LetterKind:
        letter = a_letter(kind, sent_on=None)
        assert "du 2 novembre" not in to_text(letter)
        assert "4 novembre 2026" in to_text(letter)
