"""The words of an explanation: each day of a count as a French or English sentence."""

from collections.abc import Mapping
from datetime import date

from domain.calendar import Reason, Step

_NO_BREAK_SPACE = "\u00a0"

_FRENCH: Mapping[Reason, str] = {
    Reason.RECEPTION_DAY: "jour de la réception, ne compte pas",
    Reason.SENDING_DAY: "jour de l’envoi, ne compte pas",
    Reason.SENT_DATE_UNKNOWN: "date d’envoi inconnue, on compte depuis la réception",
    Reason.WRITTEN_COMPLAINT_AWAITED: "réclamation écrite attendue, on compte d’ici là depuis la réception",
    Reason.HOLDING_LETTER_DAY: "jour de la lettre d’attente, qui ne compte pas",
    Reason.HELD_BACK_BY_LIMIT: "ramené à la limite, qui ne bouge pas",
    Reason.REQUEST_DAY: "jour de la demande de pièces, qui ne compte pas",
    Reason.REOPENING_DAY: "jour de la réouverture, qui ne compte pas",
    Reason.PLANNING_DAY: "jour où la date a été fixée, qui ne compte pas",
    Reason.LAUNCH_DAY: "jour de la réunion de lancement, qui ne compte pas",
    Reason.DELIVERY_END_DAY: "jour de la fin de la remise des pièces, qui ne compte pas",
    Reason.VALIDATION_DAY: "jour de la validation du rapport, qui ne compte pas",
    Reason.MEETING_DAY: "jour convenu de la réunion",
    Reason.END_OF_YEAR: "fin de l’année",
    Reason.AGREEMENT_DAY: "jour où la date a été convenue, qui ne compte pas",
    Reason.PLAN_REQUEST_DAY: "jour de la demande du plan d’action, qui ne compte pas",
    Reason.DELIVERY_DAY: "jour de la remise, qui ne compte pas",
    Reason.VERIFICATION_DAY: "jour de la vérification, qui ne compte pas",
    Reason.POSTPONEMENT_DAY: "jour du report accordé, qui ne compte pas",
    Reason.ACCEPTANCE_DAY: "jour de l’acceptation du risque, qui ne compte pas",
    Reason.EXECUTION_DAY: "jour de l’exécution par la banque, qui ne compte pas",
    Reason.CLOCK_STOPPED: "pièces demandées, le délai s’arrête",
    Reason.CLOCK_RESUMED: "fin de l’attente des pièces, le délai reprend le lendemain",
    Reason.DAYS_LATER: "{n} jours plus tard",
    Reason.WORKING_DAY: "jour ouvré {n}",
    Reason.JOUR_OUVRABLE: "jour ouvrable {n}",
    Reason.SATURDAY: "le samedi n’est pas un jour ouvré",
    Reason.SUNDAY: "le dimanche ne compte pas",
    Reason.PUBLIC_HOLIDAY: "jour férié ({name}), ne compte pas",
    Reason.CLOSING_DAY: "jour de fermeture ({name}), ne compte pas",
    Reason.SAME_DAY_NUMBER: "{n} mois plus tard, de date à date",
    Reason.LAST_DAY_OF_MONTH: "{n} mois plus tard, dernier jour du mois, faute de {name}",
    Reason.LAST_WORKING_DAY: "dernier jour ouvré avant la limite ou à la limite",
}

_ENGLISH: Mapping[Reason, str] = {
    Reason.RECEPTION_DAY: "day of reception, does not count",
    Reason.SENDING_DAY: "day of sending, does not count",
    Reason.SENT_DATE_UNKNOWN: "sent date unknown, counted from reception",
    Reason.WRITTEN_COMPLAINT_AWAITED: "written complaint awaited, until then counted from reception",
    Reason.HOLDING_LETTER_DAY: "day of the holding letter, which does not count",
    Reason.HELD_BACK_BY_LIMIT: "held back at the limit, which does not move",
    Reason.REQUEST_DAY: "day of the request for documents, which does not count",
    Reason.REOPENING_DAY: "day of reopening, which does not count",
    Reason.PLANNING_DAY: "day on which the date was fixed, which does not count",
    Reason.LAUNCH_DAY: "day of the launch meeting, which does not count",
    Reason.DELIVERY_END_DAY: "day on which the delivery ended, which does not count",
    Reason.VALIDATION_DAY: "day on which the report was validated, which does not count",
    Reason.MEETING_DAY: "day agreed on for the meeting",
    Reason.END_OF_YEAR: "end of the year",
    Reason.AGREEMENT_DAY: "day on which the date was agreed, which does not count",
    Reason.PLAN_REQUEST_DAY: "day of the request for a plan, which does not count",
    Reason.DELIVERY_DAY: "day of delivery, which does not count",
    Reason.VERIFICATION_DAY: "day of verification, which does not count",
    Reason.POSTPONEMENT_DAY: "day on which it was postponed, which does not count",
    Reason.ACCEPTANCE_DAY: "day on which the risk was accepted, which does not count",
    Reason.EXECUTION_DAY: "day of execution by the bank, which does not count",
    Reason.CLOCK_STOPPED: "documents asked for, the clock stops",
    Reason.CLOCK_RESUMED: "no longer awaited, the clock goes on the day after",
    Reason.DAYS_LATER: "{n} days later",
    Reason.WORKING_DAY: "working day {n}",
    Reason.JOUR_OUVRABLE: "jour ouvrable {n} (Monday to Saturday)",
    Reason.SATURDAY: "Saturday is not a working day",
    Reason.SUNDAY: "Sunday does not count",
    Reason.PUBLIC_HOLIDAY: "public holiday ({name}), does not count",
    Reason.CLOSING_DAY: "closing day ({name}), does not count",
    Reason.SAME_DAY_NUMBER: "{n} months later, date to date",
    Reason.LAST_DAY_OF_MONTH: "{n} months later, last day of the month, which has no {name}",
    Reason.LAST_WORKING_DAY: "last working day on or before the limit",
}

_FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FRENCH_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def tell(step: Step, language: str = "fr") -> str:
    """One line of an explanation: "jeudi 1er mai 2025 : jour férié (Fête du Travail), ne compte pas".

    English when `language` is "en", otherwise French. Names of holidays stay as the calendar has them.
    """
    english = language == "en"
    reason = (_ENGLISH if english else _FRENCH)[step.reason].format(n=step.counted, name=step.name)
    colon = ":" if english else f"{_NO_BREAK_SPACE}:"
    return f"{long_date(step.on, language)}{colon} {reason}"


def long_date(day: date, language: str = "fr") -> str:
    """A date in words, its weekday first: "mardi 29 avril 2025", or "Tuesday 29 April 2025" for "en"."""
    if language == "en":
        return f"{_ENGLISH_DAYS[day.weekday()]} {day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_FRENCH_DAYS[day.weekday()]} {number} {_FRENCH_MONTHS[day.month - 1]} {day.year}"
