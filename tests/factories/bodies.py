"""Bodies of requests as people send them: keyword arguments replace or add fields, None leaves a field out."""

from datetime import date, timedelta
from typing import Any

from domain.claim.words import CareCategory
from tests.factories.insured import PROVIDERS
from tests.factories.reference import an_iban

Body = dict[str, Any]


def a_complaint(today: date, **changes: Any) -> Body:
    """A letter that has come today from a member whose e-mail and address are known, about benefits."""
    return _with(
        {
            "channel": "letter",
            "received_on": today.isoformat(),
            "complainant": {"member_number": "M0000042"},
            "subject": "Remboursement de lunettes en attente",
            "text": "J’attends depuis six semaines le remboursement de mes lunettes, malgré deux appels.",
            "pole": "benefits",
        },
        changes,
    )


def an_acknowledgement(**changes: Any) -> Body:
    """Told in a recorded call: no letter leaves."""
    return _with({"outcome": "acknowledge", "dispatch": "recorded_call"}, changes)


def an_analysis(**changes: Any) -> Body:
    """A founded complaint of the trade."""
    return _with(
        {
            "outcome": "analyse",
            "category": "business",
            "finding": "founded",
            "theme": "reimbursement_delay",
            "cause": "Dossier resté sans suite après la demande de pièce",
            "facts": "Le devis a été reçu le 2 et n’a pas été traité.",
        },
        changes,
    )


def an_answer(**changes: Any) -> Body:
    """An answer by e-mail, without compensation."""
    return _with(
        {
            "outcome": "draft",
            "dispatch": "email",
            "asked": "Vous demandez le remboursement de vos lunettes.",
            "found": "Votre dossier est resté sans suite pendant six semaines.",
            "decision": "Nous vous remboursons sans délai.",
            "reasons": "Le retard est de notre fait.",
            "next_steps": "Le virement part cette semaine.",
            "apology": "apologies",
        },
        changes,
    )


def an_approval(version_hash: str, **changes: Any) -> Body:
    """The approval of one version."""
    return _with({"outcome": "approve", "version_hash": version_hash}, changes)


def an_amendment(version_hash: str, **changes: Any) -> Body:
    """A new version in place of the one that was read."""
    return an_answer(**{"outcome": "amend", "version_hash": version_hash} | changes)


def a_return(version_hash: str, **changes: Any) -> Body:
    """The version goes back to its author, with the reason."""
    return _with(
        {"outcome": "send_back", "version_hash": version_hash, "reason": "Dites au membre quand le virement part."},
        changes,
    )


def a_claim(today: date, **changes: Any) -> Body:
    """1,500 € for a hearing aid, of a member whom `tests.factories.insured` has insured under number 42."""
    return _with(
        {
            "member_number": "M0000042",
            "beneficiary_number": "M0000042",
            "contract_number": "C0000042",
            "category": "hearing",
            "act": "APPAREIL",
            "care_on": (today - timedelta(days=7)).isoformat(),
            "provider_number": PROVIDERS[CareCategory.HEARING],
            "amount_cents": 150_000,
            "iban": an_iban(42),
            "received_on": today.isoformat(),
            "pole": "benefits",
        },
        changes,
    )


def a_decision(checklist: list[Body], **changes: Any) -> Body:
    """To be paid as it was asked, every item of this checklist being right."""
    answers = [{"item": item["id"], "answer": "ok"} for item in checklist]
    return _with({"outcome": "decide", "decision": "pay", "checklist": answers}, changes)


def a_confirmation(decision_hash: str) -> Body:
    """The second controller stands for the decision."""
    return {"outcome": "confirm", "decision_hash": decision_hash}


def some_documents(*kinds: str, **changes: Any) -> Body:
    """The member is asked for these."""
    return _with({"outcome": "ask_documents", "documents": list(kinds)}, changes)


def _with(body: Body, changes: Body) -> Body:
    return {name: value for name, value in {**body, **changes}.items() if value is not None}
