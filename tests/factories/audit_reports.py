"""Reports of audits: as large as the reference audit, 24 recommendations on 38 pieces, or of any other size."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from db.catalogue_file import load_catalogue
from domain.audit.catalogue import AskedPiece
from domain.audit.edition import DelegateAnswer, Edition, FollowedFinding, Validation
from domain.audit.report import (
    AuditReport,
    BothLanguages,
    CarriedFinding,
    ReportedFile,
    ReportedPiece,
    ReportedRecommendation,
    ReportedStrength,
)
from domain.audit.words import AuditDomain, Criterion, Grade, Reply, Ruling
from domain.risk import RiskLevel

REFERENCE = "AUD-2026-000001"
ZONE = "Europe/Paris"
LAUNCHED, DUE, ENDED = date(2026, 9, 7), date(2026, 10, 19), date(2026, 10, 23)
MISSING, LATE = (4, 17, 31), (9, 22)
_SUBJECTS = (
    "Délai d’enregistrement des adhésions",
    "Mandats SEPA sans date de signature",
    "Séparation entre saisie et contrôle des prestations",
    "Relances des cotisations impayées",
    "Information annuelle des bénéficiaires",
    "Habilitations des gestionnaires partis",
    "Réclamations reçues par téléphone",
    "Radiations à la demande de l’employeur",
)
_WORDS = (
    "Enregistrer chaque bulletin le jour de sa réception et tenir le registre des bulletins incomplets ; douze des "
    "quarante dossiers examinés ont attendu plus de dix jours sans que l’adhérent en soit averti.",
    "Compléter les mandats où la date de signature manque et refuser tout prélèvement sans mandat complet.",
    "Retirer aux gestionnaires de prestations le droit de contrôler leurs propres liquidations.\n\n"
    "Le contrôle a posteriori porte aujourd’hui sur un tirage que le gestionnaire établit lui-même : le faire établir "
    "par le logiciel, sur cinq pour cent des décomptes au moins, et en garder la trace pendant cinq ans.",
)
_COMMENTS = (
    None,
    "Déjà relevé en 2025.",
    "Le délégataire a engagé la correction pendant l’audit : à vérifier au suivi.",
)


def a_report(count: int = 24, **given: Any) -> AuditReport:
    """The report of an audit of all three domains with so many recommendations; three pieces missing, two late."""
    pieces = tuple(a_piece(asked) for asked in load_catalogue().asked(tuple(AuditDomain)))
    made = tuple(a_recommendation(number, pieces) for number in range(1, count + 1))
    usual: dict[str, Any] = {
        "reference": REFERENCE,
        "insurer": "Mutuelle des Trois Rivières",
        "delegate_code": "ARMOR",
        "delegate_name": "Armor Gestion",
        "contracts": ("Santé collective 2024-117", "Prévoyance des cadres 2021-033"),
        "year": 2026,
        "themes": tuple(AuditDomain),
        "conflict_of_interest": True,
        "auditors": ("Inès Caradec", "Paul Le Meur"),
        "launched_on": LAUNCHED,
        "delivery_due_on": DUE,
        "delivery_ended_on": ENDED,
        "catalogue": "2026-1",
        "strengths": some_strengths(),
        "recommendations": made,
        "pieces": pieces,
        "carried": (
            CarriedFinding("CST-2025-000014", "Registre des réclamations incomplet", RiskLevel.HIGH, date(2026, 3, 31)),
        ),
    }
    return AuditReport(**usual | given)


def an_empty_report(**given: Any) -> AuditReport:
    """A report that has nothing to say."""
    nothing: dict[str, Any] = {"strengths": (), "recommendations": (), "pieces": (), "carried": ()}
    days = {"launched_on": None, "delivery_due_on": None, "delivery_ended_on": None}
    return a_report(**nothing | days | {"conflict_of_interest": False, "auditors": ()} | given)


def a_piece(asked: AskedPiece) -> ReportedPiece:
    """A piece as it was asked for; its number says whether it came, in how many versions, and how it is graded."""
    labels = ReportedPiece(asked.id, asked.number, asked.domain, asked.label, asked.checked_for)
    if asked.number in MISSING:
        return labels
    files = tuple(a_file(asked, version) for version in range(1, 2 + (asked.number % 5 == 0)))
    return replace(
        labels,
        delivered_on=files[-1].delivered_on,
        late=asked.number in LATE,
        versions=len(files),
        files=files,
        grades=grades_of(asked.number),
        comment="Les annexes ne portent pas de date." if asked.number % 4 == 0 else None,
    )


def a_file(asked: AskedPiece, version: int) -> ReportedFile:
    """A version of a piece."""
    late = asked.number in LATE
    day = DUE + timedelta(days=2) if late else LAUNCHED + timedelta(days=asked.number % 20 + 7 * version)
    digest = sha256(f"{asked.id} {version}".encode()).hexdigest()
    return ReportedFile(version, f"{asked.number:02}_{asked.id}_v{version}.pdf", digest, day, late)


def grades_of(number: int) -> dict[Criterion, Grade]:
    """Four grades that differ from piece to piece."""
    scale = list(Grade)
    return {criterion: scale[(number * 3 + place * 2) % 5] for place, criterion in enumerate(Criterion)}


def a_recommendation(number: int, pieces: tuple[ReportedPiece, ...], **given: Any) -> ReportedRecommendation:
    """A recommendation; its number says how grave it is, and which piece it is about."""
    usual: dict[str, Any] = {
        "number": number,
        "risk": list(RiskLevel)[(number * 7) % 5],
        "words": _WORDS[number % len(_WORDS)],
        "expected_on": date(2026, 12, 1) + timedelta(days=11 * (number % 20)),
        "piece": pieces[number % len(pieces)].id if pieces and number % 6 else None,
        "comment": _COMMENTS[number % len(_COMMENTS)],
        "subject": _SUBJECTS[number % len(_SUBJECTS)] if number % 3 else "",
    }
    return ReportedRecommendation(**usual | given)


def some_strengths() -> tuple[ReportedStrength, ...]:
    """Strengths in general and of two domains."""
    return (
        ReportedStrength(1, "Une équipe stable, formée, qui répond le jour même aux questions des auditeurs."),
        ReportedStrength(
            2, "Des procédures tenues à jour, avec leurs versions et leurs dates.", AuditDomain.MEMBERSHIPS
        ),
        ReportedStrength(3, "Un délai moyen de remboursement de trois jours ouvrés.", AuditDomain.BENEFITS),
        ReportedStrength(4, "Chaque indu est suivi jusqu’à son terme.", AuditDomain.BENEFITS),
    )


def validations(count: int = 2) -> tuple[Validation, ...]:
    """Those who let the report go, at the turn of a day where the insurer is."""
    names = ("Hélène Guivarc’h", "Marc Tanguy")
    at = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    return tuple(
        Validation(name, at + timedelta(hours=9 * n), sha256(b"draft").hexdigest())
        for n, name in enumerate(names[:count])
    )


def an_edition(**given: Any) -> Edition:
    """The edition after the restitution: validated, answered, two recommendations disputed, one a finding."""
    answers = (
        DelegateAnswer(1, Reply.ACCEPT, proposed_on=date(2027, 1, 15), due_on=date(2027, 1, 15)),
        DelegateAnswer(
            2, Reply.DISPUTE, argument="Les mandats ont été complétés en juillet.", ruling=Ruling.LOWER,
            ruled_risk=RiskLevel.LOW, ruled_because="Seuls trois mandats restent incomplets.", due_on=date(2027, 2, 1),
        ),
        DelegateAnswer(3, Reply.DISPUTE, argument="Le contrôle est fait par une autre équipe."),
    )  # fmt: skip
    followed = (FollowedFinding(1, "CST-2026-000031", "Erwan Kerbrat", BothLanguages("planifié", "planned")),)
    usual: dict[str, Any] = {"zone": ZONE, "validations": validations(), "answers": answers, "followed": followed}
    return Edition(**usual | given)
