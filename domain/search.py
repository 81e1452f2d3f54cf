"""Looking for complaints: what somebody has typed into the one box, read as a reference, words, phrases, exclusions.

Nothing that is typed is a mistake: signs that mean something to a database mean nothing here.
Source: policy
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

LONGEST_TYPED = 10_000
MOST_PARTS = 16
LONGEST_WORD = 100

SMALL_WORDS = frozenset(
    {
        *("a", "à", "au", "aux", "avec", "c", "ce", "ces", "cette", "d", "dans", "de", "des", "du", "en", "est", "et"),
        *("il", "ils", "elle", "elles", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "ma", "mais"),
        *("me", "mes", "moi", "mon", "n", "ne", "nos", "notre", "nous", "on", "ou", "où", "par", "pas", "pour", "qu"),
        *("que", "qui", "s", "sa", "se", "ses", "si", "son", "sur", "t", "ta", "te", "tes", "ton", "tu", "un", "une"),
        *("vos", "votre", "vous", "y"),
    }
)
"""Words that nearly every letter has. They are asked of names only: `le` of `le goff`."""

_QUOTES = str.maketrans(dict.fromkeys("«»“”„", '"') | {"\u2212": "-"})
_KINDS = "REC|PRE|VIR|OPE"
"""How references begin: of complaints, of claims, of batches, of operations."""
_REFERENCE = re.compile(
    rf"(?:(?:({_KINDS})[- ]?)?([0-9]{{4}})[-/ ]|({_KINDS})[- ]?)?0*([1-9][0-9]{{0,11}})", re.IGNORECASE
)
_PART = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<words>[^\s"]+))')


@dataclass(frozen=True)
class Reference:
    """A reference, or a part of it: the number without its zeros, the year and the kind where they were typed."""

    number: str
    year: str | None = None
    kind: str | None = None

    def may_be(self, kind: str) -> bool:
        """Whether it can be a reference of this kind: it is, or nothing was typed of it."""
        return self.kind in (None, kind)

    def written(self, kind: str, years: Iterable[int]) -> list[str]:
        """The whole references of this kind that it can stand for: of its year, or of these where none was typed."""
        if not self.may_be(kind):
            return []
        return [f"{kind}-{year}-{self.number:0>6}" for year in ([self.year] if self.year else years)]


@dataclass(frozen=True)
class Part:
    """Something to be found: these words one after the other, as a phrase if there are several.

    `small` are the small words typed before it: a name must have them as well, a text need not.
    """

    words: tuple[str, ...]
    small: tuple[str, ...] = ()
    is_phrase: bool = False


@dataclass(frozen=True)
class Sought:
    """What is looked for: all of `parts`, nothing of `without`; or else the case with this reference.

    `left_out` says that more was typed than is looked for.
    """

    parts: tuple[Part, ...] = ()
    without: tuple[Part, ...] = ()
    reference: Reference | None = None
    left_out: bool = False

    @property
    def is_nothing(self) -> bool:
        """Nothing but signs was typed: nothing is found by that."""
        return not (self.parts or self.without or self.reference)


def read_typed(typed: str) -> Sought:
    """What is looked for by what was typed. Every word must be found, and what has a `-` before it must not.

    Source: policy
    """
    plain = normalize("NFC", typed[:LONGEST_TYPED]).translate(_QUOTES)
    read = list(_read(plain))
    parts = _with_small_words([part for part, wanted in read if wanted])
    without = [part for part, wanted in read if not wanted]
    return Sought(
        parts=tuple(parts[:MOST_PARTS]),
        without=tuple(without[:MOST_PARTS]),
        reference=read_reference(typed),
        left_out=max(len(parts), len(without)) > MOST_PARTS or len(typed) > LONGEST_TYPED,
    )


def read_reference(typed: str) -> Reference | None:
    """A reference or a part of it: `REC-2026-000123`, `PRE-2026-123`, `2026-123`, `000123`, `123`. Source: policy"""
    found = _REFERENCE.fullmatch(typed.strip())
    if found is None:
        return None
    kind = found[1] or found[3]
    return Reference(number=found[4], year=found[2], kind=kind.upper() if kind else None)


def _read(typed: str) -> Iterator[tuple[Part, bool]]:
    for found in _PART.finditer(typed):
        words = _words(found["phrase"] if found["phrase"] is not None else found["words"])
        if not words:
            continue
        if found["without"] or found["phrase"] is not None:
            yield Part(words, is_phrase=True), not found["without"]
        else:
            yield from ((Part((word,)), True) for word in words)


def _words(typed: str) -> tuple[str, ...]:
    kept = "".join(sign if _is_of_a_word(sign) else " " for sign in typed)
    return tuple(word[:LONGEST_WORD] for word in kept.split())


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or category(sign).startswith("M")


def _with_small_words(parts: Sequence[Part]) -> list[Part]:
    """Small words go with the part after them, the last ones with the part before; alone, they are looked for."""
    kept: list[Part] = []
    small: list[str] = []
    for part in parts:
        if not part.is_phrase and part.words[0].casefold() in SMALL_WORDS:
            small.append(part.words[0])
            continue
        kept.append(Part(part.words, tuple(small[:MOST_PARTS]), part.is_phrase))
        small = []
    if small and kept:
        last = kept.pop()
        small = [*last.small, *small][:MOST_PARTS]
        return [*kept, Part(last.words, tuple(small), last.is_phrase)]
    return kept or [Part((word,)) for word in small]
