"""A page as it is sent: its template, in the language of whoever looks, with what every page knows."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import RedirectResponse, Response

from api.house import House
from api.pages.places import STATES, place_of
from api.pages.static import static
from api.pages.typed import Typed
from api.pages.visit import Visit, address_of, words_of
from api.pages.words import TEMPLATES, Words
from domain.permissions import Action

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SAID = "echeance_said"
"""A cookie that lives until the next page: what has just been done, as a name, never as words of anybody's."""
_SAID = re.compile(r"[a-z_]{1,40}")


@cache
def templates() -> Environment:
    """All templates of the pages; what a template asks for and nobody gave is a mistake."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals |= {"static": static, "Typed": Typed, "new_key": lambda: str(uuid4()), "Action": Action}
    environment.globals |= {"address": address, "place_of": place_of, "state_names": STATES}
    environment.filters |= {"paragraphs": paragraphs, "begin": begin}
    return environment


def address(path: str, **asked: object) -> str:
    """An address with what it asks for; what is empty is not asked."""
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def warm_up() -> None:
    """Read all templates once, so that nobody's first page waits for it."""
    for name in templates().list_templates(extensions=["html"]):
        if not name.startswith("sink/"):
            templates().get_template(name)


def page(request: Request, visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    """A page for somebody who is signed in."""
    house: House = request.app.state.house
    said = request.cookies.get(SAID, "")
    shown = _shown(
        template,
        visit.words,
        visit=visit,
        now=house.now(),
        today=house.today(),
        here=address_of(request),
        said=said if _SAID.fullmatch(said) else "",
        **values,
    )
    answer = HTMLResponse(shown, status, headers={"Content-Security-Policy": PAGE_POLICY})
    if said:
        answer.delete_cookie(SAID)
    return answer


def open_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page for whoever comes."""
    words = words_of(request, request.app.state.house)
    shown = _shown(template, words, visit=None, here=address_of(request), said="", **values)
    return HTMLResponse(shown, status, headers={"Content-Security-Policy": PAGE_POLICY})


def _shown(template: str, words: Words, **values: Any) -> str:
    return templates().get_template(template).render(words=words, _=words.say, **values)


def go_to(address: str, said: str = "") -> Response:
    """On to another page, which says what has just been done."""
    answer = RedirectResponse(address, 303)
    if said:
        answer.set_cookie(SAID, said, max_age=60, httponly=True, samesite="lax")
    return answer


def begin(words: str) -> str:
    """As at the beginning of a sentence: its first letter is a capital, the others stay as they are."""
    return words[:1].upper() + words[1:]


def paragraphs(text: str) -> Markup:
    """What somebody has typed, its paragraphs and line ends kept, everything else escaped."""
    parts = re.split(r"\n\s*\n", text.strip())
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n"))) for part in parts
    )
