"""The words of the pages, in French and in English: sentences, names of things, dates, amounts, time left.

Templates and code are written in English; the French is in the `fr.po` beside the templates. The names of the domain's
words are looked up under their vocabulary; in English they are the identifiers themselves, which are the field's terms.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import Translations
from babel.units import format_unit

from domain.audit import words as audit
from domain.audit.states import AuditState
from domain.backlog import words as backlog
from domain.backlog.outlook import WayOn
from domain.backlog.states import BacklogState
from domain.backlog.words import ActivityKind, AlertKind, FiguresSource
from domain.board import AgeBand, Blockage, DueWindow
from domain.claim import words as claim
from domain.claim.piles import Pile
from domain.claim.states import ClaimState
from domain.complaint.letters import Apology, HoldingReason, LetterKind
from domain.complaint.reassignment import Fit
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from domain.delay import NotTold
from domain.finding import words as finding
from domain.finding.states import FindingState
from domain.hold import Hold
from domain.lending import LoanEnd
from domain.payment import words as payment
from domain.payment.states import PaymentState
from domain.policy import DeadlineName
from domain.roles import Role

TEMPLATES = Path(__file__).parents[2] / "templates" / "pages"
LANGUAGES = ("fr", "en")
"""The first one is spoken to whoever has not chosen."""
_LABELLED: Mapping[str, tuple[StrEnum, ...]] = {
    one.__name__: tuple(one)
    for one in (
        *(ActivityKind, AlertKind, FiguresSource, backlog.MessageStatus, NotTold),
        *(AgeBand, Apology, Blockage, ComplaintState, DueWindow, Fit, HoldingReason, Hold, Role),
        *(claim.CareCategory, claim.ClaimKind, claim.Sensitive, claim.ControlReason, ClaimState),
        *(claim.CheckName, claim.CheckResult, claim.ChangedThrough, claim.ItemKind, claim.ItemAnswer),
        *(claim.DocumentKind, claim.DocumentsRung, claim.Verdict, claim.ClaimLetter, claim.ClaimTask),
        *(claim.ReopeningReason, claim.WithdrawalReason, Pile),
        *(finding.RiskLevel, finding.FindingOrigin, finding.RequestKind, finding.RequestStatus, FindingState),
        *(backlog.LeftOver, LoanEnd),
        *(backlog.SignUpStatus, backlog.EndReason, backlog.PayKind, backlog.NoticeKind),
        *(backlog.LabourLimit, BacklogState, WayOn),
        *(payment.InstructionStatus, payment.LeftOut, payment.PartTaken, payment.BankDid, PaymentState),
        *(audit.AuditDomain, audit.Meeting, audit.Criterion, audit.Grade, audit.Reply, audit.Ruling),
        *(audit.OpenFindings, AuditState),
    )
} | {
    "DeadlineName": (
        *(*DeadlineName, *claim.ClaimDeadline, *payment.PaymentDeadline, *finding.FindingDeadline),
        *(*audit.AuditDeadline, *backlog.BacklogDeadline),
    ),
    "LetterKind": (*LetterKind, *claim.ClaimLetter),
    "PaymentReason": (*claim.WithdrawalReason, *claim.ReopeningReason),
    "TaskKind": (
        *(*TaskKind, *claim.ClaimTask, *payment.PaymentTask, *finding.FindingTask),
        *(*audit.AuditTask, *backlog.BacklogTask),
    ),
}
"""The vocabularies that say themselves what they are called in French. A list of every procedure's cases names the
letters, tasks and deadlines of each: whatever two procedures call by one name they also call by one label."""
_QUOTED = (
    *("Role", "ComplaintState", "ClaimState", "FindingState", "AuditState", "BacklogState", "Meeting"),
    *("RiskLevel", "RequestKind", "CheckName", "Action", "Procedure"),
)
"""The vocabularies whose words stand in the sentences of the rules."""
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


class Words:
    """How one language says things. `zone` is where the insurer is: instants are told in its time."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self._locale = _LOCALES[language]
        self._zone = ZoneInfo(zone)
        self._catalog = catalog(language)
        self.colon = "\u00a0:" if language == "fr" else ":"

    def say(self, sentence: str, **values: Any) -> str:
        """A sentence of the code, said in this language."""
        return self._catalog.ugettext(sentence).format(**values) if values else self._catalog.ugettext(sentence)

    def say_many(self, one: str, many: str, count: int) -> str:
        """A sentence about so many. French takes its singular for nothing as well: one that says no number is left."""
        found = self._catalog.ungettext(one, many, count)
        if count == 0 and "{count}" not in found:
            found = self._catalog.ungettext(one, many, 2)
        return found.format(count=self.number(count))

    def label(self, word: StrEnum) -> str:
        """The name of a word of the domain."""
        return self.name_in(type(word).__name__, word.value)

    def name_in(self, vocabulary: str, name: str) -> str:
        """The name of something under its vocabulary: `Event`, `Pole`… Unknown ones are shown as they are."""
        found = self._catalog.upgettext(vocabulary, name)
        if found != name:
            return found
        labelled = _LABELLED.get(vocabulary) if self.language == "fr" else None
        known = next((word for word in labelled or () if word.value == name), None)
        return str(known.label) if known else humanised(name)  # type: ignore[attr-defined]

    def found(self, vocabulary: str, name: str) -> str | None:
        """The name under this vocabulary, or None where it has none of its own."""
        if (found := self._catalog.upgettext(vocabulary, name)) != name:
            return found
        return self.name_in(vocabulary, name) if name in _LABELLED.get(vocabulary, ()) else None

    def name_of(self, vocabulary: str, name: str, label: str) -> str:
        """The name of something that the policy lists with a French label."""
        return label if self.language == "fr" else self.name_in(vocabulary, name)

    def language_name(self, code: str) -> str:
        """The name of a language."""
        return Locale.parse(code).get_display_name(self._locale) or code

    def day(self, day: date) -> str:
        """A date in words: "mar. 1er déc. 2026"."""
        return self._first(format_date(day, "EEE d MMM y", locale=self._locale))

    def short_day(self, at: datetime) -> str:
        """A day without its year: "jeu. 26 nov."."""
        return self._first(format_date(self.local_day(at), "EEE d MMM", locale=self._locale))

    def day_and_month(self, day: date) -> str:
        """A day on the axis of a chart: "26 nov."."""
        return self._first(format_date(day, "d MMM", locale=self._locale))

    def _first(self, told: str) -> str:
        """In French the first of a month is "1er"."""
        return re.sub(r"(?<!\d)1 (?=[a-zéû])", "1er ", told) if self.language == "fr" else told

    def long_day(self, day: date) -> str:
        """A date in full: "mardi 1er décembre 2026"."""
        return self._first(format_date(day, "full", locale=self._locale))

    def iso_day(self, day: str) -> str:
        """A date that is kept as ISO text, in words."""
        return self.day(date.fromisoformat(day))

    def month(self, day: date) -> str:
        """The month of a day: "décembre 2026"."""
        return format_date(day, "LLLL y", locale=self._locale)

    def initial(self, day: date) -> str:
        """The letter of a day of the week, as calendars have it."""
        return format_date(day, "EEEEE", locale=self._locale)

    def instant(self, at: datetime) -> str:
        """A day and a time of day, where the insurer is."""
        pattern = "EEE d MMM y 'à' HH:mm" if self.language == "fr" else "EEE d MMM y 'at' HH:mm"
        return self._first(format_datetime(at.astimezone(self._zone), pattern, locale=self._locale))

    def time(self, at: datetime) -> str:
        """A time of day."""
        return format_time(at.astimezone(self._zone), "HH:mm", locale=self._locale)

    def local_day(self, at: datetime) -> date:
        """The civil date of an instant, where the insurer is."""
        return at.astimezone(self._zone).date()

    def left(self, due_at: datetime, now: datetime) -> str:
        """The time that is left until then, or that has passed since: "dans 2 jours", "il y a 3 heures"."""
        return format_timedelta(due_at - now, add_direction=True, locale=self._locale)

    def lasting(self, duration: timedelta) -> str:
        """How long something lasts."""
        return format_timedelta(duration, locale=self._locale)

    def euros(self, cents: int) -> str:
        """An amount of money."""
        return format_currency(Decimal(cents) / 100, "EUR", locale=self._locale)

    def exact_euros(self, cents: float) -> str:
        """An amount before it is rounded, to the hundredth of a cent: "144,3750 €"."""
        return format_currency(Decimal(str(cents)) / 100, "EUR", "0.0000 ¤", locale=self._locale, currency_digits=False)

    def amount(self, cents: int) -> str:
        """An amount as it is typed into a form: "45,50"."""
        return format_decimal(Decimal(cents) / 100, "0.00", locale=self._locale)

    def size(self, count: int) -> str:
        """How large a file is: "1,2 Mo", "340 ko"."""
        unit, divisor = ("megabyte", 1_000_000) if count >= 1_000_000 else ("kilobyte", 1_000)
        amount = round(max(count / divisor, 0.1), 1 if count < 100 * divisor else 0)
        return format_unit(amount, f"digital-{unit}", length="short", locale=self._locale)

    def percent(self, share: float) -> str:
        """A share of one, as so many of a hundred."""
        return format_percent(share, locale=self._locale)

    def number(self, number: float) -> str:
        """A number, its thousands apart."""
        return format_decimal(number, locale=self._locale)

    def told(self, sentence: str, of: str = "") -> str:
        """A sentence that was written in English by the rules, with values in it, said in this language.

        Steps of several procedures have one name: `of` is the vocabulary that the sentence speaks in, where known.
        """
        for pattern, template in _phrases(self.language):
            if found := pattern.fullmatch(sentence):
                return template.format(*(self._value(value, of) for value in found.groups()))
        return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda word: humanised(word[0]), sentence)

    def _value(self, value: str, of: str) -> str:
        """A value inside of a sentence; days and the domain's words are told as people write them."""
        if re.fullmatch(r"[a-z_ ]+(, [a-z_]+)*", value):
            return ", ".join(self._known(word, of) for word in value.split(", "))
        return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: self.day(date.fromisoformat(found[0])), value)

    def _known(self, word: str, of: str) -> str:
        """A word of the domain, of whatever vocabulary a sentence may quote."""
        word = word.replace(" ", "_")
        vocabularies = (one for one in (of, *_QUOTED) if one not in _LABELLED or word in _LABELLED[one])
        found = (self.name_in(vocabulary, word) for vocabulary in vocabularies)
        return next((name for name in found if name != humanised(word)), humanised(word))


def humanised(identifier: str) -> str:
    """An identifier as words: `holding_letter` and `HoldingLetter` are "holding letter"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", identifier).replace("_", " ")
    return apart.lower() if apart != identifier or identifier.islower() else identifier


@cache
def words_in(language: str, zone: str) -> Words:
    """The words of one language, read once."""
    return Words(language, zone)


@cache
def catalog(language: str) -> Translations:
    """All sentences of one language; English has none: its sentences are those of the code."""
    merged = Translations()
    for file in sorted(TEMPLATES.rglob(f"{language}.po")):
        one = _compiled(_read(file, language))
        merged.merge(one)
        merged.plural = one.plural  # the merge leaves out how a language counts
    return merged


def _read(file: Path, language: str) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def _compiled(messages: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


@cache
def _phrases(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The rules' sentences as patterns: `{}` stands for a value. The longest are tried first."""
    messages = [
        message
        for file in sorted(TEMPLATES.rglob(f"refusals*.{language}.po"))
        for message in _read(file, language)
        if message.id and message.string
    ]
    messages.sort(key=lambda message: -len(str(message.id)))
    return [(_pattern(str(message.id)), str(message.string)) for message in messages]


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in sentence.split("{}")), re.DOTALL)
