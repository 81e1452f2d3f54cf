"""The report as a document: a title page, a summary, strengths, recommendations, what is missing, the grid, the annex.

Here is what it says; how it looks is `templates/reports/audit/report.typ`.

Source: procedures, section 3 step 4
"""

from typing import Any

from domain.audit.edition import ordered
from domain.audit.figures import average, by_domain, piece_figures
from domain.audit.report import AuditReport, ReportedPiece, ReportedRecommendation, ReportedStrength
from domain.audit.words import AuditDomain, Criterion, Grade
from domain.risk import RiskLevel
from letters.paper import on_paper
from reports.audit.reading import NOTHING, Reading

LAYOUT = "reports/audit/report.typ"
Part = dict[str, Any]


def document(reading: Reading) -> bytes:
    """The PDF, archivable and accessible, dated by what it says."""
    return on_paper(LAYOUT, {"report": view(reading)}, reading.dated)


def view(reading: Reading) -> Part:
    """All that the layout shows, as JSON: strings that are already set in the language."""
    report, words = reading.report, reading.words
    return {
        "language": words.language,
        "dated": reading.dated.isoformat(),
        "reference": words.line(report.reference),
        "insurer": words.line(report.insurer),
        "mark": reading.mark,
        "words": _frame(reading),
        "title": _title(reading),
        "summary": _summary(reading),
        "strengths": _strengths(reading),
        "recommendations": _recommendations(reading),
        "carried": _carried(reading),
        "missing": [_missing(reading, piece) for piece in report.missing],
        "grid": _grid(reading),
        "annex": _annex(reading),
    }


def _frame(reading: Reading) -> dict[str, str]:
    """The words that the layout itself puts around things, by the names that it calls them."""
    return {name: reading.words.say(sentence) for name, sentence in FRAME.items()}


FRAME = {
    "page": "Page",
    "contents": "Contents",
    "summary": "Summary",
    "pieces_asked": "Pieces asked for",
    "risks": "Recommendations by risk",
    "averages": "Average grade by domain",
    "averages_note": "From 0 to 3; what does not apply counts for nothing.",
    "strengths": "Strengths of the delegate’s management",
    "no_strength": "The auditors name no strength.",
    "recommendations": "Recommendations",
    "no_recommendation": "The auditors make no recommendation.",
    "at_a_glance": "At a glance",
    "carried": "Findings carried over from earlier audits",
    "missing": "Missing pieces",
    "missing_note": "Each piece that was not delivered becomes a finding at the restitution.",
    "no_missing": "Every piece that was asked for was delivered.",
    "grid": "Analysis grid",
    "grid_note": "Each piece that was delivered is graded on four criteria.",
    "no_pieces": "No piece was asked for.",
    "annex": "Annex: pieces and their files",
    "annex_note": "For each piece, what it was checked for, and the files that came with the SHA-256 of their bytes.",
    "files": "Files",
    "no_file": "No file came.",
    "number": "No.",
    "subject": "Subject",
    "risk": "Risk",
    "expected": "Expected on",
    "due": "Due on",
    "domain": "Domain",
    "piece": "Piece",
    "checked_for": "Checked for",
    "reference": "Reference",
    "count": "Count",
    "validated_by": "Validated by",
    "validated_at": "On",
    "validated_hash": "SHA-256 of the document that was validated",
    "content_hash": "SHA-256 of the content",
    "conflict": "Conflict of interest",
}


