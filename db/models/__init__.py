"""The register's tables."""

from db.models.administration import AdministrationLine, ExaminationRow
from db.models.audit import (
    AuditApprovalRow,
    AuditDateRow,
    AuditFileRow,
    AuditFindingRow,
    AuditGradesRow,
    AuditMeetingRow,
    AuditPieceRow,
    AuditRecommendationRow,
    AuditReportRow,
    AuditRow,
    AuditStrengthRow,
)
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
from db.models.delegate import DelegateRow
from db.models.draft import Draft
from db.models.finding import (
    FindingApproval,
    FindingEvidence,
    FindingPlan,
    FindingRequest,
    FindingRound,
    FindingRow,
)
from db.models.journal import Checkpoint, CheckpointHead, JournalLine, KeptKey
from db.models.letter import LetterRow, PostDay
from db.models.payment import BankReportRow, InstructionRow, LeftOutRow, PaymentRow, ReleaseRow
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
    "AuditApprovalRow",
    "AuditDateRow",
    "AuditFileRow",
    "AuditFindingRow",
    "AuditGradesRow",
    "AuditMeetingRow",
    "AuditPieceRow",
    "AuditRecommendationRow",
    "AuditReportRow",
    "AuditRow",
    "AuditStrengthRow",
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
    "Contract",
    "ContractRights",
    "Contribution",
    "DeadlineRow",
    "DelegateRow",
    "DigestLine",
    "DocumentRequest",
    "Draft",
    "ExaminationRow",
    "FindingApproval",
    "FindingEvidence",
    "FindingPlan",
    "FindingRequest",
    "FindingRound",
    "FindingRow",
    "GuaranteeLine",
    "Import",
    "ImportRefusal",
    "InstructionRow",
    "JournalLine",
    "KeptKey",
    "KeptSearch",
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
    "SentBack",
    "SignInCount",
    "StaffIban",
    "StaffMember",
    "StaffMessage",
    "TaskRow",
    "Token",
]
