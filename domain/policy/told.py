"""A version of the policy as one flat list: each number with its unit, its French label and its source.

Made from the version itself, so that nothing in it can be left out.
Source: the policy file
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from domain.audit.words import AuditDeadline
from domain.backlog.words import LabourLimit
from domain.claim.words import CareCategory, ClaimDeadline, ClaimLetter, DocumentsRung
from domain.complaint.letters import LetterKind
from domain.finding.words import FindingDeadline, RiskLevel
from domain.policy.audit import AuditRung, ReportLink
from domain.policy.book import PolicyVersion
from domain.policy.claim import ChecklistItem, Controller, ControlLink
from domain.policy.complaint import Link
from domain.policy.parts import Model
from domain.policy.timing import DeadlineName
from domain.sources import Source


@dataclass(frozen=True)
class Told:
    """One line: `path` as the policy file has it, value and unit, and the document that says so, if one does."""

    path: str
    label: str
    value: str
    unit: str | None = None
    source: Source | None = None


def told(version: PolicyVersion) -> tuple[Told, ...]:
    """Every number, name and time of the version, in the order of the file."""
    sections = {name: getattr(version, name) for name in type(version).model_fields}
    return tuple(
        line for name, section in sections.items() if isinstance(section, Model) for line in _lines(name, section, None)
    )


def _lines(path: str, part: Any, source: Source | None) -> Iterator[Told]:
    """A part that carries its own source passes it on to what is in it. A bare number is a rung's, in working days."""
    if isinstance(part, Model) and not isinstance(part, _TOLD_WHOLE):
        own = getattr(part, "source", source)
        yield from _of_fields(path, {name: getattr(part, name) for name in type(part).model_fields}, own)
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _lines(f"{path}.{name}", inner, source)
    elif isinstance(part, tuple) and part and all(isinstance(one, Model) for one in part):
        for number, one in enumerate(part, start=1):
            yield from _lines(f"{path}.{getattr(one, 'name', number)}", one, source)
    elif not path.endswith((".only", ".risks")) or part:
        own = getattr(part, "source", source)
        yield Told(path, label_of(path), _text(part), "working_days" if isinstance(part, int) else None, own)


def _of_fields(path: str, fields: Mapping[str, Any], source: Source | None) -> Iterator[Told]:
    """A number and its unit are one line; everything else is a line of its own."""
    for number, unit in _NUMBERS:
        if number in fields:
            named = fields.get("unit", unit)
            yield Told(path, label_of(path), _text(fields[number]), named and str(named), source)
    for name, inner in fields.items():
        if name not in _TOLD_WITH_THEIR_NUMBER:
            yield from _lines(f"{path}.{name}", inner, source)


_NUMBERS = (
    *(("count", None), ("days", "days"), ("working_days", "working_days"), ("minutes", "minutes")),
    *(("at_most", "times"), ("above_cents", "cents"), ("at_most_cents", "cents")),
    *(("months", "months"), ("after_days", "days"), ("percent", "percent")),
    *(("per_ten_thousand", "per_ten_thousand"), ("weeks", "weeks"), ("month", "month")),
    *(("at_most_minutes", "minutes"), ("at_least_minutes", "minutes")),
    *(("bonus_cents", "cents"), ("recovery_days", "days")),
)
_TOLD_WHOLE = (Link, ControlLink, ChecklistItem, AuditRung, ReportLink)
_TOLD_WITH_THEIR_NUMBER = {"source", "unit", "name", *(name for name, _ in _NUMBERS)}


def _text(value: Any) -> str:
    """A value as it is read aloud: times to the minute, lists with commas, alternatives with a bar."""
    match value:
        case Link():
            return " | ".join(f"{one.role}{'@pole' if one.of_case_pole else ''}" for one in value.any_of)
        case ControlLink():
            return " | ".join(_controller(one) for one in value.any_of)
        case ChecklistItem():
            return f"{value.kind} | {value.label.fr} | {value.label.en}"
        case AuditRung():
            return _audit_rung(value)
        case ReportLink():
            return " | ".join(value.any_of)
        case time():
            return value.strftime("%H:%M")
        case tuple():
            return ", ".join(_text(one) for one in value)
        case None:
            return ""
        case StrEnum():
            return value.value
        case _:
            return str(value)


