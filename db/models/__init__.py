"""The register's tables."""

from db.models.base import Base
from db.models.case import CalendarDay, Case, CommandRow, DeadlineRow, JournalLine, TaskRow
from db.models.complaint import AnswerVersionRow, Approval, ComplaintRow, SentBack
from db.models.letter import LetterRow, PostDay
from db.models.people import Absence, Member, StaffMember, Token

__all__ = [
    "Absence",
    "AnswerVersionRow",
    "Approval",
    "Base",
    "CalendarDay",
    "Case",
    "CommandRow",
    "ComplaintRow",
    "DeadlineRow",
    "JournalLine",
    "LetterRow",
    "Member",
    "PostDay",
    "SentBack",
    "StaffMember",
    "TaskRow",
    "Token",
]
