"""The small vocabularies of a backlog operation: English identifier, French label.

Source: procedures, section 4
"""

from enum import StrEnum


class SizingStep(StrEnum):
    """One step of a computation of staff. Source: procedures, section 4 step 2"""

    WORK = "work"
    TIME_PER_PERSON = "time_per_person"
    STAFF = "staff"
    TRAFFIC = "traffic"
    AGENTS = "agents"
    WAITING = "waiting"
    SERVICE = "service"
    ONE_FEWER = "one_fewer"
    OCCUPANCY = "occupancy"
    MEAN_WAIT = "mean_wait"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _STEPS[self]


class AlertKind(StrEnum):
    """What the watch says of an activity. Source: procedures, section 4 step 1"""

    OVER_STANDARD = "over_standard"
    FORECAST_OVER = "forecast_over"
    MISSING_FIGURES = "missing_figures"
    FIGURES_DISAGREE = "figures_disagree"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ALERTS[self]


class ActivityKind(StrEnum):
    """What an activity handles: files can wait, calls cannot. Source: procedures, section 4 step 2"""

    FILES = "files"
    CALLS = "calls"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _KINDS[self]


class FiguresSource(StrEnum):
    """Where a day's figures come from. Source: procedures, section 4 step 1"""

    TYPED = "typed"
    CSV = "csv"
    REGISTER = "register"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _SOURCES[self]


class LabourLimit(StrEnum):
    """What a session may break for whoever signs up. Source: procedures, section 4 step 4; Code du travail"""

    ALREADY_AT_WORK = "already_at_work"
    DAILY = "daily"
    WEEKLY = "weekly"
    AVERAGE = "average"
    DAILY_REST = "daily_rest"
    DAY_SPAN = "day_span"
    WEEKLY_REST = "weekly_rest"
    BREAK = "break"
    PART_TIME = "part_time"
    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LIMITS[self]


class NoticeKind(StrEnum):
    """What a volunteer is told of a place, or of a session. Source: procedures, section 4 step 4"""

    PLACE_GIVEN = "place_given"
    PLACE_TAKEN_BACK = "place_taken_back"
    SESSION_DROPPED = "session_dropped"

    @property
    def label(self) -> str:
        """The French words shown on pages and in mails."""
        return _NOTICES[self]


class PayKind(StrEnum):
    """What a line of somebody's pay is for. Source: procedures, section 4 step 5"""

    ORDINARY = "ordinary"
    OVERTIME = "overtime"
    SATURDAY_BONUS = "saturday_bonus"
    RECOVERY_DAY = "recovery_day"
    BY_PAYROLL = "by_payroll"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _PAY[self]


class LeftOver(StrEnum):
    """Why a case is dispatched to nobody. Source: procedures, section 4 step 4"""

    NO_SKILL = "no_skill"
    NO_ROOM = "no_room"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LEFT[self]


class BacklogTask(StrEnum):
    """What people are asked to do on an operation. Source: procedures, section 4 steps 3 to 6"""

    APPROVE_OPERATION = "approve_operation"
    DISPATCH_CASES = "dispatch_cases"
    ENTER_ATTENDANCE = "enter_attendance"
    DECIDE_OFF_TRACK = "decide_off_track"
    APPROVE_EXTENSION = "approve_extension"
    CLOSE_OPERATION = "close_operation"
    PREPARE_PAY = "prepare_pay"
    VALIDATE_PAY = "validate_pay"
    APPROVE_MESSAGE = "approve_message"
    UNBLOCK = "unblock"

    @property
    def label(self) -> str:
        """The French words shown in the inbox."""
        return _TASKS[self]


class MessageStatus(StrEnum):
    """What became of a message to the members who wait longest. Source: procedures, section 4 step 4"""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _MESSAGES[self]


class BacklogDeadline(StrEnum):
    """The deadlines of an operation. Source: procedures, section 4 steps 3 to 6"""

    APPROVAL = "approval"
    OPERATION_START = "operation_start"
    DAILY_POINT = "daily_point"
    OPERATION_END = "operation_end"
    PAY = "pay"

    @classmethod
    def done_by_itself(cls) -> frozenset["BacklogDeadline"]:
        """Those at whose instant the procedure goes on by itself: nobody has to do anything."""
        return frozenset({cls.OPERATION_START, cls.DAILY_POINT, cls.OPERATION_END})

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _DEADLINES[self]


class SignUpStatus(StrEnum):
    """Whether somebody has a place in a session, waits for one, or has given it back. Source: policy"""

    SEATED = "seated"
    WAITING = "waiting"
    GIVEN_BACK = "given_back"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _SIGN_UPS[self]


class EndReason(StrEnum):
    """Why an operation may end. Source: procedures, section 4 step 6"""

    UNDER_STANDARD = "under_standard"
    TIME_PASSED = "time_passed"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ENDS[self]


class DecisionKind(StrEnum):
    """What was decided in the course of an operation, as its closing report tells it. Source: procedures, section 4"""

    PLAN_PROPOSED = "plan_proposed"
    PLAN_CHANGED = "plan_changed"
    PLAN_APPROVED = "plan_approved"
    SESSIONS_ADDED = "sessions_added"
    WENT_ON = "went_on"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    OPERATION_ENDED = "operation_ended"

    @property
    def label(self) -> str:
        """The French words shown in the report."""
        return _DECISIONS[self]


