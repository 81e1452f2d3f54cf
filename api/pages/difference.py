"""What has changed between two versions of a text, word by word, marked for the eye and for screen readers.

Paragraphs are compared first, words only inside of those that differ, and of both only what lies between the first and
the last change: to compare is quadratic, and whoever writes a text must not be able to keep the house busy with it.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from markupsafe import Markup, escape

_PARAGRAPHS = re.compile(r"\n+|[^\n]+")
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PAIRS = 150_000
"""So many pairs are compared for one text; what lies beyond counts as changed, all of it."""


def difference(before: str, after: str) -> Markup:
    """The text after, with what was taken out and what was put in."""
    return _Comparison().marked(before, after)


class _Comparison:
    """One text against another, with an end to its patience."""

    def __init__(self) -> None:
        self._left = _MOST_PAIRS

    def marked(self, before: str, after: str) -> Markup:
        told = Markup("")
        for old, new in self._parts(_PARAGRAPHS.findall(before), _PARAGRAPHS.findall(after)):
            told += escape(new) if old == new else self._word_by_word(old, new)
        return told

    def _word_by_word(self, before: str, after: str) -> Markup:
        told, taken, put = Markup(""), "", ""
        for old, kept in self._parts(_WORDS.findall(before), _WORDS.findall(after)):
            if old == kept and (kept.strip() or not (taken or put)):
                told += _marked("del", taken) + _marked("ins", put) + escape(kept)
                taken = put = ""
            else:  # a space between two changes is read as one change
                taken, put = taken + old, put + kept
        return told + _marked("del", taken) + _marked("ins", put)

    def _parts(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        """What stands for what, in order; of what is new or gone, the other side is empty."""
        begins = _alike(old, new)
        ends = _alike(old[begins:][::-1], new[begins:][::-1])
        same, (was, now) = old[:begins], (old[begins : len(old) - ends], new[begins : len(new) - ends])
        yield "".join(same), "".join(same)
        self._left -= len(was) * len(now)
        if self._left < 0:
            yield "".join(was), "".join(now)
        else:
            for _, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
                yield "".join(was[a:b]), "".join(now[c:d])
        yield "".join(old[len(old) - ends :]), "".join(old[len(old) - ends :])


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many they begin with that are the same."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))


def _marked(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if text else Markup("")  # noqa: S704  (our own tags)
