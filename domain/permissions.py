"""Who may do what: one table, used by the API, the pages and the handlers. What is not in it is denied."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from domain.people import Actor
from domain.refusals import FourEyes, PasswordProvisional, RoleMissing
from domain.roles import OF_A_DELEGATE, Role


class Action(StrEnum):
    """What a person can ask of the system. What they may do on one task, the task says (`domain.tasks`)."""

    ENTER_COMPLAINT = "enter_complaint"
    READ_CASES = "read_cases"
    READ_JOURNAL = "read_journal"
    DO_TASKS = "do_tasks"
    READ_CASE = "read_case"
    READ_FILE = "read_file"
    READ_OWN_COMMANDS = "read_own_commands"
    REQUALIFY = "requalify"
    REASSIGN = "reassign"
    SEND_HOLDING_LETTER = "send_holding_letter"
    RECORD_ABSENCE = "record_absence"
    READ_ABSENCES = "read_absences"
    READ_PEOPLE = "read_people"
    MANAGE_PEOPLE = "manage_people"
    READ_ADMINISTRATION = "read_administration"
    EXAMINE = "examine"
    READ_BOARD = "read_board"
    REASSIGN_MANY = "reassign_many"
    BUILD_PAYMENT = "build_payment"
    READ_PAYMENTS = "read_payments"
    READ_BANK_FILE = "read_bank_file"
    READ_STATUS_REPORT = "read_status_report"
    CONCLUDE_PAYMENT = "conclude_payment"
    STOP_PAYMENT = "stop_payment"
    ENTER_CLAIM = "enter_claim"
    ADD_DOCUMENT = "add_document"
    STOP_WAITING = "stop_waiting"
    IMPORT_REFERENCE = "import_reference"
    IMPORT_CLAIMS = "import_claims"
    CHANGE_IBAN = "change_iban"
    OPEN_FINDING = "open_finding"
    READ_FINDINGS = "read_findings"
    ADD_EVIDENCE = "add_evidence"
    REQUEST_POSTPONEMENT = "request_postponement"
    REQUEST_RISK_ACCEPTANCE = "request_risk_acceptance"
    WITHDRAW_REQUEST = "withdraw_request"
    CANCEL_FINDING = "cancel_finding"
    READ_DELEGATE_SPACE = "read_delegate_space"
    ANSWER_AS_DELEGATE = "answer_as_delegate"
    PLAN_AUDIT = "plan_audit"
    READ_AUDITS = "read_audits"
    DELIVER_PIECE = "deliver_piece"
    END_DELIVERY = "end_delivery"
    END_ANSWERS = "end_answers"
    WRITE_AUDIT = "write_audit"
    FIX_MEETING = "fix_meeting"
    CANCEL_AUDIT = "cancel_audit"
    PROPOSE_OPERATION = "propose_operation"
    READ_OPERATIONS = "read_operations"
    REPLAN_OPERATION = "replan_operation"
    CANCEL_OPERATION = "cancel_operation"
    STOP_OPERATION = "stop_operation"
    ADD_SESSIONS = "add_sessions"
    DISPATCH_CASES = "dispatch_cases"
    CORRECT_ATTENDANCE = "correct_attendance"
    REQUEST_EXTENSION = "request_extension"
    PREPARE_PAY = "prepare_pay"
    PROPOSE_MESSAGE = "propose_message"
    READ_PAY = "read_pay"
    MANAGE_VOLUNTEERS = "manage_volunteers"
    SIGN_UP = "sign_up"
    READ_FIGURES = "read_figures"
    ENTER_FIGURES = "enter_figures"
    KEEP_ACTIVITIES = "keep_activities"
    TAKE_NOTE_OF_ALERT = "take_note_of_alert"


_WORKING_ON_CASES = frozenset(
    {
        Role.HANDLER,
        Role.EXPERT_HANDLER,
        Role.TECHNICAL_REFERENT,
        Role.POLE_MANAGER,
        Role.LEGAL,
        Role.OPERATIONS_DIRECTOR,
        Role.GENERAL_DIRECTOR,
        Role.ACCOUNTING,
    }
)
_READING = _WORKING_ON_CASES | {Role.INTERNAL_CONTROL, Role.PROCESS_PILOT}
_MANAGING = frozenset(
    {
        Role.POLE_MANAGER,
        Role.TECHNICAL_REFERENT,
        Role.OPERATIONS_DIRECTOR,
        Role.GENERAL_DIRECTOR,
        Role.PROCESS_PILOT,
        Role.INTERNAL_CONTROL,
    }
)
"""Who answers for the work of others, or controls it; the technical referents stand in for the managers."""
_IN_CHARGE = frozenset({Role.HANDLER, Role.EXPERT_HANDLER, Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR})
_PLANNING = frozenset({Role.ADMINISTRATOR, Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR})
_ADMINISTERING = frozenset({Role.ADMINISTRATOR})
_OVERSEEING = _ADMINISTERING | {Role.INTERNAL_CONTROL}
_PAYING = frozenset({Role.ACCOUNTING})
_FOLLOWING_MONEY = _PAYING | {
    *(Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR, Role.INTERNAL_CONTROL, Role.PROCESS_PILOT),
}
"""Who pays, releases, or watches over payments; handlers see what is paid on their own cases."""
_AUDITING = frozenset({Role.AUDITOR})
_FOLLOWING_AUDITS = _AUDITING | {
    *(Role.INTERNAL_CONTROL, Role.PROCESS_PILOT, Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR),
}
"""Who audits delegates, validates, arbitrates, or answers for what is delegated."""
_DIRECTING = frozenset({Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR})
_PLANNING_OPERATIONS = frozenset({Role.POLE_MANAGER, Role.PROCESS_PILOT, Role.OPERATIONS_DIRECTOR})
_RUNNING_SESSIONS = frozenset({Role.POLE_MANAGER, Role.TECHNICAL_REFERENT, Role.OPERATIONS_DIRECTOR})
_OF_THE_INSURER = frozenset(Role) - OF_A_DELEGATE
"""Whoever works here can be a volunteer, from whatever department."""
_DOING = _WORKING_ON_CASES | _AUDITING | {Role.PROCESS_PILOT, Role.INTERNAL_CONTROL}
"""Whoever can be asked to do something; what each may do, the task says."""

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.ENTER_COMPLAINT: frozenset({Role.HANDLER, Role.EXPERT_HANDLER, Role.TECHNICAL_REFERENT, Role.POLE_MANAGER}),
    Action.READ_CASES: _READING,
    Action.READ_JOURNAL: _READING | _AUDITING,
    Action.DO_TASKS: _DOING,
    Action.READ_CASE: _READING | _AUDITING,
    Action.READ_FILE: _READING,
    Action.READ_OWN_COMMANDS: _READING | _DOING,
    Action.REQUALIFY: _IN_CHARGE,
    Action.REASSIGN: _IN_CHARGE,
    Action.SEND_HOLDING_LETTER: _IN_CHARGE,
    Action.RECORD_ABSENCE: _PLANNING,
    Action.READ_ABSENCES: _PLANNING | _OVERSEEING,
    Action.READ_PEOPLE: _OVERSEEING,
    Action.MANAGE_PEOPLE: _ADMINISTERING,
    Action.READ_ADMINISTRATION: _OVERSEEING,
    Action.EXAMINE: _ADMINISTERING,
    Action.READ_BOARD: _MANAGING,
    Action.REASSIGN_MANY: frozenset({Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}),
    Action.BUILD_PAYMENT: _PAYING,
    Action.READ_PAYMENTS: _FOLLOWING_MONEY,
    Action.READ_BANK_FILE: _PAYING,
    Action.READ_STATUS_REPORT: _PAYING,
    Action.CONCLUDE_PAYMENT: _PAYING,
    Action.STOP_PAYMENT: _PAYING | {Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR},
    Action.ENTER_CLAIM: frozenset({Role.HANDLER, Role.EXPERT_HANDLER, Role.TECHNICAL_REFERENT}),
    Action.ADD_DOCUMENT: _IN_CHARGE | {Role.TECHNICAL_REFERENT},
    Action.STOP_WAITING: _IN_CHARGE | {Role.TECHNICAL_REFERENT},
    Action.IMPORT_REFERENCE: _ADMINISTERING,
    Action.IMPORT_CLAIMS: _ADMINISTERING,
    Action.CHANGE_IBAN: frozenset({Role.HANDLER, Role.EXPERT_HANDLER}),
    Action.OPEN_FINDING: _AUDITING,
    Action.READ_FINDINGS: _FOLLOWING_AUDITS,
    Action.ADD_EVIDENCE: _AUDITING,
    Action.REQUEST_POSTPONEMENT: _AUDITING,
    Action.REQUEST_RISK_ACCEPTANCE: _AUDITING,
    Action.WITHDRAW_REQUEST: _AUDITING,
    Action.CANCEL_FINDING: frozenset({Role.OPERATIONS_DIRECTOR}),
    Action.READ_DELEGATE_SPACE: OF_A_DELEGATE,
    Action.ANSWER_AS_DELEGATE: OF_A_DELEGATE,
    Action.PLAN_AUDIT: _AUDITING,
    Action.READ_AUDITS: _FOLLOWING_AUDITS,
    Action.DELIVER_PIECE: _AUDITING,
    Action.END_DELIVERY: _AUDITING,
    Action.END_ANSWERS: _AUDITING,
    Action.WRITE_AUDIT: _AUDITING,
    Action.FIX_MEETING: _AUDITING,
    Action.CANCEL_AUDIT: frozenset({Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}),
    Action.PROPOSE_OPERATION: _PLANNING_OPERATIONS,
    Action.READ_OPERATIONS: _MANAGING | _PAYING,
    Action.REPLAN_OPERATION: _PLANNING_OPERATIONS,
    Action.CANCEL_OPERATION: _DIRECTING,
    Action.STOP_OPERATION: _DIRECTING,
    Action.ADD_SESSIONS: frozenset({Role.OPERATIONS_DIRECTOR}),
    Action.DISPATCH_CASES: _RUNNING_SESSIONS,
    Action.CORRECT_ATTENDANCE: _RUNNING_SESSIONS,
    Action.REQUEST_EXTENSION: frozenset({Role.OPERATIONS_DIRECTOR}),
    Action.PREPARE_PAY: _PAYING,
    Action.PROPOSE_MESSAGE: _PLANNING_OPERATIONS,
    Action.READ_PAY: _PAYING | _DIRECTING | {Role.INTERNAL_CONTROL},
    Action.MANAGE_VOLUNTEERS: _ADMINISTERING | _PAYING,
    Action.SIGN_UP: _OF_THE_INSURER,
    Action.READ_FIGURES: _MANAGING,
    Action.ENTER_FIGURES: frozenset({Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR, Role.PROCESS_PILOT}),
    Action.KEEP_ACTIVITIES: frozenset({Role.OPERATIONS_DIRECTOR, Role.PROCESS_PILOT}),
    Action.TAKE_NOTE_OF_ALERT: frozenset({Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR}),
}

OF_A_BORROWER = frozenset(
    {Action.READ_FILE, Action.READ_CASE, Action.READ_JOURNAL, Action.DO_TASKS, Action.READ_OWN_COMMANDS}
)
"""What somebody to whom a case is lent may ask for, whatever their role: of that case alone, `may_read` sees to it.