def _title(reading: Reading) -> Part:
    report, words = reading.report, reading.words
    facts = {
        words.say("Delegate"): f"{words.line(report.delegate_name)} ({words.line(report.delegate_code)})",
        words.say("Contracts"): reading.contracts,
        words.say("Scope"): reading.scope,
        words.say("Auditors"): reading.auditors,
        words.say("Launch meeting"): reading.day(report.launched_on),
        words.say("Pieces due on"): reading.day(report.delivery_due_on),
        words.say("Delivery ended on"): reading.day(report.delivery_ended_on),
        words.say("List of pieces"): words.say("version {version}", version=words.line(report.catalogue)),
    }
    return {
        "document": reading.title,
        "heading": words.say("Audit report"),
        "year": str(report.year),
        "delegate": words.line(report.delegate_name),
        "facts": list(facts.items()),
        "conflict": reading.conflict,
        "validations": [
            {"name": words.line(one.name), "at": words.instant(one.at, reading.edition.zone), "sha256": one.sha256}
            for one in reading.edition.validations
        ],
        "content_hash": report.content_hash,
    }


def _summary(reading: Reading) -> Part:
    report, words = reading.report, reading.words
    figures = piece_figures(report.pieces)
    tiles = {
        words.say_many("piece asked for", "pieces asked for", figures.asked): figures.asked,
        words.say_many("piece delivered in time", "pieces delivered in time", figures.in_time): figures.in_time,
        words.say_many("piece delivered late", "pieces delivered late", figures.late): figures.late,
        words.say_many("piece not delivered at all", "pieces not delivered at all", figures.missing): figures.missing,
    }
    return {
        "opening": _opening(reading),
        "tiles": [[label, words.number(count)] for label, count in tiles.items()],
        "risks": [
            {**_level(reading, level), "count": len(found), "shown": words.number(len(found))}
            for level, found in report.by_risk.items()
        ],
        "criteria": [words.title(one) for one in Criterion],
        "averages": [
            [words.title(domain), *(_average(reading, pieces, one) for one in Criterion)]
            for domain, pieces in by_domain(report).items()
        ],
    }


def _opening(reading: Reading) -> str:
    """The audit in two sentences."""
    report, words = reading.report, reading.words
    figures = piece_figures(report.pieces)
    came = words.say(
        "{came} of {asked} came.",
        came=words.say_many("{count} piece", "{count} pieces", figures.delivered),
        asked=words.number(figures.asked),
    )
    made = words.say_many(
        "The auditors make {count} recommendation.",
        "The auditors make {count} recommendations.",
        len(report.recommendations),
    )
    grave = sum(one.risk in RiskLevel.grave() for one in report.recommendations)
    told = words.say_many("{count} is of high or major risk.", "{count} are of high or major risk.", grave)
    return " ".join((came, made, told) if grave else (came, made))


def _average(reading: Reading, pieces: tuple[ReportedPiece, ...], criterion: Criterion) -> str:
    found = average(pieces, criterion)
    return NOTHING if found is None else reading.words.number(found)


def _level(reading: Reading, level: RiskLevel) -> Part:
    return {"height": level.height, "risk": reading.words.title(level)}


def _strengths(reading: Reading) -> list[Part]:
    """The strengths of each domain, those of all of them first."""
    words = reading.words
    return [
        {
            "title": words.title(domain) if domain else words.say("In general"),
            "items": [words.typed(one.words) for one in found],
        }
        for domain in (None, *AuditDomain)
        if (found := _of_domain(reading.report, domain))
    ]


def _of_domain(report: AuditReport, domain: AuditDomain | None) -> list[ReportedStrength]:
    return [one for one in report.strengths if one.domain is domain]


def _recommendations(reading: Reading) -> Part:
    report, words = reading.report, reading.words
    return {
        "glance": [_glance(reading, one) for one in ordered(report)],
        "levels": [
            {
                **_level(reading, level),
                "heading": words.say("Risk: {risk}", risk=words.label(level)),
                "items": [_card(reading, one) for one in found],
            }
            for level, found in report.by_risk.items()
            if found
        ],
    }


def _glance(reading: Reading, one: ReportedRecommendation) -> Part:
    domain = reading.domain_of(one)
    return {
        **_level(reading, one.risk),
        "number": str(one.number),
        "subject": reading.subject(one),
        "domain": reading.words.title(domain) if domain else NOTHING,
        "expected": reading.short_day(one.expected_on),
    }


