"""What people write to the demo insurer, and what it answers: about forty complaints, each told once or more."""

from domain.complaint.words import Finding
from local.demo.texts_benefits import BENEFITS
from local.demo.texts_others import OTHERS

WORDINGS = (*BENEFITS, *OTHERS)

DECISIONS = {
    Finding.FOUNDED: "Vous avez raison : nous faisons droit à votre demande.",
    Finding.PARTLY_FOUNDED: "Nous faisons droit à une partie de votre demande.",
    Finding.UNFOUNDED: "Nous ne pouvons pas donner une suite favorable à votre demande.",
}
REASONS = {
    Finding.FOUNDED: "L’erreur est de notre fait et le délai qui en est résulté n’est pas celui que nous vous devons.",
    Finding.PARTLY_FOUNDED: "Une partie du retard nous est imputable ; le reste suit les règles de votre contrat.",
    Finding.UNFOUNDED: "Les règles de votre contrat ont été appliquées comme elles sont écrites et publiées.",
}
NEXT_STEPS = {
    Finding.FOUNDED: "Le nécessaire est fait dès cette semaine ; vous n’avez aucune démarche à accomplir.",
    Finding.PARTLY_FOUNDED: "Un décompte rectifié vous parviendra dans les dix jours.",
    Finding.UNFOUNDED: "Un conseiller se tient à votre disposition pour revoir avec vous vos garanties.",
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