Source: procedures, section 4 step 4
"""

READING_OF: Mapping[str, Action] = {
    "complaint": Action.READ_CASES,
    "claim": Action.READ_CASES,
    "payment": Action.READ_PAYMENTS,
    "finding": Action.READ_FINDINGS,
    "audit": Action.READ_AUDITS,
    "backlog": Action.READ_OPERATIONS,
}
"""What it takes to read the cases of each procedure, where a list or a board speaks of several."""


def procedures_read_by(actor: Actor) -> frozenset[str]:
    """The procedures whose cases somebody may read at all. Source: procedures, section 0"""
    return frozenset(one for one, action in READING_OF.items() if not actor.roles.isdisjoint(PERMISSIONS[action]))


def may_read(actor: Actor, procedure: str, case_id: UUID | None) -> bool:
    """Whether somebody reads a case: as one of those who read its procedure, or because it is lent to them.

    Source: procedures, sections 0 and 4 step 4
    """
    return procedure in procedures_read_by(actor) or (case_id is not None and actor.borrows(case_id))


def is_allowed(actor: Actor, action: Action) -> bool:
    """Whether one of their roles permits the action, or what is lent to them does."""
    return not actor.roles.isdisjoint(PERMISSIONS[action]) or (action in OF_A_BORROWER and actor.is_borrower)


def check_allowed(actor: Actor, action: Action) -> None:
    """Let the actor through, or raise RoleMissing; PasswordProvisional before they have chosen a password of their own.

    Source: procedures, section 0
    """
    check_password_chosen(actor)
    if not is_allowed(actor, action):
        names = ", ".join(sorted(PERMISSIONS[action]))
        raise RoleMissing(f"To {action.replace('_', ' ')} takes one of the roles: {names}.", "Ask one of them.")


def check_password_chosen(actor: Actor) -> None:
    """A provisional password opens one door only. Raises PasswordProvisional. Source: policy"""
    if actor.must_change_password:
        raise PasswordProvisional(
            "Your password is provisional: it lets you choose one of your own, and nothing else.",
            "Change it with PUT /api/v1/me/password.",
        )


def may_see(actor: Actor, about: Collection[UUID]) -> bool:
    """Nobody sees a complaint about themselves, nor a claim of which they are the member or the beneficiary.

    Source: procedures, section 1 step 3 (conflict of interest)
    """
    return actor.id not in about


def check_gives_rights_to_another(actor: Actor, standing_in: UUID | None) -> None:
    """Nobody takes somebody's rights by recording that they are away, or by naming themselves deputy. Raises FourEyes.

    Source: procedures, section 1 step 7 (whoever stands in has the rights of the absent person)
    """
    if standing_in == actor.id:
        raise FourEyes(
            "Whoever names a deputy, or records or ends an absence, is not the one who stands in: they would give "
            "themselves somebody's rights.",
            "Ask somebody else to do it, or name another deputy.",
            field="deputy",
        )