def _controller(one: Controller) -> str:
    return f"{one.role}{f'+{one.skill}' if one.skill else ''}{'@pole' if one.of_case_pole else ''}"


def _audit_rung(rung: AuditRung) -> str:
    """Its moment, in civil days from the due day or the start, and whom it speaks to."""
    if rung.days_after_start is not None:
        moment = f"start +{rung.days_after_start}"
    else:
        moment = f"due {(rung.days_after_due or 0) - (rung.days_before_due or 0):+d}"
    return f"{moment} | {', '.join((*rung.to, *rung.copies))}"


def label_of(path: str) -> str:
    """The French words for a path: those of its parts that have any; a part without is shown as it is written."""
    section, *parts = path.split(".")
    families = {"claim": _of_claims, "audit": _of_audits, "finding": _of_findings, "backlog": _of_backlogs}
    named = families.get(section, _part)
    return " – ".join(named(parts[: depth + 1]) for depth in range(len(parts)))


def _part(parts: list[str]) -> str:
    name = parts[-1]
    if parts[0] == "deadlines" and name in list(DeadlineName):
        return DeadlineName(name).label
    if parts[0] == "letters" and name in list(LetterKind):
        return LetterKind(name).label
    return _WORDS.get(name, name)


def _of_claims(parts: list[str]) -> str:
    """The words of a path below claims; the vocabularies of claims say themselves what they are called."""
    name, inside = parts[-1], _CLAIM_VOCABULARIES.get(parts[0])
    if inside is not None and len(parts) > 1 and name in list(inside):
        return inside(name).label  # type: ignore[no-any-return, attr-defined]
    return _CLAIM_WORDS.get(name) or _WORDS.get(name, name)


def _of_audits(parts: list[str]) -> str:
    name = parts[-1]
    if parts[0] == "ladders" and name in list(AuditDeadline):
        return AuditDeadline(name).label
    return _AUDIT_WORDS.get(name) or _WORDS.get(name, name)


_AUDIT_WORDS = {
    "delivery": "remise des pièces",
    "report": "rapport d’audit",
    "restitution": "réunion de restitution",
    "answers": "réponses du délégataire",
    "missing_pieces": "pièces non remises",
    "risk": "niveau de risque",
    "expected_within": "date d’une recommandation, au plus loin",
    "meetings": "heures de réunion",
    "earliest": "au plus tôt",
    "latest": "au plus tard",
    "report_chain": "validation du rapport",
    "ladders": "relances",
    "two_days_before": "deux jours avant",
    "overdue": "dépassement",
    "two_weeks": "deux semaines",
    "four_weeks": "quatre semaines",
    "five_weeks": "cinq semaines",
    "due": "à l’échéance",
    "week_after": "une semaine après",
    "week_before": "une semaine avant",
    "month_before": "un mois avant",
}


def _of_findings(parts: list[str]) -> str:
    """The words of a path below findings."""
    name = parts[-1]
    if name in list(RiskLevel):
        return RiskLevel(name).label
    if len(parts) == 1 and name in {FindingDeadline.PLAN, FindingDeadline.VERIFICATION, FindingDeadline.CONFIRMATION}:
        return FindingDeadline(name).label
    return _FINDING_WORDS.get(name) or _WORDS.get(name, name)


def _of_backlogs(parts: list[str]) -> str:
    """The words of a path below backlog operations."""
    return _BACKLOG_WORDS.get(parts[-1]) or _WORDS.get(parts[-1], parts[-1])


