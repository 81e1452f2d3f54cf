"""The named paragraphs of a claim's letters: what the policy can make mandatory, and what the gate says is missing.

Source: procedures, section 2 steps 3 and 4
"""

from collections.abc import Mapping
from types import MappingProxyType

PARAGRAPHS: Mapping[str, str] = MappingProxyType(
    {
        "salutation": "Formule d’appel",
        "request": "Votre demande de prestation",
        "documents": "Les pièces demandées",
        "answer_by": "La date limite d’envoi des pièces",
        "reminder": "Rappel de la demande",
        "closing_notice": "La clôture du dossier sans paiement",
        "reopening": "Comment faire rouvrir le dossier",
        "decision": "Notre décision",
        "amount": "Le montant versé",
        "correction": "Le montant demandé et le montant retenu",
        "reasons": "Les raisons de cette décision",
        "contact": "Nous joindre",
        "recourse": "Contester cette décision",
        "mediator": "Le médiateur",
        "closing": "Formule de politesse",
        "privacy": "Données personnelles",
    }
)
"""Name → the French title under which a controller knows that paragraph."""
