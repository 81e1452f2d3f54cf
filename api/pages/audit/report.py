"""What a validator needs in two minutes: the figures of the report, and what changed since it was sent back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from api.audit_views import AuditView, ReportView
from api.cases import JournalEntry, journal_page
from api.house import House
from api.pages.difference import difference
from db.models import Case
from db.queries import audit as audit_queries
from db.queries.audit_report import audit_report
from domain.audit.figures import PieceFigures, average, by_domain, piece_figures
from domain.audit.report import ReportedPiece
from domain.audit.words import AuditDomain, Criterion

_MOST_LINES = 5_000


@dataclass(frozen=True)
class Averages:
    """How the pieces of one domain, or all of them, meet the criteria, from 0 to 3."""

    domain: AuditDomain | None
    figures: PieceFigures
    grades: Mapping[Criterion, Decimal | None]


@dataclass(frozen=True)
class Recommended:
    """What a recommendation said at some moment."""

    risk: str
    expected_on: str
    words: str
    comment: str


@dataclass(frozen=True)
class Change:
    """What became of a recommendation since the report was sent back; of a changed one, its words are marked."""

    kind: str
    number: int
    before: Recommended | None
    after: Recommended | None
    words: Markup


@dataclass
class Since:
    """What changed since the last version was sent back, by whom and why."""

    by: str | None
    reason: str | None
    version: int
    changes: list[Change] = field(default_factory=list)
    strengths: list[tuple[str, str]] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)


def averages(session: Session, case: Case, house: House) -> list[Averages]:
    """For all pieces, then for each domain."""
    said = audit_report(session, case, house.book)
    domains = by_domain(said)
    whole = [_averages(None, said.pieces)] if len(domains) > 1 else []
    return [*whole, *(_averages(domain, pieces) for domain, pieces in domains.items())]


def _averages(domain: AuditDomain | None, pieces: Sequence[ReportedPiece]) -> Averages:
    grades = {criterion: average(pieces, criterion) for criterion in Criterion}
    return Averages(domain, piece_figures(pieces), grades)


def newest(audit: AuditView) -> ReportView | None:
    """The newest version of the report's files."""
    return max(audit.reports, key=lambda one: one.version, default=None)


def is_fresh(session: Session, case: Case, house: House) -> bool:
    """Whether the newest files say what the audit says now, and were not sent back."""
    known = audit_queries.audit(session, case, house.book)
    if known.report is None or (known.refused is not None and known.report.version <= known.refused):
        return False
    return known.report.content_hash == known.content_hash


def since_sent_back(session: Session, case: Case) -> Since | None:
    """What changed since the last version was sent back; None for a first version."""
    lines = journal_page(session, case, 0, _MOST_LINES).lines
    back = max((place for place, line in enumerate(lines) if line.event == "ReportSentBack"), default=None)
    if back is None:
        return None
    told = lines[back]
    since = Since(told.actor, _word(told, "reason"), int(told.facts["version"]))
    since.changes = _changes(_standing(lines[:back]), _standing(lines))
    since.strengths = [
        ("added", _word(line, "words") or "")
        if line.event == "StrengthAdded"
        else ("dropped", str(line.facts["number"]))
        for line in lines[back:]
        if line.event in {"StrengthAdded", "StrengthDropped"}
    ]
    since.graded = sorted({line.facts["piece"] for line in lines[back:] if line.event == "AnalysisNoted"})
    return since


def _standing(lines: Iterable[JournalEntry]) -> dict[int, Recommended]:
    """Number → what each recommendation that stands said after these lines."""
    found: dict[int, Recommended] = {}
    for line in lines:
        if line.event in {"RecommendationAdded", "RecommendationChanged"}:
            found[line.facts["number"]] = _recommended(line)
        elif line.event == "RecommendationDropped":
            found.pop(line.facts["number"], None)
    return found


def _recommended(line: JournalEntry) -> Recommended:
    facts: Mapping[str, Any] = line.facts
    return Recommended(
        facts["risk"], str(facts["expected_on"]), _word(line, "words") or "", _word(line, "comment") or ""
    )


def _changes(before: Mapping[int, Recommended], after: Mapping[int, Recommended]) -> list[Change]:
    changed = []
    for number in sorted(before.keys() | after.keys()):
        was, now = before.get(number), after.get(number)
        if was == now:
            continue
        kind = "added" if was is None else "dropped" if now is None else "changed"
        changed.append(Change(kind, number, was, now, _marked(was, now)))
    return changed


def _marked(was: Recommended | None, now: Recommended | None) -> Markup:
    shown = now or was
    assert shown is not None
    return difference(was.words, now.words) if was and now else difference(shown.words, shown.words)


def _word(line: JournalEntry, name: str) -> str | None:
    found = (line.words or {}).get(name)
    return str(found) if found else None
