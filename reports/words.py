"""The words of reports in French and English: sentences, names of the domain's words, dates, typed text.

Code is written in English; the French is in `templates/reports/fr.po`, and `en.po` has what identifiers do not say.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import Translations

from letters import typography
from letters.paper import TEMPLATES

LANGUAGES = ("fr", "en")
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


class Words:
    """How one language says things. Everything that it gives is set with the spaces that the language asks for."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = _LOCALES[language]
        self._catalog = catalog(language)

    def say(self, sentence: str, **values: Any) -> str:
        """A sentence of the code, said in this language."""
        return self._set(self._catalog.ugettext(sentence).format(**values))

    def say_many(self, one: str, many: str, count: int | Decimal) -> str:
        """A sentence about so many."""
        some = int(count) if self.language == "fr" or count == int(count) else 2  # 1.5 days, 1,5 jour
        return self._set(self._catalog.ungettext(one, many, some).format(count=self.number(count)))

    def label(self, word: StrEnum) -> str:
        """The name of a word of the domain: its own French label; in English the identifier, or what `en.po` has."""
        if self.language == "fr":
            return self._set(str(word.label))  # type: ignore[attr-defined]
        found = self._catalog.upgettext(type(word).__name__, word.value)
        return found if found != word.value else word.value.replace("_", " ")

    def title(self, word: StrEnum) -> str:
        """The same, as it begins a line."""
        return capital(self.label(word))

    def listed(self, words: Iterable[StrEnum]) -> str:
        """Several of them, one after the other, the first with its capital."""
        return capital(", ".join(self.label(word) for word in words))

    def day(self, day: date) -> str:
        """A date in full words: "1er décembre 2026"."""
        return typography.long_date(day, self.language)

    def short_day(self, day: date) -> str:
        """A date in figures, for tables: "01/12/2026"."""
        return format_date(day, "dd/MM/yyyy", locale=self._locale)

    def instant(self, at: datetime, zone: str) -> str:
        """A day and a time of day, where the insurer is."""
        local = at.astimezone(ZoneInfo(zone))
        time = format_datetime(local, "HH:mm", locale=self._locale)
        return self.say("{day} at {time}", day=self.day(local.date()), time=time)

    def number(self, number: int | Decimal) -> str:
        """A number, its thousands apart."""
        return format_decimal(number, locale=self._locale)

    def euros(self, cents: int) -> str:
        """An amount, to the cent."""
        return self._set(format_currency(Decimal(cents) / 100, "EUR", locale=self._locale))

    def hours(self, minutes: int) -> str:
        """Minutes as people say hours: "44 h 00"."""
        return self._set(f"{self.number(minutes // 60)} h {minutes % 60:02}")

    def typed(self, text: str | None) -> str:
        """What somebody typed, cleaned of control characters; its line ends stay, a blank line parts paragraphs."""
        return self._set(typography.paragraph(typography.many_lines(text or "")))

    def line(self, text: str | None) -> str:
        """What somebody typed, on one line."""
        return self._set(typography.one_line(text or ""))

    def _set(self, text: str) -> str:
        return typography.set_in(self.language, text)


def capital(text: str) -> str:
    """The same with a capital at its head."""
    return text[:1].upper() + text[1:]


@cache
def words_in(language: str) -> Words:
    """The words of one language, read once. Raises KeyError for a language that reports are not written in."""
    return Words(language)


@cache
def catalog(language: str) -> Translations:
    """The sentences of one language, read once."""
    compiled = BytesIO()
    with (TEMPLATES / "reports" / f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)