def _card(reading: Reading, one: ReportedRecommendation) -> Part:
    words, piece = reading.words, reading.piece_of(one)
    facts = {
        words.say("Piece"): reading.piece_name(piece) if piece else "",
        words.say("Contract"): one.contract or "",
        words.say("Expected on"): words.day(one.expected_on),
        words.say("Comment"): words.typed(one.comment),
        **_what_followed(reading, one),
    }
    return {
        **_level(reading, one.risk),
        "number": str(one.number),
        "subject": reading.subject(one),
        "words": words.typed(one.words),
        "facts": [[label, said] for label, said in facts.items() if said],
    }


def _what_followed(reading: Reading, one: ReportedRecommendation) -> dict[str, str]:
    """The delegate's answer, what was ruled, what was agreed on, the finding: once they are there."""
    words = reading.words
    answer, finding = reading.edition.answer_to(one.number), reading.edition.finding_of(one.number)
    return {
        words.say("Delegate’s answer"): reading.answer(answer) if answer else "",
        words.say("Ruling"): reading.ruling(answer) if answer else "",
        words.say("Agreed on"): words.day(answer.due_on) if answer and answer.due_on else "",
        words.say("Finding"): f"{words.line(finding.reference)}, {reading.both(finding.state)}" if finding else "",
    }


def _carried(reading: Reading) -> list[Part]:
    return [
        {
            **_level(reading, one.risk),
            "reference": reading.words.line(one.reference),
            "subject": reading.words.line(one.subject),
            "due": reading.short_day(one.due_on),
        }
        for one in reading.report.carried
    ]


def _missing(reading: Reading, piece: ReportedPiece) -> Part:
    return {**_named(reading, piece), "domain": reading.words.title(piece.domain)}


def _named(reading: Reading, piece: ReportedPiece) -> Part:
    return {
        "number": str(piece.number),
        "label": reading.both(piece.label),
        "checked_for": reading.both(piece.checked_for),
        "comment": reading.words.typed(piece.comment),
    }


def _grid(reading: Reading) -> Part:
    words = reading.words
    return {
        "criteria": [words.title(one) for one in Criterion],
        "legend": [[_shown(grade), words.label(grade), _height(grade)] for grade in Grade],
        "domains": [
            {
                "title": words.title(domain),
                "rows": [{**_named(reading, piece), "grades": _grades(reading, piece)} for piece in pieces],
            }
            for domain, pieces in by_domain(reading.report).items()
        ],
        "not_delivered": words.say("not delivered"),
    }


def _grades(reading: Reading, piece: ReportedPiece) -> list[Part] | None:
    """The four grades; None for a piece that did not come."""
    if not piece.delivered:
        return None
    found = [reading.grade(piece, criterion) for criterion in Criterion]
    return [{"shown": _shown(one) if one else NOTHING, "height": _height(one) if one else -1} for one in found]


def _shown(grade: Grade) -> str:
    return NOTHING if grade is Grade.NOT_APPLICABLE else grade.value


def _height(grade: Grade) -> int:
    """0 to 3, or -1 for what has no grade."""
    return -1 if grade is Grade.NOT_APPLICABLE else int(grade)


def _annex(reading: Reading) -> list[Part]:
    return [
        {"title": reading.words.title(domain), "rows": [_annexed(reading, piece) for piece in pieces]}
        for domain, pieces in by_domain(reading.report).items()
    ]


def _annexed(reading: Reading, piece: ReportedPiece) -> Part:
    words = reading.words
    return {
        **_named(reading, piece),
        "delivery": reading.delivery(piece),
        "files": [
            {
                "told": words.say(
                    "Version {version}, {day}", version=words.number(one.version), day=words.day(one.delivered_on)
                ),
                "late": words.say("late") if one.late else "",
                "name": words.line(one.name),
                "sha256": one.sha256,
            }
            for one in piece.files
        ],
    }
