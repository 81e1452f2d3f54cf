"""Find words whatever their accents, capitals and endings; names by the beginning of each of their words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, not_, or_, select, text
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session

from db.models import Case, ComplaintRow, ComplaintWords
from domain.excerpts import Excerpt, excerpt
from domain.search import Part, Reference, Sought

_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})
_NAMES: ColumnElement[Any] = literal_column("'public.names'", REGCONFIG)
_FRENCH: ColumnElement[Any] = literal_column("'public.french_words'", REGCONFIG)
_OPEN, _CLOSE = "\x02", "\x03"
_MARKED = "HighlightAll=true, StartSel=\x02, StopSel=\x03"
_LONGEST_READ = 4_000
"""How much of a text is read again to show where it was found."""
FEW = 1_000
_PLANNED_ANEW = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true), "
    "set_config('jit', 'off', true)"
)
"""Until the end of the transaction: a plan for these very words, over the index, without compiling."""


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Whether the column holds these words. With an index of trigrams it is quick from three letters on."""
    return func.plain(column).like(func.plain(f"%{words.translate(_ESCAPED)}%"))


def has_reference(reference: Reference) -> ColumnElement[bool]:
    """Whether the case has this reference, or this number whatever its year."""
    year = reference.year or "____"
    return and_(ComplaintWords.number == reference.number, Case.reference.like(f"%-{year}-%"))


def matches(sought: Sought) -> ColumnElement[bool]:
    """Whether a complaint has all the parts, each in its names or in its words, and nothing that it must not have.

    Where nothing is sought, nothing matches.
    """
    asked = [*map(_has, sought.parts), *(not_(_has_exactly(part)) for part in sought.without)]
    return and_(*asked) if asked else false()


def named(name: ColumnElement[str], sought: Sought) -> ColumnElement[bool]:
    """Whether a name has all the parts, each by its beginning, and nothing that it must not have.

    Quick where an index holds the very `names_in(name)`. Where nothing is sought, nothing matches.
    """
    within = names_in(name)
    asked = [within.bool_op("@@")(func.to_tsquery(_NAMES, _beginnings(part))) for part in sought.parts]
    without = [not_(within.bool_op("@@")(func.phraseto_tsquery(_NAMES, " ".join(one.words)))) for one in sought.without]
    return and_(*asked, *without) if asked else false()


def names_in(name: ColumnElement[str]) -> ColumnElement[Any]:
    """The words of a name, without accents and capitals."""
    return func.to_tsvector(_NAMES, func.spaced(name))


def few_hits(session: Session, sought: Sought) -> list[UUID] | None:
    """The complaints that have what is sought, if they are few; None where there are more, or none can be named."""
    few_hits_planned(session)
    if not sought.parts:
        return None
    query = select(ComplaintWords.case_id).where(matches(sought)).limit(FEW + 1)
    hits = list(session.scalars(query))
    return hits if len(hits) <= FEW else None


def few_hits_planned(session: Session) -> None:
    """From here on, until the end of the transaction, words are looked up over their index."""
    session.execute(_PLANNED_ANEW)


def _has(part: Part) -> ColumnElement[bool]:
    if part.is_phrase:
        return _has_exactly(part)
    return or_(ComplaintWords.names.bool_op("@@")(func.to_tsquery(_NAMES, _beginnings(part))), _in_text(part))


def _beginnings(part: Part) -> str:
    return " & ".join(f"'{word}':*" for word in (*part.small, *part.words))


def _has_exactly(part: Part) -> ColumnElement[bool]:
    in_names = func.phraseto_tsquery(_NAMES, " ".join(part.words))
    return or_(ComplaintWords.names.bool_op("@@")(in_names), _in_text(part))


def _in_text(part: Part) -> ColumnElement[bool]:
    return ComplaintWords.words.bool_op("@@")(func.phraseto_tsquery(_FRENCH, " ".join(part.words)))


@dataclass(frozen=True)
class Found:
    """Where a complaint was found: the name and the subject whole, the text around the first place."""

    complainant: Excerpt
    subject: Excerpt
    text: Excerpt


def found_in(session: Session, case_ids: Sequence[UUID], sought: Sought) -> Mapping[UUID, Found]:
    """Where each of these complaints was found: some rows of one page, for it reads them anew."""
    in_names, in_words = _any_beginning(sought.parts), _any_word(sought.parts)
    name, subject, read = (
        ComplaintRow.complainant_name,
        ComplaintRow.subject,
        func.left(ComplaintRow.text, _LONGEST_READ),
    )
    has_name, has_word = (
        column.bool_op("@@")(asked)
        for column, asked in ((ComplaintWords.names, in_names), (ComplaintWords.words, in_words))
    )
    query = (
        select(
            *(ComplaintRow.case_id, name, subject, read),
            case((has_name, func.ts_headline(_NAMES, func.spaced(name), in_names, _MARKED)), else_=""),
            case((has_word, func.ts_headline(_FRENCH, func.spaced(subject), in_words, _MARKED)), else_=""),
            case((has_word, func.ts_headline(_FRENCH, func.spaced(read), in_words, _MARKED)), else_=""),
        )
        .join(ComplaintWords, ComplaintWords.case_id == ComplaintRow.case_id)
        .where(ComplaintRow.case_id.in_(case_ids))
    )
    return {
        case_id: Found(*(excerpt(typed, _places(marked)) for typed, marked in zip(texts[:3], texts[3:], strict=True)))
        for case_id, *texts in session.execute(query)
    }


def _any_beginning(parts: Sequence[Part]) -> ColumnElement[Any]:
    words = {word for part in parts for word in part.words}
    return func.to_tsquery(_NAMES, " | ".join(f"'{word}':*" for word in sorted(words)))


def _any_word(parts: Sequence[Part]) -> ColumnElement[Any]:
    words = {word for part in parts for word in part.words}
    return func.to_tsquery(_FRENCH, " | ".join(f"'{word}'" for word in sorted(words)))


def _places(marked: str) -> list[tuple[int, int]]:
    """Where the database has put its marks, as places in the text without them."""
    places, begin, passed = [], 0, 0
    for mark in re.finditer(f"[{_OPEN}{_CLOSE}]", marked):
        place, passed = mark.start() - passed, passed + 1
        if mark[0] == _OPEN:
            begin = place
        else:
            places.append((begin, place))
    return places
