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
    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _LIMITS[self]


class PayKind(StrEnum):
    """What a line of somebody's pay is for. Source: procedures, section 4 step 5"""

    ORDINARY = "ordinary"
    OVERTIME = "overtime"
    SATURDAY_BONUS = "saturday_bonus"
    RECOVERY_DAY = "recovery_day"

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
_LIMITS = {
    LabourLimit.ALREADY_AT_WORK: "déjà au travail à cette heure",
    LabourLimit.DAILY: "durée quotidienne",
    LabourLimit.WEEKLY: "durée hebdomadaire",
    LabourLimit.AVERAGE: "durée hebdomadaire moyenne",
    LabourLimit.DAILY_REST: "repos quotidien",
    LabourLimit.DAY_SPAN: "amplitude de la journée",
    LabourLimit.WEEKLY_REST: "repos hebdomadaire",
    LabourLimit.BREAK: "pause",
    LabourLimit.SUNDAY: "repos dominical",
    LabourLimit.PUBLIC_HOLIDAY: "jour férié",
}
_PAY = {
    PayKind.ORDINARY: "heures au taux normal",
    PayKind.OVERTIME: "heures supplémentaires",
    PayKind.SATURDAY_BONUS: "prime de samedi",
    PayKind.RECOVERY_DAY: "jour de récupération",
}
_LEFT = {
    LeftOver.NO_SKILL: "aucun volontaire n’a la compétence",
    LeftOver.NO_ROOM: "plus de place chez les volontaires",
}