_CLAIM_VOCABULARIES: Mapping[str, type[StrEnum]] = {
    "chains": CareCategory,
    "checklists": CareCategory,
    "letters": ClaimLetter,
    "deadlines": ClaimDeadline,
    "documents": DocumentsRung,
}
_CLAIM_WORDS = {
    "intake": "réception de la demande",
    "maximum": "montant maximal",
    "oldest_care": "ancienneté des soins",
    "planned_care": "prise en charge demandée d’avance",
    "thresholds": "seuils de contrôle",
    "control": "un contrôleur au-dessus de",
    "second_controller": "deux contrôleurs au-dessus de",
    "sample": "tirage au sort sous le seuil",
    "default": "taux général",
    "poles": "taux d’un pôle",
    "handlers": "taux d’un gestionnaire",
    "checks": "contrôles automatiques",
    "duplicate": "doublon",
    "amount_within": "écart de montant",
    "care_within": "écart de dates de soins",
    "iban_changed_within": "IBAN modifié depuis moins de",
    "contributions": "cotisations impayées et forte consommation",
    "consumption": "consommation au-dessus de",
    "consumed_within": "consommation comptée sur",
    "unpaid": "impayés au-dessus de",
    "hospital_commitment": "prise en charge hospitalière",
    "documents": "attente de pièces",
    "chains": "circuits de contrôle",
    "release": "libération d’un lot bancaire",
    "bank_cut_off": "heure limite de la banque",
    "bank_answer": "réponse de la banque",
    "within": "attendue sous",
    "escalated_after": "direction prévenue après",
    "checklists": "listes de contrôle",
    "version": "édition",
    "items": "points à contrôler",
}
_FINDING_WORDS = {
    "remediation": "délai de remédiation selon le risque",
    "confirmed_by": "second valideur",
    "postponement": "qui décide d’un report",
    "postponed_at_most": "report au plus loin",
    "risk_accepted_by": "qui accepte un risque",
    "risk_accepted_at_most": "acceptation du risque au plus loin",
    "role": "rôle",
    "of": "échéances",
    "risks": "seulement pour les risques",
}
_BACKLOG_WORDS = {
    "watch": "veille",
    "over_standard": "au-dessus du standard depuis",
    "forecast": "dépassement prévu d’ici",
    "forecast_from": "prévision d’après les derniers",
    "run": "opération",
    "lasts": "durée de l’opération",
    "ends_under_standard": "fin sous le standard depuis",
    "off_track": "hors du plan depuis",
    "off_track_above": "écart au plan toléré",
    "begins_at": "début du premier jour",
    "daily_point": "point du jour",
    "extended_at_most": "prolongation au plus loin",
    "decided_within": "décision sous",
    "message": "message aux adhérents qui attendent",
    "waits_more_than": "attente de plus de",
    "quiet_after_letter": "silence après un courrier",
    "pay_within": "paie validée sous",
    "of": "échéances",
    "approved_by": "approbation",
    "role": "rôle",
    "labour": "droit du travail",
    **{limit.value: limit.label for limit in LabourLimit},
    "average_over": "moyenne calculée sur",
    "break_after": "pause au plus tard après",
    "shortest_break": "pause d’au moins",
    "full_week": "semaine à temps plein, jamais atteinte à temps partiel",
    "complementary": "heures complémentaires, part du contrat au plus",
    "work": "travail",
    "pay": "paie",
    "above": "au-delà de",
    "first_rate": "premier taux",
    "first_rate_for": "durée au premier taux",
    "then_rate": "taux au-delà",
    "saturdays": "samedis",
    "recovery_from": "récupération à partir du mois",
    "recovery_until": "récupération jusqu’au mois",
    "validated_by": "validation de la paie",
    "overtime": "heures supplémentaires",
}
_WORDS = {
    "definition": "définition de la réclamation",
    "exceptions": "ce qui n’en est pas une",
    "zone": "fuseau horaire",
    "due_time": "heure limite",
    "at": "quand",
    "deadlines": "échéances",
    "starts_on": "compte à partir de",
    "brings_back": "ramenée au dernier jour ouvré avant",
    "holding_letters": "lettres d’attente",
    "progress_call_every": "appel d’avancement",
    "duplicates_within": "recherche de doublons",
    "survey_after": "enquête après clôture",
    "ladder": "échelle de relances",
    "fires_at": "heure des relances",
    "rungs": "échelons",
    "to": "destinataires",
    "only": "seulement pour",
    "mail": "envois",
    "post_closes": "clôture du courrier",
    "undelivered_becomes_task_after": "courrier en échec confié au propriétaire",
    "staff_messages": "messages à l’équipe",
    "opens_at": "à partir de",
    "closes_at": "jusqu’à",
    "digest": "récapitulatif du matin",
    "spread": "étalement",
    "signals": "signaux",
    "business": "métier",
    "sensitive": "sensible",
    "channels": "canaux",
    "complainants": "réclamants",
    "words": "mots",
    "chains": "circuits de validation",
    "links": "maillons",
    "link": "maillon",
    "thresholds": "seuils de dédommagement",
    "last_link": "dernier maillon",
    "same_day_circuit": "circuit du jour même",
    "letters": "lettres",
    "paragraphs": "mentions obligatoires",
}
