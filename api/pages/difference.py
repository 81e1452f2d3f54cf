"""What has changed between two versions of a text, word by word, marked for the eye and for screen readers."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def difference(before: str, after: str) -> Markup:
    """The text after, with what was taken out and what was put in."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    told, taken, put = Markup(""), "", ""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept = "".join(new[c:d])
        if kind == "equal" and (kept.strip() or not (taken or put)):
            told += _marked("del", taken) + _marked("ins", put) + escape(kept)
            taken = put = ""
        else:  # a space between two changes is read as one change
            taken, put = taken + "".join(old[a:b]), put + kept
    return told + _marked("del", taken) + _marked("ins", put)


def _marked(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if text else Markup("")  # noqa: S704  (our own tags)
