"""The letter of any procedure: what it says, to whom, and the gate that no incomplete letter passes.

A letter is an ordered list of named paragraphs; the words come from `templates/letters`, the facts from the
case and the policy file. Each procedure has its kinds, its facts and its paragraphs in a `letters` of its own.
Nothing here draws a page or sends anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

LANGUAGES = ("fr", "en")
"""The languages that letters are written in, by ISO 639-1 code; each has its words in `templates/letters`.

Source: procedures, section 1, step 9.
"""


class Kind(StrEnum):
    """A letter of some procedure; its words are in the template of that name in `letters/<procedure>`."""

    @property
    def label(self) -> str:
        """The French name shown on pages and in the day's post."""
        raise NotImplementedError

    @property
    def automatic(self) -> bool:
        """Whether nobody has read this very letter before it leaves: no out-of-office reply should answer it."""
        raise NotImplementedError


class Typed:
    """Facts whose texts somebody typed: plain text, line ends kept, never read as template or markup."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayFacts(Typed):
    """What a letter about a delay says beside its case: the words that were approved, in its language, and the day.

    Source: procedures, section 4 step 4
    """

    words: str
    promised_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    """Who writes: letterhead, reply address and legal line, as the policy file gives them.

    `address_lines` are the postal lines below the name, last line postcode and town; `city` is the place of
    the dateline; `legal_line` is the footer that the law asks for.

    Source: policy
    """

    name: str
    address_lines: tuple[str, ...]
    city: str
    phone: str
    email: str
    site: str
    legal_line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediator:
    """The mediator whom every letter names, as the policy file gives them: name, postal address, site.

    Source: procedures, section 1, steps 9 and 12.
    """

    name: str
    address_lines: tuple[str, ...]
    site: str

    @property
    def particulars(self) -> tuple[str, ...]:
        """What a letter must quote word for word: name, each postal line, site."""
        return (self.name, *self.address_lines, self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who receives the letter: `name` is civility and full name; `address_lines` the postal lines below it.

    `email` is None when we know none.
    """

    name: str
    address_lines: tuple[str, ...]
    email: str | None = None

    @property
    def civility(self) -> str | None:
        """The civility the name opens with, in its short French form, or None when it opens with none."""
        first, *_ = [*self.name.split(maxsplit=1), ""]
        return _CIVILITIES.get(first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """The one owner of the complaint, named to the member with a telephone number.

    Source: procedures, section 1, steps 3 and 4.
    """

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who signs, and in what capacity: the handler an acknowledgement, the last validator an answer.

    Source: procedures, section 1, step 7.
    """

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter of any procedure speaks of; each procedure adds what it knows.

    `procedure` names the folder of its templates; `titles` are its paragraphs, name → the French title under which
    a handler knows it. Dates are local dates where the insurer is; `dated` is the letter's own.
    """

    procedure: ClassVar[str]
    titles: ClassVar[Mapping[str, str]]

    insurer: Insurer
    mediator: Mediator
    addressee: Addressee
    handler: Handler
    signatory: Signatory
    reference: str
    dated: date

    def check(self, kind: Kind) -> None:
        """Raises ValueError where these facts are not those of a letter of this kind."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A letter that is to be made: what it is, in which language, how it leaves and what it speaks of.

    `mandatory` are the paragraphs that it cannot leave without, from the policy of its case.
    """

    kind: Kind
    language: str
    dispatch: str
    mandatory: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A named part of a letter. In `text` a blank line parts two paragraphs, a line end breaks the line."""

    name: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A composed letter, ready for the gate, then for paper and e-mail; `language` is an ISO 639-1 code.

    `procedure` is whose words they are, `titles` the French titles of its paragraphs, said or not.
    `draft` marks a letter that nobody has approved: each of its forms says so, and it never becomes an e-mail.
    """

    kind: Kind
    procedure: str
    titles: Mapping[str, str]
    language: str
    reference: str
    insurer: Insurer
    mediator: Mediator
    addressee: Addressee
    handler: Handler
    signatory: Signatory
    dated: date
    subject: str
    paragraphs: tuple[Paragraph, ...]
    draft: bool = False

    def text_of(self, name: str) -> str:
        """All the text under that paragraph's name; empty when the letter has no such paragraph."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs if paragraph.name == name)

    def title_of(self, name: str) -> str:
        """The French title under which a handler knows that paragraph; its own name when it has none."""
        return self.titles.get(name, name)


class LetterIncomplete(ValueError):
    """A mandatory paragraph is missing, empty, or lacks what it must quote: the letter may not leave.

    `missing` are the paragraphs' names, in the order of the policy. The message is for people, in French.

    Source: procedures, section 1, step 9.
    """

    def __init__(self, letter: Letter, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        named = ", ".join(f"« {letter.title_of(name)} » ({name})" for name in missing)
        super().__init__(
            f"La lettre « {letter.kind.label} » {letter.reference} ne peut pas partir, il lui manque : {named}. "
            "Complétez ce texte (pour le médiateur : son nom, son adresse postale et son site, dans la "
            "politique), puis composez la lettre à nouveau."
        )


def check_letter(letter: Letter, mandatory: Sequence[str]) -> None:
    """A letter without its mandatory paragraphs cannot leave the system.

    `mandatory` are paragraph names, from the policy of the case. Raises LetterIncomplete, naming them all.

    Source: procedures, section 1, step 9.
    """
    missing = missing_paragraphs(letter, mandatory)
    if missing:
        raise LetterIncomplete(letter, missing)


def missing_paragraphs(letter: Letter, mandatory: Sequence[str]) -> tuple[str, ...]:
    """The mandatory paragraphs that would stop the letter, in the order of the policy.

    Source: procedures, section 1, step 9.
    """
    return tuple(name for name in mandatory if _lacks(letter, name))


def says_something(text: str) -> bool:
    """Whether a text holds a letter or a digit: spaces, invisible characters and dots say nothing."""
    return any(character.isalnum() for character in text)


def _lacks(letter: Letter, name: str) -> bool:
    text = letter.text_of(name)
    return not says_something(text) or (name == "mediator" and not _quotes(text, letter.mediator))


def _quotes(text: str, mediator: Mediator) -> bool:
    """A blank particular is a hole in the policy file, not a thing quoted."""
    said = _plain(text)
    return bool(mediator.address_lines) and all(
        says_something(particular) and _plain(particular) in said for particular in mediator.particulars
    )


def _plain(text: str) -> str:
    """Words parted by single ordinary spaces: no-break spaces and line ends do not make another address."""
    return " ".join(text.split())


_CIVILITIES = {
    "Mme": "Mme",
    "Mme.": "Mme",
    "Madame": "Mme",
    "Mrs": "Mme",
    "Mrs.": "Mme",
    "Ms": "Mme",
    "Ms.": "Mme",
    "Miss": "Mme",
    "M.": "M.",
    "M": "M.",
    "Mr": "M.",
    "Mr.": "M.",
    "Monsieur": "M.",
    "Me": "Me",
    "Maître": "Me",
}
