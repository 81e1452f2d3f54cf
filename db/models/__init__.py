"""The register's tables."""

from db.models.administration import AdministrationLine, ExaminationRow
from db.models.base import Base
from db.models.case import CalendarDay, Case, CommandRow, DeadlineRow, TaskRow
from db.models.claim import (
    ClaimApproval,
    ClaimDecision,
    ClaimDocument,
    ClaimRow,
    ClaimSample,
    ClaimSentBack,
    DocumentRequest,
    Pause,
)
from db.models.complaint import AnswerVersionRow, Approval, ComplaintRow, ComplaintWords, SentBack
from db.models.draft import Draft
from db.models.journal import Checkpoint, CheckpointHead, JournalLine, KeptKey
from db.models.letter import LetterRow, PostDay
from db.models.payment import (
    BankReportRow,
    ConclusionRow,
    InstructionRow,
    LayingRow,
    LeftOutRow,
    PaymentRow,
    ReleaseRow,
    SecondLook,
)
from db.models.people import Absence, Member, StaffMember
from db.models.reference import (
    Beneficiary,
    Contract,
    ContractRights,
    Contribution,
    GuaranteeLine,
    Import,
    ImportRefusal,
    MemberIban,
    Provider,
    ReferenceChange,
    StaffIban,
)
from db.models.reminder import Canary, DigestLine, Reminder, StaffMessage
from db.models.search import KeptSearch
from db.models.sign_in import SignInCount, Token

__all__ = [
    "Absence",
    "AdministrationLine",
    "AnswerVersionRow",
    "Approval",
    "BankReportRow",
    "Base",
    "Beneficiary",
    "CalendarDay",
    "Canary",
    "Case",
    "Checkpoint",
    "CheckpointHead",
    "ClaimApproval",
    "ClaimDecision",
    "ClaimDocument",
    "ClaimRow",
    "ClaimSample",
    "ClaimSentBack",
    "CommandRow",
    "ComplaintRow",
    "ComplaintWords",
    "ConclusionRow",
    "Contract",
    "ContractRights",
    "Contribution",
    "DeadlineRow",
    "DigestLine",
    "DocumentRequest",
    "Draft",
    "ExaminationRow",
    "GuaranteeLine",
    "Import",
    "ImportRefusal",
    "InstructionRow",
    "JournalLine",
    "KeptKey",
    "KeptSearch",
    "LayingRow",
    "LeftOutRow",
    "LetterRow",
    "Member",
    "MemberIban",
    "Pause",
    "PaymentRow",
    "PostDay",
    "Provider",
    "ReferenceChange",
    "ReleaseRow",
    "Reminder",
    "SecondLook",
    "SentBack",
    "SignInCount",
    "StaffIban",
    "StaffMember",
    "StaffMessage",
    "TaskRow",
    "Token",
]
