"""Absences: which days somebody can be away.

Source: procedures, section 1 step 7
"""

from datetime import date

from domain.refusals import AbsenceOverlaps, Invalid


def check_days_away(from_on: date, back_on: date, today: date) -> None:
    """An absence ends after it begins, and is recorded while a day of it is left: the day of being back is later than
    today. Raises Invalid. Source: procedures, section 1 step 7
    """
    if from_on >= back_on:
        raise Invalid("An absence ends after it begins.", "Give the day of being back.", field="back_on")
    if back_on <= today:
        raise Invalid("This absence is over already.", "Give a day of being back that is to come.", field="back_on")


def check_not_away_already(overlaps: bool) -> None:
    """Nobody is away twice on one day. Raises AbsenceOverlaps. Source: procedures, section 1 step 7"""
    if overlaps:
        raise AbsenceOverlaps(
            "Another absence of this person stands on some of these days.", "End or cancel that absence first."
        )
