"""Numbers that people give: exact, bounded, and refused with the rule and the remedy when they make no sense.

Source: policy
"""

from decimal import Decimal
from fractions import Fraction

from domain.refusals import Invalid

MOST_DIGITS = 9
MOST_DECIMALS = 9
"""More of either is a mistake of typing, and would make exact numbers slow."""

_NO_BREAK = "\u00a0"
_NARROW_NO_BREAK = "\u202f"


def above_zero(value: Decimal, field: str) -> Fraction:
    """A quantity that there has to be some of; raises Invalid."""
    exact = _exact(value, field)
    if exact <= 0:
        raise Invalid(
            f"This number has to be above zero, not {value}.", "Give what there is of it, such as 12.", field=field
        )
    return exact


def zero_or_more(value: Decimal, field: str) -> Fraction:
    """A quantity that there may be none of; raises Invalid."""
    exact = _exact(value, field)
    if exact < 0:
        raise Invalid(f"This number cannot be below zero, as {value} is.", "Give 0 where there is none.", field=field)
    return exact


def share_below_one(value: Decimal, field: str) -> Fraction:
    """A share of people who are away: 0.40 is 40 %; where all are away nobody works. Raises Invalid."""
    exact = zero_or_more(value, field)
    if exact >= 1:
        raise Invalid(
            f"A share of {value} is everybody, and nobody would be left to work.",
            "Give it between 0 and 1: 0.40 for 40 %.",
            field=field,
        )
    return exact


def share(value: Decimal, field: str) -> Fraction:
    """A share of those who should have been there: 1 is all of them, as on the day of a strike. Raises Invalid."""
    exact = zero_or_more(value, field)
    if exact > 1:
        raise Invalid(
            f"A share of {value} is more than everybody.", "Give it between 0 and 1: 0.40 for 40 %.", field=field
        )
    return exact


def hours_of_a_day(value: Decimal, field: str) -> Fraction:
    """Hours that one person works in a day; raises Invalid."""
    exact = above_zero(value, field)
    if exact > 24:
        raise Invalid(f"A day has 24 hours, not {value}.", "Give the hours that one person works a day.", field=field)
    return exact


def _exact(value: Decimal, field: str) -> Fraction:
    if not value.is_finite():
        raise Invalid(f"{value} is not a number that can be counted with.", "Give a number such as 12.5.", field=field)
    if value.adjusted() >= MOST_DIGITS:
        raise Invalid(
            f"{value} is a billion or more, and taken for a mistake.", "Check the number and its unit.", field=field
        )
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise Invalid(
            f"{value} has more than {MOST_DECIMALS} decimals.", "Round it: two decimals are enough.", field=field
        )
    return Fraction(value)


def rounded(value: Fraction | float, places: int = 2) -> Decimal:
    """Half up, as people round; no zeros at the end."""
    scale = 10**places
    doubled = Fraction(value) * scale * 2
    whole = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return Decimal(whole).scaleb(-places)


def spoken(value: Fraction | float, language: str, places: int = 2) -> str:
    """A number as people of the language write it: "1 234,5" in French, "1,234.5" in English."""
    plain = f"{rounded(value, places):,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain if language == "en" else plain.replace(",", _NARROW_NO_BREAK).replace(".", ",")


def spoken_share(value: Fraction | float, language: str, places: int = 2) -> str:
    """A share as a percentage: "40 %" in French, "40%" in English."""
    percent = spoken(value * 100, language, places)
    return f"{percent}%" if language == "en" else f"{percent}{_NO_BREAK}%"
