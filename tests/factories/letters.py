"""Letters about invented people, as plain functions: keyword arguments change what a test is about."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.complaint.letters import AnswerFacts, Apology, HoldingReason, LetterFacts, LetterKind
from domain.letters import Addressee, DelayFacts, Handler, Insurer, Letter, Mediator, Signatory
from letters.rendering import compose, compose_draft

REFERENCE = "REC-2026-000417"

MANDATORY_IN_AN_ANSWER = ("asked", "found", "decision", "reasons", "next_steps", "appeal", "mediator")
MANDATORY = {
    LetterKind.ACKNOWLEDGEMENT: ("reception", "handler", "answer_due", "mediator"),
    LetterKind.HOLDING_LETTER: ("reception", "delay", "answer_due", "mediator"),
    LetterKind.DELAY_NOTICE: ("reception", "delay", "promise", "mediator"),
    LetterKind.ANSWER_FOUNDED: MANDATORY_IN_AN_ANSWER,
    LetterKind.ANSWER_PARTLY_FOUNDED: MANDATORY_IN_AN_ANSWER,
    LetterKind.ANSWER_UNFOUNDED: MANDATORY_IN_AN_ANSWER,
}


def an_insurer(**changes: Any) -> Insurer:
    """A mutual that does not exist."""
    return replace(
        Insurer(
            name="Mutuelle des Trois Rivières",
            address_lines=("Service réclamations", "12 quai des Tisserands", "69999 Lyon Cedex 99"),
            city="Lyon",
            phone="04 99 00 12 34",
            email="reclamations@trois-rivieres.example",
            site="www.trois-rivieres.example",
            legal_line="Mutuelle soumise aux dispositions du livre II du Code de la mutualité – SIREN 000 000 000",
        ),
        **changes,
    )


def a_mediator(**changes: Any) -> Mediator:
    """The mediator, as a policy file gives it."""
    return replace(
        Mediator(
            name="Médiateur de la Mutualité Française",
            address_lines=("FNMF", "255 rue de Vaugirard", "75719 Paris Cedex 15"),
            site="www.mediateur-mutualite.fr",
        ),
        **changes,
    )


def an_addressee(**changes: Any) -> Addressee:
    """A member with a postal address and an e-mail."""
    return replace(
        Addressee(
            name="Mme Odette Vasseur-Lenoir",
            address_lines=(
                "Appartement 12, escalier B",
                "Résidence Les Glycines",
                "8 rue du Four à Chaux",
                "38999 Valbrune",
            ),
            email="odette.vasseur@courriel.example",
        ),
        **changes,
    )


def an_answer(**changes: Any) -> AnswerFacts:
    """What a handler types for a typical answer."""
    return replace(
        AnswerFacts(
            asked="Vous contestez le remboursement de vos lunettes du 14 octobre 2026 : 80,00 € au lieu des 229,99 € "
            "prévus par votre contrat.",
            found="Votre opticien nous a transmis la facture le 16 octobre 2026. Nous l’avons enregistrée par erreur "
            "en « verres simples », alors que l’ordonnance prescrit des verres progressifs.",
            decision="Nous corrigeons ce remboursement et vous versons le complément de 149,99 €.",
            reasons="La garantie « Équilibre 3 » de votre contrat prend en charge les verres progressifs jusqu’à "
            "230,00 € par équipement, tous les deux ans. Votre équipement précédent date du 3 mai 2023.",
            next_steps="Le complément sera sur votre compte dans les cinq jours ouvrés. Le nouveau décompte est "
            "disponible dans votre espace personnel.",
            apology=Apology.APOLOGIES,
        ),
        **changes,
    )


_ANSWERS = {
    LetterKind.ANSWER_FOUNDED: an_answer(compensation_cents=2500),
    LetterKind.ANSWER_PARTLY_FOUNDED: an_answer(
        decision="Nous vous versons 69,99 € sur les 149,99 € demandés.", apology=Apology.REGRETS
    ),
    LetterKind.ANSWER_UNFOUNDED: an_answer(decision="Le remboursement de 80,00 € est maintenu.", apology=Apology.NONE),
}


def some_facts(**changes: Any) -> LetterFacts:
    """The facts of a complaint sent on 2 November 2026; `answer` stays None unless given."""
    return replace(
        LetterFacts(
            insurer=an_insurer(),
            mediator=a_mediator(),
            addressee=an_addressee(),
            handler=Handler(name="Maëlle Kervadec", phone="04 99 00 12 56"),
            signatory=Signatory(name="Bastien Roussillon", title="Responsable du pôle Prestations"),
            reference=REFERENCE,
            dated=date(2026, 11, 12),
            sent_on=date(2026, 11, 2),
            received_on=date(2026, 11, 4),
            answer_due_on=date(2026, 11, 19),
        ),
        **changes,
    )


def a_delay(**changes: Any) -> DelayFacts:
    """The answer is promised for 11 December 2026."""
    words = "Un quart de nos équipes est absent. Nous travaillons aussi le samedi pour vous répondre."
    return replace(DelayFacts(words=words, promised_on=date(2026, 12, 11)), **changes)


def facts_for(kind: LetterKind, **changes: Any) -> LetterFacts:
    """Facts that suit a kind of letter: an answer comes with its answer, a holding letter with its reason."""
    reason = HoldingReason.EXPERT_OPINION if kind is LetterKind.HOLDING_LETTER else None
    delay = a_delay() if kind is LetterKind.DELAY_NOTICE else None
    return some_facts(**{"answer": _ANSWERS.get(kind), "holding_reason": reason, "delay": delay} | changes)


def a_letter(kind: LetterKind = LetterKind.ANSWER_FOUNDED, language: str = "fr", **changes: Any) -> Letter:
    """A composed letter; `changes` are changes of its facts."""
    return compose(kind, language, facts_for(kind, **changes))


def a_draft(kind: LetterKind = LetterKind.ANSWER_FOUNDED, language: str = "fr", **changes: Any) -> Letter:
    """An answer that nobody has approved; `changes` are changes of its facts."""
    return compose_draft(kind, language, facts_for(kind, **changes))