_STEPS = {
    SizingStep.WORK: "travail à faire",
    SizingStep.TIME_PER_PERSON: "temps utile par personne",
    SizingStep.STAFF: "effectif",
    SizingStep.TRAFFIC: "trafic",
    SizingStep.AGENTS: "téléconseillers",
    SizingStep.WAITING: "probabilité d’attendre",
    SizingStep.SERVICE: "niveau de service",
    SizingStep.ONE_FEWER: "avec un téléconseiller de moins",
    SizingStep.OCCUPANCY: "taux d’occupation",
    SizingStep.MEAN_WAIT: "attente moyenne",
}
_ALERTS = {
    AlertKind.OVER_STANDARD: "au-dessus du standard",
    AlertKind.FORECAST_OVER: "dépassement prévu du standard",
    AlertKind.MISSING_FIGURES: "chiffres manquants",
    AlertKind.FIGURES_DISAGREE: "chiffres incohérents",
}
_KINDS = {ActivityKind.FILES: "dossiers", ActivityKind.CALLS: "appels"}
_SOURCES = {
    FiguresSource.TYPED: "saisis",
    FiguresSource.CSV: "importés",
    FiguresSource.REGISTER: "comptés dans le registre",
}
_NOTICES = {
    NoticeKind.PLACE_GIVEN: "place attribuée",
    NoticeKind.PLACE_TAKEN_BACK: "place retirée",
    NoticeKind.SESSION_DROPPED: "séance supprimée",
}
_LIMITS = {
    LabourLimit.ALREADY_AT_WORK: "déjà au travail à cette heure",
    LabourLimit.DAILY: "durée quotidienne",
    LabourLimit.WEEKLY: "durée hebdomadaire",
    LabourLimit.AVERAGE: "durée hebdomadaire moyenne",
    LabourLimit.DAILY_REST: "repos quotidien",
    LabourLimit.DAY_SPAN: "amplitude de la journée",
    LabourLimit.WEEKLY_REST: "repos hebdomadaire",
    LabourLimit.BREAK: "pause",
    LabourLimit.PART_TIME: "temps partiel",
    LabourLimit.SUNDAY: "repos dominical",
    LabourLimit.PUBLIC_HOLIDAY: "jour férié",
}
_PAY = {
    PayKind.ORDINARY: "heures au taux normal",
    PayKind.OVERTIME: "heures supplémentaires",
    PayKind.SATURDAY_BONUS: "prime de samedi",
    PayKind.RECOVERY_DAY: "jour de récupération",
    PayKind.BY_PAYROLL: "à calculer par la paie",
}
_LEFT = {
    LeftOver.NO_SKILL: "aucun volontaire n’a la compétence",
    LeftOver.NO_ROOM: "plus de place chez les volontaires",
}
_TASKS = {
    BacklogTask.APPROVE_OPERATION: "Approuver ou refuser l’opération",
    BacklogTask.DISPATCH_CASES: "Répartir les dossiers d’une séance",
    BacklogTask.ENTER_ATTENDANCE: "Saisir les présences d’une séance",
    BacklogTask.DECIDE_OFF_TRACK: "Décider des suites d’un retard sur le plan",
    BacklogTask.APPROVE_EXTENSION: "Décider d’une prolongation de l’opération",
    BacklogTask.CLOSE_OPERATION: "Clore l’opération ou demander sa prolongation",
    BacklogTask.PREPARE_PAY: "Préparer la paie de l’opération",
    BacklogTask.VALIDATE_PAY: "Valider la paie de l’opération",
    BacklogTask.APPROVE_MESSAGE: "Approuver ou refuser un message aux adhérents",
    BacklogTask.UNBLOCK: "Trouver qui peut faire une tâche",
}
_MESSAGES = {
    MessageStatus.WAITING: "à approuver",
    MessageStatus.APPROVED: "approuvé",
    MessageStatus.REFUSED: "refusé",
    MessageStatus.LAPSED: "devenu sans objet à la fin de l’opération",
}
_DEADLINES = {
    BacklogDeadline.APPROVAL: "approbation de l’opération",
    BacklogDeadline.OPERATION_START: "début de l’opération",
    BacklogDeadline.DAILY_POINT: "point du jour",
    BacklogDeadline.OPERATION_END: "fin de l’opération",
    BacklogDeadline.PAY: "paie de l’opération",
}
_SIGN_UPS = {
    SignUpStatus.SEATED: "inscrit",
    SignUpStatus.WAITING: "en liste d’attente",
    SignUpStatus.GIVEN_BACK: "place rendue",
}
_ENDS = {
    EndReason.UNDER_STANDARD: "revenu sous le standard",
    EndReason.TIME_PASSED: "durée écoulée",
    EndReason.STOPPED: "arrêtée par la direction",
}
_DECISIONS = {
    DecisionKind.PLAN_PROPOSED: "plan proposé",
    DecisionKind.PLAN_CHANGED: "plan modifié",
    DecisionKind.PLAN_APPROVED: "plan approuvé",
    DecisionKind.SESSIONS_ADDED: "séances ajoutées",
    DecisionKind.WENT_ON: "retard sur le plan accepté",
    DecisionKind.EXTENSION_REQUESTED: "prolongation demandée",
    DecisionKind.EXTENSION_GRANTED: "prolongation accordée",
    DecisionKind.EXTENSION_REFUSED: "prolongation refusée",
    DecisionKind.OPERATION_ENDED: "opération terminée",
}
