"""The register's tables."""

from db.models.base import Base
from db.models.case import CalendarDay, Case, CommandRow, DeadlineRow, JournalLine, TaskRow
from db.models.complaint import AnswerVersionRow, Approval, ComplaintRow, SentBack
from db.models.letter import LetterRow, PostDay
from db.models.people import Absence, Member, StaffMember, Token
from db.models.reminder import Canary, DigestLine, Reminder, StaffMessage

__all__ = [
    "Absence",
    "AnswerVersionRow",
    "Approval",
    "Base",
    "CalendarDay",
    "Canary",
    "Case",
    "CommandRow",
    "ComplaintRow",
    "DeadlineRow",
    "DigestLine",
    "JournalLine",
    "LetterRow",
    "Member",
    "PostDay",
    "Reminder",
    "SentBack",
    "StaffMember",
    "StaffMessage",
    "TaskRow",
    "Token",
]
