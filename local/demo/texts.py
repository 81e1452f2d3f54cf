"""What people write to the demo insurer, and what it answers: about forty complaints, each told once or more."""

from dataclasses import dataclass

from domain.complaint.words import Finding
from local.demo.texts_benefits import BENEFITS
from local.demo.texts_others import OTHERS

WORDINGS = (*BENEFITS, *OTHERS)


@dataclass(frozen=True)
class Phrases:
    """What an answer says besides what the complaint itself is about."""

    decision: str
    reasons: str
    next_steps: str


ANSWERS = {
    "fr": {
        Finding.FOUNDED: Phrases(
            "Vous avez raison : nous faisons droit à votre demande.",
            "L’erreur est de notre fait et le délai qui en est résulté n’est pas celui que nous vous devons.",
            "Le nécessaire est fait dès cette semaine ; vous n’avez aucune démarche à accomplir.",
        ),
        Finding.PARTLY_FOUNDED: Phrases(
            "Nous faisons droit à une partie de votre demande.",
            "Une partie du retard nous est imputable ; le reste suit les règles de votre contrat.",
            "Un décompte rectifié vous parviendra dans les dix jours.",
        ),
        Finding.UNFOUNDED: Phrases(
            "Nous ne pouvons pas donner une suite favorable à votre demande.",
            "Les règles de votre contrat ont été appliquées comme elles sont écrites et publiées.",
            "Un conseiller se tient à votre disposition pour revoir avec vous vos garanties.",
        ),
    },
    "en": {
        Finding.FOUNDED: Phrases(
            "You are right: we grant what you ask for.",
            "The mistake is ours, and you should not have had to wait for so long.",
            "We are putting it right this week; there is nothing that you have to do.",
        ),
        Finding.PARTLY_FOUNDED: Phrases(
            "We grant a part of what you ask for.",
            "A part of the delay is ours; the rest follows the rules of your contract.",
            "You will receive a corrected statement within ten days.",
        ),
        Finding.UNFOUNDED: Phrases(
            "We cannot grant what you ask for.",
            "The rules of your contract were applied as they are written and published.",
            "An adviser will gladly go through your cover with you.",
        ),
    },
}
CALLED_THIS_WEEK = {
    "fr": "Votre gestionnaire vous appellera cette semaine pour en convenir avec vous.",
    "en": "Your handler will call you this week to agree on it with you.",
}
SENT_BACK_REASONS = (
    "La réponse ne dit pas sur quel article du contrat elle s’appuie.",
    "Le ton est trop sec : reprendre le premier paragraphe et présenter des excuses.",
    "Le montant annoncé ne correspond pas au décompte joint.",
)
REQUALIFIED_REASONS = (
    "La personne demande un duplicata de sa carte et n’exprime aucun mécontentement.",
    "Simple demande de renseignement sur les délais de carence.",
    "Avis sur un projet de nouvelle garantie, demandé par notre propre enquête.",
)
