"""Letters of claims about invented people, as plain functions: keyword arguments change what a test is about."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.claim.letters import BY_VERDICT, ClaimLetterFacts, DecisionFacts, DocumentsFacts
from domain.claim.words import CareCategory, ClaimKind, ClaimLetter, DocumentKind, DocumentsRung
from domain.letters import Handler, Letter, Signatory
from letters.rendering import compose, compose_draft
from tests.factories.letters import a_delay, a_mediator, an_addressee, an_insurer

REFERENCE = "PRE-2026-000042"
DECISIONS = tuple(BY_VERDICT.values())
OF_DOCUMENTS = tuple(kind for kind in ClaimLetter if kind not in {*DECISIONS, ClaimLetter.DELAY_NOTICE})

MANDATORY = {
    ClaimLetter.DOCUMENTS_REQUEST: ("request", "documents", "answer_by", "contact"),
    ClaimLetter.DOCUMENTS_REMINDER: ("request", "reminder", "documents", "answer_by", "contact"),
    ClaimLetter.CLAIM_CLOSED: ("request", "closing_notice", "reopening", "mediator", "recourse"),
    ClaimLetter.DELAY_NOTICE: ("request", "delay", "promise", "contact"),
    ClaimLetter.CLAIM_PAID: ("request", "decision", "amount", "contact"),
    ClaimLetter.CLAIM_CORRECTED: ("request", "decision", "correction", "reasons", "mediator", "recourse"),
    ClaimLetter.CLAIM_REFUSED: ("request", "decision", "reasons", "mediator", "recourse"),
}


def some_documents(**changes: Any) -> DocumentsFacts:
    """Three documents asked for on 24 November 2026, of which none has come."""
    return replace(
        DocumentsFacts(
            kinds=(DocumentKind.INVOICE, DocumentKind.HEALTH_INSURANCE_STATEMENT, DocumentKind.OTHER),
            asked_on=date(2026, 11, 24),
            answer_by=date(2027, 1, 25),
            note="L’autre pièce est l’attestation de votre employeur pour la période du 1er au 16 novembre.",
        ),
        **changes,
    )


_DECISIONS = {
    ClaimLetter.CLAIM_PAID: DecisionFacts(decided_cents=123_456),
    ClaimLetter.CLAIM_CORRECTED: DecisionFacts(
        decided_cents=98_000,
        reasons="La facture comprend 254,56 € de prestations que votre garantie « Équilibre 3 » ne prévoit pas.",
    ),
    ClaimLetter.CLAIM_REFUSED: DecisionFacts(
        decided_cents=0,
        reasons="Votre contrat avait pris fin le 31 octobre 2026 : vos droits étaient fermés le jour des soins.",
    ),
}


def claim_facts(kind: ClaimLetter, **changes: Any) -> ClaimLetterFacts:
    """The facts of a dental claim of 1,234.56 € received on 23 November 2026, as this kind of letter needs them."""
    reminder = DocumentsRung.FIRST_REMINDER if kind is ClaimLetter.DOCUMENTS_REMINDER else None
    facts = ClaimLetterFacts(
        insurer=an_insurer(
            address_lines=("12 quai des Tisserands", "69999 Lyon Cedex 99"), email="prestations@trois-rivieres.example"
        ),
        mediator=a_mediator(),
        addressee=an_addressee(),
        handler=Handler(name="Service prestations", phone="04 99 00 12 70"),
        signatory=Signatory(name="Hervé Le Bihan", title="Gestionnaire expert dentaire"),
        reference=REFERENCE,
        dated=date(2026, 11, 26),
        category=CareCategory.DENTAL,
        claim_kind=ClaimKind.REIMBURSEMENT,
        care_on=date(2026, 11, 16),
        received_on=date(2026, 11, 23),
        asked_cents=123_456,
        complaints_email="reclamations@trois-rivieres.example",
        lapses_after_months=24,
        account_end="2606" if kind in DECISIONS else None,
        decision=_DECISIONS.get(kind),
        documents=some_documents(reminder=reminder) if kind in OF_DOCUMENTS else None,
        delay=a_delay() if kind is ClaimLetter.DELAY_NOTICE else None,
    )
    return replace(facts, **changes)


def a_claim_letter(kind: ClaimLetter = ClaimLetter.CLAIM_REFUSED, language: str = "fr", **changes: Any) -> Letter:
    """A composed letter; `changes` are changes of its facts."""
    return compose(kind, language, claim_facts(kind, **changes))


def a_claim_draft(kind: ClaimLetter = ClaimLetter.CLAIM_REFUSED, language: str = "fr", **changes: Any) -> Letter:
    """The letter of a decision that nobody has confirmed; `changes` are changes of its facts."""
    return compose_draft(kind, language, claim_facts(kind, **changes))
