"""HOW a letter takes shape: its words from Jinja2, then text, HTML or PDF.

Pure functions of the letter: no clock, no network; the same letter gives the same bytes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context, select_autoescape
from jinja2.runtime import Context

from domain.letters import Facts, Kind, Letter, Paragraph, Signatory, Typed, says_something
from letters import typography
from letters.paper import TEMPLATES, on_paper

LAYOUT = "letters/layout.typ"


def compose(kind: Kind, language: str, facts: Facts) -> Letter:
    """Put the facts of the case into the words of the template; the result still has to pass `check_letter`.

    Typed text is cleaned of control characters and never read as template. A block that says nothing leaves no
    paragraph. Raises ValueError for facts that are not those of this kind of letter (an answer without its answer),
    and jinja2.TemplateNotFound when the letter is not written in that language.

    Source: procedures, section 1, step 9.
    """
    facts.check(kind)
    known = _shallow(_tidy(facts))
    words = _words(facts.procedure, language, known, kind.value)
    return Letter(
        kind=kind,
        procedure=facts.procedure,
        titles=facts.titles,
        language=language,
        subject=_say(words, "subject"),
        paragraphs=tuple(_paragraphs(words)),
        **{name: known[name] for name in _COPIED},
    )


def compose_draft(kind: Kind, language: str, facts: Facts) -> Letter:
    """The letter as it would leave, of an answer that nobody has approved: marked so in each of its forms.

    `facts.dated` is the day on which it is looked at; `facts.signatory` is who would sign, its name empty where that
    is not settled. Blank texts leave no paragraph: `missing_paragraphs` names them.

    Source: procedures, section 1, steps 7 and 9.
    """
    letter = replace(compose(kind, language, facts), draft=True)
    if says_something(letter.signatory.name):
        return letter
    unsettled = _say(_words(letter.procedure, language, _shallow(letter)), "unsettled_signatory")
    return replace(letter, signatory=Signatory(name=unsettled, title=""))


def to_text(letter: Letter) -> str:
    """The letter as plain text, for the text part of the e-mail. Lines are not folded: the reader's screen does."""
    return _environment.get_template("mails/letter.txt.j2").render(_view(letter))


def to_html(letter: Letter) -> str:
    """The letter as one HTML page for the e-mail: styles inside, nothing fetched, typed text escaped."""
    return _environment.get_template("mails/letter.html.j2").render(_view(letter))


def to_fragment(letter: Letter) -> str:
    """The words of a letter for a page of ours: a few plain elements without styles, typed text escaped.

    Headings begin at the third level; all stands in one `article` of class `letter` that says its language.
    """
    return _environment.get_template("letters/fragment.html.j2").render(_view(letter))


def to_pdf(letter: Letter) -> bytes:
    """The letter on A4 for the post, an archivable and accessible PDF (PDF/A-3a, PDF/UA-1).

    Dated by the letter itself, so that it is the same file each time. A character that the fonts cannot draw is
    shown as a box (`typography.drawable`); the e-mail keeps it.
    """
    return on_paper(LAYOUT, {"letter": _view(letter)}, letter.dated)


def _words(procedure: str, language: str, known: Mapping[str, Any], letter: str = "_shared") -> Context:
    """The blocks of a letter over its procedure's, over those of every letter, each ready to be said on its own.

    Blocks are chained by hand, as `extends` does, because running the template would also say every shared block.
    """
    own, *beneath = dict.fromkeys((f"{procedure}/{letter}", f"{procedure}/_shared", "_shared"))
    words = _template(own, language).new_context({**known, "language": language})
    for shared in beneath:
        for block, said in _template(shared, language).blocks.items():
            words.blocks.setdefault(block, []).append(said)
    return words


def _template(name: str, language: str) -> Template:
    return _environment.get_template(f"letters/{name}.{language}.j2")


def _paragraphs(words: Context) -> Iterator[Paragraph]:
    """The letter's own blocks that say something, in the order of its source."""
    assert words.name is not None
    for block in _environment.get_template(words.name).blocks:
        text = "" if block == "subject" or block.endswith("_title") else _say(words, block)
        if says_something(text):
            title = f"{block}_title"
            yield Paragraph(block, _say(words, title) if title in words.blocks else None, text)


def _say(words: Context, block: str) -> str:
    """One block with its typography; the block of the letter itself comes before the shared one."""
    rendered = "".join(words.blocks[block][0](words))
    return typography.set_in(words["language"], typography.paragraph(rendered))


def _view(letter: Letter) -> dict[str, Any]:
    """What text, page and paper all show: the letter, the words around it, the parts before and after the signature."""
    frame = _words(letter.procedure, letter.language, _shallow(letter))
    names = [paragraph.name for paragraph in letter.paragraphs]
    signed = names.index("closing") + 1 if "closing" in names else len(names)
    paragraphs = [asdict(paragraph) for paragraph in letter.paragraphs]
    return {
        **asdict(replace(letter, titles={})),
        "frame": {block: _say(frame, block) for block in _FRAME},
        "dated": letter.dated.isoformat(),
        "body": paragraphs[:signed],
        "after_signature": paragraphs[signed:],
    }


def _tidy(value: Any, clean: Callable[[str], str] = typography.one_line) -> Any:
    """The same facts with every typed text cleaned: only what was typed has several lines; blank lines go."""
    if is_dataclass(value) and not isinstance(value, type):
        inside = typography.many_lines if isinstance(value, Typed) else clean
        return replace(value, **{name: _tidy(inner, inside) for name, inner in _shallow(value).items()})
    if isinstance(value, tuple):
        return tuple(filter(None, (_tidy(inner, clean) for inner in value)))
    return clean(value) if type(value) is str else value


def _shallow(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


@pass_context
def _date(words: Context, day: date) -> str:
    return typography.long_date(day, words["language"])


@pass_context
def _euros(words: Context, cents: int) -> str:
    return typography.euros(cents, words["language"])


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"date": _date, "euros": _euros}
    environment.globals |= {"line_end": typography.LINE_END}
    environment.tests |= {"said": says_something}
    return environment


_COPIED = ("reference", "insurer", "mediator", "addressee", "handler", "signatory", "dated")
_FRAME = ("dateline", "reference_label", "handler_label", "subject_label", "page_label", "draft_mark")
_environment = _make_environment()
