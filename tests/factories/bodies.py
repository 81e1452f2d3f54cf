"""Bodies of requests as people send them: keyword arguments replace or add fields, None leaves a field out."""

from datetime import date
from typing import Any

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


def _with(body: Body, changes: Body) -> Body:
    return {name: value for name, value in {**body, **changes}.items() if value is not None}
