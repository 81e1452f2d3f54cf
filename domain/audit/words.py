"""The small vocabularies of an audit: English identifier, French label.

Source: procedures, section 3
"""

from enum import StrEnum
from typing import Self


class AuditDomain(StrEnum):
    """What a delegate manages for the insurer; an audit looks at one, two or all three. Source: Memo"""

    MEMBERSHIPS = "memberships"
    CONTRIBUTIONS = "contributions"
    BENEFITS = "benefits"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _DOMAINS[self]


class AuditTask(StrEnum):
    """What people are asked to do on an audit."""

    HOLD_LAUNCH_MEETING = "hold_launch_meeting"
    DELIVER_PIECES = "deliver_pieces"
    ANALYSE = "analyse_pieces"
    WRITE_REPORT = "write_report"
    VALIDATE_REPORT = "validate_report"
    ANSWER_FINDINGS = "answer_findings"
    ARBITRATE = "arbitrate"
    AGREE_SCHEDULE = "agree_schedule"
    APPROVE_SCHEDULE = "approve_schedule"
    HOLD_FOLLOW_UP = "hold_follow_up"
    CARRY_OVER = "carry_over"
    UNBLOCK = "unblock"

    @classmethod
    def of_delegate(cls) -> frozenset[Self]:
        """What a delegate's people are asked for."""
        return frozenset({cls.DELIVER_PIECES, cls.ANSWER_FINDINGS})

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASKS[self]


class AuditDeadline(StrEnum):
    """By when the steps of an audit are done."""

    LAUNCH = "launch"
    DELIVERY = "delivery"
    REPORT = "report"
    RESTITUTION = "restitution"
    FOLLOW_UP = "follow_up"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _DEADLINES[self]


class Meeting(StrEnum):
    """The meetings of an audit: each has an invitation for the calendar. Source: Memo"""

    LAUNCH = "launch"
    RESTITUTION = "restitution"
    FOLLOW_UP = "follow_up"

    @property
    def label(self) -> str:
        """The French words shown on pages and in invitations."""
        return _MEETINGS[self]


class Criterion(StrEnum):
    """What each piece is looked at for. Source: Memo"""

    CONFORMITY = "conformity"
    UP_TO_DATE = "up_to_date"
    RELEVANCE = "relevance"
    PRESENTATION = "presentation"

    @property
    def label(self) -> str:
        """The French words shown in the analysis grid."""
        return _CRITERIA[self]


class Grade(StrEnum):
    """How a piece meets a criterion: 0 to 3, or it does not apply. Source: policy"""

    NOT_MET = "0"
    PARTLY_MET = "1"
    MOSTLY_MET = "2"
    MET = "3"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The French words shown in the analysis grid."""
        return _GRADES[self]


class Reply(StrEnum):
    """What a delegate answers to a recommendation. Source: Memo"""

    ACCEPT = "accept"
    DISPUTE = "dispute"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _REPLIES[self]


class Ruling(StrEnum):
    """What becomes of a disputed recommendation. Source: policy"""

    MAINTAIN = "maintain"
    LOWER = "lower"
    DROP = "drop"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _RULINGS[self]


class OpenFindings(StrEnum):
    """What becomes of the open findings of an audit that is cancelled. Source: policy"""

    KEEP = "keep"
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _OPEN_FINDINGS[self]


class AuditAddressee(StrEnum):
    """Whom a reminder of an audit speaks to. Source: procedures, section 3 step 2"""

    DELEGATE_USER = "delegate_user"
    DELEGATE_DIRECTOR = "delegate_director"
    AUDITOR = "auditor"
    INTERNAL_CONTROL = "internal_control"
    OPERATIONS_DIRECTOR = "operations_director"
    GENERAL_DIRECTOR = "general_director"


_DOMAINS = {
    AuditDomain.MEMBERSHIPS: "adhésions",
    AuditDomain.CONTRIBUTIONS: "cotisations",
    AuditDomain.BENEFITS: "prestations",
}
_TASKS = {
    AuditTask.HOLD_LAUNCH_MEETING: "Tenir la réunion de lancement",
    AuditTask.DELIVER_PIECES: "Remettre les pièces de l’audit",
    AuditTask.ANALYSE: "Analyser les pièces",
    AuditTask.WRITE_REPORT: "Rédiger le rapport d’audit",
    AuditTask.VALIDATE_REPORT: "Valider le rapport d’audit",
    AuditTask.ANSWER_FINDINGS: "Répondre aux recommandations",
    AuditTask.ARBITRATE: "Arbitrer les recommandations contestées",
    AuditTask.AGREE_SCHEDULE: "Convenir du calendrier",
    AuditTask.APPROVE_SCHEDULE: "Valider des dates au-delà du délai du risque",
    AuditTask.HOLD_FOLLOW_UP: "Tenir la réunion de suivi",
    AuditTask.CARRY_OVER: "Reporter les constats sur l’audit suivant",
    AuditTask.UNBLOCK: "Trouver qui peut faire une tâche",
}
_DEADLINES = {
    AuditDeadline.LAUNCH: "réunion de lancement",
    AuditDeadline.DELIVERY: "remise des pièces",
    AuditDeadline.REPORT: "rapport d’audit",
    AuditDeadline.RESTITUTION: "réunion de restitution",
    AuditDeadline.FOLLOW_UP: "réunion de suivi",
}
_MEETINGS = {
    Meeting.LAUNCH: "réunion de lancement",
    Meeting.RESTITUTION: "réunion de restitution",
    Meeting.FOLLOW_UP: "réunion de suivi",
}
_CRITERIA = {
    Criterion.CONFORMITY: "conformité",
    Criterion.UP_TO_DATE: "mise à jour",
    Criterion.RELEVANCE: "pertinence",
    Criterion.PRESENTATION: "présentation",
}
_GRADES = {
    Grade.NOT_MET: "non satisfait",
    Grade.PARTLY_MET: "en partie",
    Grade.MOSTLY_MET: "pour l’essentiel",
    Grade.MET: "satisfait",
    Grade.NOT_APPLICABLE: "sans objet",
}
_REPLIES = {Reply.ACCEPT: "accepte", Reply.DISPUTE: "conteste"}
_RULINGS = {Ruling.MAINTAIN: "maintenue", Ruling.LOWER: "abaissée", Ruling.DROP: "abandonnée"}
_OPEN_FINDINGS = {OpenFindings.KEEP: "conservés", OpenFindings.CANCEL: "annulés"}
