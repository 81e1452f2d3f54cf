"""A report as it is read in one language: what document and workbook say alike.

Source: procedures, section 3 steps 4 and 5
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.audit.edition import DelegateAnswer, Edition
from domain.audit.report import AuditReport, BothLanguages, ReportedPiece, ReportedRecommendation
from domain.audit.words import AuditDomain, Criterion, Grade
from domain.civil import local_date
from reports.words import Words, capital

NOTHING = "–"
"""Where there is nothing to say: an empty cell would look like one that was forgotten."""


@dataclass(frozen=True)
class Reading:
    """A report, what is known beside it, and the words in which both are told."""

    report: AuditReport
    edition: Edition
    words: Words

    @cached_property
    def _pieces(self) -> dict[str, ReportedPiece]:
        return {piece.id: piece for piece in self.report.pieces}

    @property
    def mark(self) -> str | None:
        """What every page says until both validators have let it go."""
        return None if self.edition.validated else self.words.say("DRAFT – not validated")

    @property
    def title(self) -> str:
        """What the report is called: "Rapport d’audit 2026 – Armor Gestion"."""
        return self.words.say(
            "Audit report {year} – {delegate}",
            year=self.report.year,
            delegate=self.words.line(self.report.delegate_name),
        )

    @property
    def dated(self) -> date:
        """The day that the files carry: of the last validation, or the last day that the report itself knows."""
        if self.edition.validations:
            return local_date(max(one.at for one in self.edition.validations), self.edition.zone)
        known = (self.report.delivery_ended_on, self.report.delivery_due_on, self.report.launched_on)
        return next((day for day in known if day), date(self.report.year, 1, 1))

    @property
    def scope(self) -> str:
        """The domains that the audit looks at."""
        return self.words.listed(self.report.themes)

    @property
    def auditors(self) -> str:
        """Whoever wrote it."""
        return ", ".join(map(self.words.line, self.report.auditors)) or NOTHING

    @property
    def contracts(self) -> str:
        """The contracts that the audit is about."""
        return ", ".join(map(self.words.line, self.report.contracts)) or NOTHING

    @property
    def conflict(self) -> str | None:
        """The conflict of interest, where there is one. Source: Memo"""
        if not self.report.conflict_of_interest:
            return None
        return self.words.say(
            "{delegate} is also the broker of the contract: it manages what it has sold. The auditors have taken this "
            "conflict of interest into account.",
            delegate=self.words.line(self.report.delegate_name),
        )

    def day(self, day: date | None) -> str:
        """A day, or that there is none."""
        return self.words.day(day) if day else NOTHING

    def short_day(self, day: date | None) -> str:
        """A day in figures, or that there is none."""
        return self.words.short_day(day) if day else NOTHING

    def both(self, said: BothLanguages) -> str:
        """What is said in both languages, in this one."""
        return self.words.line(said.fr if self.words.language == "fr" else said.en)

    def piece_of(self, recommendation: ReportedRecommendation) -> ReportedPiece | None:
        """The piece that it is about; None where it is about none, or about one that was not asked for."""
        return self._pieces.get(recommendation.piece or "")

    def piece_name(self, piece: ReportedPiece) -> str:
        """A piece with its number: "7. Procédure d’adhésion"."""
        return f"{piece.number}. {self.both(piece.label)}"

    def domain_of(self, recommendation: ReportedRecommendation) -> AuditDomain | None:
        """The domain of its piece; the audit's, where that has only one."""
        if piece := self.piece_of(recommendation):
            return piece.domain
        return self.report.themes[0] if len(self.report.themes) == 1 else None

    def subject(self, recommendation: ReportedRecommendation) -> str:
        """What it is about: its own subject, or its piece's name."""
        if own := self.words.line(recommendation.subject):
            return own
        piece = self.piece_of(recommendation)
        return self.both(piece.label) if piece else self.words.say("Management as a whole")

    def owner(self, recommendation: ReportedRecommendation) -> str:
        """Whoever has to put it right: the owner of its finding, or the delegate."""
        finding = self.edition.finding_of(recommendation.number)
        return self.words.line(finding.owner if finding else self.report.delegate_name)

    def state(self, recommendation: ReportedRecommendation) -> str:
        """Where it stands: that of its finding, what was ruled, what was answered, or what the report is."""
        answer = self.edition.answer_to(recommendation.number)
        if finding := self.edition.finding_of(recommendation.number):
            return self.both(finding.state)
        if answer:
            said = answer.ruling or answer.reply
            return self.words.label(said) if said else self.words.say("not answered")
        return self.words.say("validated") if self.edition.validated else self.words.say("draft")

    def due_on(self, recommendation: ReportedRecommendation) -> date:
        """By when: the day that was agreed on, or the one that the auditors expect."""
        answer = self.edition.answer_to(recommendation.number)
        return (answer and answer.due_on) or recommendation.expected_on

    def answer(self, answer: DelegateAnswer) -> str:
        """What the delegate says, in a sentence or two."""
        if answer.reply is None:
            return self.words.say("Not answered in time: neither accepted nor disputed")
        said = capital(self.words.label(answer.reply))
        proposed = (
            self.words.say("proposes {day}", day=self.words.day(answer.proposed_on)) if answer.proposed_on else ""
        )
        return "\n".join(filter(None, (", ".join(filter(None, (said, proposed))), self.words.typed(answer.argument))))

    def ruling(self, answer: DelegateAnswer) -> str:
        """What was decided on a disputed recommendation, and why."""
        if not answer.ruling:
            return ""
        said = capital(self.words.label(answer.ruling))
        level = self.words.say("risk: {risk}", risk=self.words.label(answer.ruled_risk)) if answer.ruled_risk else ""
        return "\n".join(filter(None, (", ".join(filter(None, (said, level))), self.words.typed(answer.ruled_because))))

    def delivery(self, piece: ReportedPiece) -> str:
        """Whether a piece came, and whether in time."""
        if not piece.delivered:
            return self.words.say("missing")
        return self.words.say("late") if piece.late else self.words.say("in time")

    def grade(self, piece: ReportedPiece, criterion: Criterion) -> Grade | None:
        """How a piece meets a criterion; None where it was not graded."""
        return (piece.grades or {}).get(criterion)
