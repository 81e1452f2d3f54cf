"""The letters of a claim: whole or held back, plain, and silent on all that a letter should not tell."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from db import policy_file
from domain.claim.letters import BY_VERDICT, PARAGRAPHS, ClaimLetterFacts, DecisionFacts
from domain.claim.words import CareCategory, ClaimKind, ClaimLetter, DocumentKind, DocumentsRung, Verdict
from domain.letters import LANGUAGES, Handler, LetterIncomplete, Signatory, check_letter, missing_paragraphs
from letters.paper import TEMPLATES, page_count
from letters.rendering import to_fragment, to_html, to_pdf, to_text
from tests.factories.claim_letters import (
    DECISIONS,
    MANDATORY,
    REFERENCE,
    a_claim_draft,
    a_claim_letter,
    claim_facts,
    some_documents,
)
from tests.factories.letters import a_delay, an_addressee
from tests.letters.pdf import opened, plain, structure, text_of
from tests.letters.test_gate import saying, without
from tests.letters.test_html import Page
from tests.letters.test_words import BREAKING_SPACE, TYPED

EVERY_MANDATORY = [(kind, name) for kind, names in MANDATORY.items() for name in names]
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_KIND = pytest.mark.parametrize("kind", ClaimLetter)
OF_DOCUMENTS = [kind for kind in ClaimLetter if kind not in {*DECISIONS, ClaimLetter.DELAY_NOTICE}]
FRENCH_WORDS = re.compile(r"\b(nous|votre|vous|demande|pièces?|prestations|contact|objet|rappel)\b", re.IGNORECASE)


# The gate.


@EVERY_LANGUAGE
@EVERY_KIND
def test_a_letter_composed_from_whole_facts_passes(kind: ClaimLetter, language: str) -> None:
    check_letter(a_claim_letter(kind, language), MANDATORY[kind])


@EVERY_LANGUAGE
@EVERY_KIND
def test_our_letters_satisfy_every_version_of_our_policy_file(kind: ClaimLetter, language: str) -> None:
    book = policy_file.load()
    letter = a_claim_letter(kind, language, insurer=book.insurer.letterhead, mediator=book.insurer.mediator)
    for version in book.versions:
        assert version.claim.mandatory_paragraphs(kind) == MANDATORY[kind]
        check_letter(letter, MANDATORY[kind])


@EVERY_LANGUAGE
@pytest.mark.parametrize(("kind", "name"), EVERY_MANDATORY)
def test_a_letter_that_lacks_a_mandatory_paragraph_is_refused_by_its_name(
    kind: ClaimLetter, name: str, language: str
) -> None:
    with pytest.raises(LetterIncomplete) as refused:
        check_letter(without(a_claim_letter(kind, language), name), MANDATORY[kind])
    assert refused.value.missing == (name,)
    assert f"« {PARAGRAPHS[name]} » ({name})" in str(refused.value)
    assert kind.label in str(refused.value)


@EVERY_LANGUAGE
@pytest.mark.parametrize(("kind", "name"), EVERY_MANDATORY)
@pytest.mark.parametrize("nothing", ["", "\u00a0\n", "\u200b", "– …"])
def test_a_mandatory_paragraph_that_says_nothing_is_missing(
    kind: ClaimLetter, name: str, nothing: str, language: str
) -> None:
    assert missing_paragraphs(saying(a_claim_letter(kind, language), name, nothing), MANDATORY[kind]) == (name,)


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", [ClaimLetter.CLAIM_CORRECTED, ClaimLetter.CLAIM_REFUSED])
def test_a_decision_against_the_member_never_leaves_without_its_reasons(kind: ClaimLetter, language: str) -> None:
    letter = a_claim_letter(kind, language, decision=DecisionFacts(decided_cents=100, reasons=" \n "))
    assert missing_paragraphs(letter, MANDATORY[kind]) == ("reasons",)


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", [ClaimLetter.DOCUMENTS_REQUEST, ClaimLetter.DOCUMENTS_REMINDER])
def test_a_request_for_nothing_does_not_leave(kind: ClaimLetter, language: str) -> None:
    documents = replace(claim_facts(kind).documents or some_documents(), kinds=(), note="Merci.")
    assert missing_paragraphs(a_claim_letter(kind, language, documents=documents), MANDATORY[kind]) == ("documents",)


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", [ClaimLetter.CLAIM_CLOSED, ClaimLetter.CLAIM_CORRECTED, ClaimLetter.CLAIM_REFUSED])
def test_the_mediator_is_named_with_address_and_site(kind: ClaimLetter, language: str) -> None:
    letter = a_claim_letter(kind, language)
    for particular in letter.mediator.particulars:
        assert particular in letter.text_of("mediator")
        shortened = saying(letter, "mediator", letter.text_of("mediator").replace(particular, ""))
        assert missing_paragraphs(shortened, MANDATORY[kind]) == ("mediator",)


# Which facts a letter takes.


@pytest.mark.parametrize("kind", DECISIONS)
def test_a_decision_speaks_of_no_documents_and_needs_its_decision(kind: ClaimLetter) -> None:
    for wrong in ({"decision": None}, {"documents": some_documents()}):
        with pytest.raises(ValueError, match=kind.value):
            a_claim_letter(kind, **wrong)


@pytest.mark.parametrize("kind", OF_DOCUMENTS)
def test_a_letter_about_documents_decides_nothing_and_needs_them(kind: ClaimLetter) -> None:
    for wrong in ({"documents": None}, {"decision": DecisionFacts(decided_cents=1)}):
        with pytest.raises(ValueError, match=kind.value):
            a_claim_letter(kind, **wrong)


def test_only_a_reminder_says_which_it_is() -> None:
    with pytest.raises(ValueError, match="documents_reminder"):
        a_claim_letter(ClaimLetter.DOCUMENTS_REMINDER, documents=some_documents())
    with pytest.raises(ValueError, match="documents_request"):
        a_claim_letter(ClaimLetter.DOCUMENTS_REQUEST, documents=some_documents(reminder=DocumentsRung.FIRST_REMINDER))


def test_a_payment_is_never_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        DecisionFacts(decided_cents=-1)


def test_every_verdict_has_its_letter() -> None:
    assert set(BY_VERDICT) == set(Verdict)


def test_only_what_a_deadline_sends_and_a_message_to_many_is_sent_by_a_machine() -> None:
    automatic = {kind for kind in ClaimLetter if kind.automatic}
    assert automatic == {ClaimLetter.DOCUMENTS_REMINDER, ClaimLetter.CLAIM_CLOSED, ClaimLetter.DELAY_NOTICE}


# The words.


def test_every_template_is_a_letter_of_the_domain() -> None:
    templates = {path.name for path in (TEMPLATES / "letters" / "claim").iterdir()}
    letters = ["_shared", *(kind.value for kind in ClaimLetter)]
    assert templates == {f"{letter}.{language}.j2" for letter in letters for language in LANGUAGES}


@EVERY_KIND
def test_the_english_letter_has_the_paragraphs_of_the_french_one_in_the_same_order(kind: ClaimLetter) -> None:
    french, english = a_claim_letter(kind), a_claim_letter(kind, "en")
    assert [p.name for p in english.paragraphs] == [p.name for p in french.paragraphs]
    assert [p.title is None for p in english.paragraphs] == [p.title is None for p in french.paragraphs]
    assert {p.name for p in french.paragraphs} <= set(PARAGRAPHS)


@EVERY_KIND
def test_an_english_letter_has_no_french_words_of_ours(kind: ClaimLetter) -> None:
    said: dict[str, Any] = {"handler": Handler(name="Benefits department", phone="1")}
    if kind in DECISIONS:
        said["decision"] = DecisionFacts(decided_cents=5, reasons="Said.")
    elif kind is ClaimLetter.DELAY_NOTICE:
        said["delay"] = a_delay(words="Said.")
    else:
        said["documents"] = replace(claim_facts(kind).documents or some_documents(), note="Said.")
    letter = a_claim_letter(kind, "en", **said)
    words = to_text(letter)
    for given in (letter.insurer.email, letter.insurer.legal_line, *letter.mediator.particulars):
        words = words.replace(given, "")
    assert FRENCH_WORDS.findall(words.replace("Your contact:", "")) == []
    assert "\u202f" not in words


@EVERY_KIND
def test_french_punctuation_never_begins_a_line(kind: ClaimLetter) -> None:
    assert BREAKING_SPACE.findall(to_text(a_claim_letter(kind))) == []


@EVERY_KIND
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ("16 novembre 2026", "23 novembre 2026", "1\u202f234,56\u00a0€", "des soins dentaires", REFERENCE)),
        ("en", ("16 November 2026", "23 November 2026", "€1,234.56", "dental care", REFERENCE)),
    ],
)
def test_the_member_knows_which_request_it_is_about(kind: ClaimLetter, language: str, told: tuple[str, ...]) -> None:
    letter = a_claim_letter(kind, language)
    assert [one for one in told if one not in letter.text_of("request")] == []


@EVERY_LANGUAGE
def test_every_care_every_request_and_every_document_has_words_of_its_own(language: str) -> None:
    of_care = {a_claim_letter(language=language, category=one).text_of("request") for one in CareCategory}
    assert len(of_care) == len(CareCategory)
    kinds = {a_claim_letter(language=language, claim_kind=one).text_of("request") for one in ClaimKind}
    assert len(kinds) == len(ClaimKind)
    everything = some_documents(kinds=tuple(DocumentKind), note="")
    asked = a_claim_letter(ClaimLetter.DOCUMENTS_REQUEST, language, documents=everything).text_of("documents")
    first, *listed = asked.split("\n")
    assert first.endswith(":")
    assert len(set(listed)) == len(DocumentKind)
    assert all(line.startswith("– ") for line in listed)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("fr", "la pièce suivante", "les pièces suivantes"),
        ("en", "the following document:", "the following documents:"),
    ],
)
def test_one_document_is_not_several(language: str, one: str, many: str) -> None:
    alone = some_documents(kinds=(DocumentKind.QUOTE,))
    request = ClaimLetter.DOCUMENTS_REQUEST
    assert one in a_claim_letter(request, language, documents=alone).text_of("documents")
    assert many in a_claim_letter(request, language).text_of("documents")


@pytest.mark.parametrize(
    ("language", "rung", "said"),
    [
        ("fr", DocumentsRung.FIRST_REMINDER, "premier rappel"),
        ("fr", DocumentsRung.SECOND_REMINDER, "second et dernier rappel"),
        ("en", DocumentsRung.FIRST_REMINDER, "first reminder"),
        ("en", DocumentsRung.SECOND_REMINDER, "second and last reminder"),
    ],
)
def test_a_reminder_says_which_it_is(language: str, rung: DocumentsRung, said: str) -> None:
    letter = a_claim_letter(ClaimLetter.DOCUMENTS_REMINDER, language, documents=some_documents(reminder=rung))
    assert said in letter.text_of("reminder")
    assert letter.subject.endswith(said)


@pytest.mark.parametrize(("language", "day"), [("fr", "25 janvier 2027"), ("en", "25 January 2027")])
@pytest.mark.parametrize("kind", OF_DOCUMENTS)
def test_the_last_day_is_told(kind: ClaimLetter, language: str, day: str) -> None:
    letter = a_claim_letter(kind, language)
    assert day in letter.text_of("closing_notice" if kind is ClaimLetter.CLAIM_CLOSED else "answer_by")


@EVERY_LANGUAGE
def test_whoever_was_too_late_is_told_how_to_have_the_file_reopened(language: str) -> None:
    reopening = a_claim_letter(ClaimLetter.CLAIM_CLOSED, language).text_of("reopening")
    assert [one for one in ("prestations@trois-rivieres.example", REFERENCE, "24") if one not in reopening] == []


@pytest.mark.parametrize(
    ("language", "cents", "amount"),
    [
        ("fr", 1, "0,01\u00a0€"),
        ("fr", 98_000, "980,00\u00a0€"),
        ("fr", 10_000_000, "100\u202f000,00\u00a0€"),
        ("en", 1, "€0.01"),
        ("en", 98_000, "€980.00"),
        ("en", 10_000_000, "€100,000.00"),
    ],
)
def test_what_is_paid_is_told_to_the_cent(language: str, cents: int, amount: str) -> None:
    decision = DecisionFacts(decided_cents=cents, reasons="Dit.")
    assert amount in a_claim_letter(ClaimLetter.CLAIM_PAID, language, decision=decision).text_of("amount")
    corrected = a_claim_letter(ClaimLetter.CLAIM_CORRECTED, language, decision=decision).text_of("correction")
    assert corrected.count(amount) == 2
    asked = {"fr": "1\u202f234,56\u00a0€", "en": "€1,234.56"}[language]
    assert asked in corrected


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", [ClaimLetter.CLAIM_CLOSED, ClaimLetter.CLAIM_CORRECTED, ClaimLetter.CLAIM_REFUSED])
def test_a_complaint_goes_where_complaints_go_and_documents_where_claims_do(kind: ClaimLetter, language: str) -> None:
    letter = a_claim_letter(kind, language)
    assert "reclamations@trois-rivieres.example" in letter.text_of("recourse")
    assert "reclamations@" not in to_text(replace(letter, paragraphs=(*letter.paragraphs[:-3], letter.paragraphs[-1])))


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", [ClaimLetter.CLAIM_PAID, ClaimLetter.CLAIM_CORRECTED])
def test_of_the_account_only_the_end_is_told(kind: ClaimLetter, language: str) -> None:
    assert "IBAN" in to_text(a_claim_letter(kind, language))
    untold = to_text(a_claim_letter(kind, language, account_end=None))
    assert "IBAN" not in untold
    assert "2606" not in untold


def test_more_of_an_account_is_not_even_taken() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        claim_facts(ClaimLetter.CLAIM_PAID, account_end="02606")


def test_a_letter_cannot_speak_of_the_act_or_of_whoever_gave_care() -> None:
    known = set(ClaimLetterFacts.__dataclass_fields__)
    assert known.isdisjoint({"act", "provider", "provider_number", "provider_name", "beneficiary", "iban"})


@EVERY_KIND
def test_a_desk_without_a_telephone_can_still_be_written_to(kind: ClaimLetter) -> None:
    for language in LANGUAGES:
        letter = a_claim_letter(kind, language, handler=Handler(name="Service prestations", phone=" "))
        assert missing_paragraphs(letter, MANDATORY[kind]) == ()
        assert "  " not in to_text(letter)


# What was typed is data.


@EVERY_LANGUAGE
def test_what_is_typed_comes_out_as_it_was_typed(language: str) -> None:
    refused = a_claim_letter(language=language, decision=DecisionFacts(decided_cents=0, reasons=TYPED))
    assert plain(TYPED) in plain(refused.text_of("reasons"))
    asked = a_claim_letter(ClaimLetter.DOCUMENTS_REQUEST, language, documents=some_documents(note=TYPED))
    assert plain(TYPED) in plain(asked.text_of("documents"))


def test_line_ends_that_were_typed_are_kept() -> None:
    reasons = "Premier point\r\nsuite\n\n\nSecond   point"
    letter = a_claim_letter(decision=DecisionFacts(decided_cents=0, reasons=reasons))
    assert letter.text_of("reasons") == "Premier point\nsuite\n\nSecond point"


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</article>"])
def test_typed_markup_is_shown_not_obeyed(attack: str) -> None:
    letter = a_claim_letter(
        decision=DecisionFacts(decided_cents=0, reasons=attack), addressee=an_addressee(name=attack)
    )
    for said in (to_html(letter), to_fragment(letter)):
        page = Page(said)
        assert page.open == []
        assert not {"script", "img"} & set(page.names)
        assert "".join(page.words).count(attack) >= 2


# Paper, e-mail, drafts.


@EVERY_LANGUAGE
@EVERY_KIND
def test_the_paper_is_one_archivable_accessible_sheet_with_every_word(kind: ClaimLetter, language: str) -> None:
    letter = a_claim_letter(kind, language)
    pdf = to_pdf(letter)
    assert page_count(pdf) == 1
    with opened(pdf) as file:
        metadata = file.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert str(file.Root.Lang) == language
        tags = list(structure(file.Root.StructTreeRoot.K))
    assert tags.count("H1") == 1
    assert tags.count("H2") == sum(paragraph.title is not None for paragraph in letter.paragraphs)
    words = text_of(pdf)
    assert [p.name for p in letter.paragraphs if plain(p.text) not in words] == []
    assert to_pdf(letter) == pdf


@EVERY_LANGUAGE
@EVERY_KIND
def test_text_and_html_say_every_paragraph(kind: ClaimLetter, language: str) -> None:
    letter = a_claim_letter(kind, language)
    text, html = to_text(letter), unescape(to_html(letter))
    assert Page(to_html(letter)).open == []
    for paragraph in letter.paragraphs:
        assert paragraph.text in text
        assert all(line in html for line in paragraph.text.split("\n"))


@pytest.mark.parametrize(
    ("language", "mark", "signs"),
    [
        ("fr", "PROJET – non validé", "(le dernier contrôleur)"),
        ("en", "DRAFT – not approved", "(the last controller)"),
    ],
)
@pytest.mark.parametrize("kind", DECISIONS)
def test_a_draft_is_the_letter_with_its_mark(kind: ClaimLetter, language: str, mark: str, signs: str) -> None:
    assert to_text(a_claim_draft(kind, language)) == f"*** {mark} ***\n\n{to_text(a_claim_letter(kind, language))}"
    unsettled = a_claim_draft(kind, language, signatory=Signatory(name="", title=""))
    assert unsettled.signatory.name == signs
    assert mark in text_of(to_pdf(unsettled))
