"""The pictures of the tour: which page, who looks, how. A new picture is one more line here and in docs/tour.md."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from local.home import PROJECT
from tests.browser.acts import ACCOUNTANT, OWNER
from tests.browser.operations import DIRECTOR, MANAGER
from tests.browser.operations import FRONT_DESK as VOLUNTEER
from tests.browser.person import WIDE, Language, Person, Scheme
from tests.browser.places import Place
from tests.factories.audits import AUDITOR as GILDAS
from tests.stories.finding_acts import ENORA

FOLDER = PROJECT / "docs" / "images" / "tour"
PHONE = 390
_COLOURS = 64


@dataclass(frozen=True)
class Shot:
    """A picture of a place, by its name in `tests.browser.places`; `at` is what it begins with, if not the top."""

    name: str
    place: str
    language: Language = "fr"
    width: int = WIDE
    height: int = 820
    scheme: Scheme = "light"
    at: str = ""

    @property
    def file(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.png"


SHOTS = (
    Shot("sign-in", "sign in", height=520),
    Shot("inbox", "inbox"),
    Shot("inbox-phone", "inbox", width=PHONE),
    Shot("new-complaint", "new complaint", height=1000),
    Shot("complaint", "complaint that has arrived", height=1000),
    Shot("analysis", "analyse", height=1000),
    Shot("answer", "draft the answer", height=1000),
    Shot("validation", "validate", height=1000),
    Shot("validation-phone", "validate", "en", width=PHONE, height=1000),
    Shot("answered-english", "complaint that is answered", "en", height=1000),
    Shot("answered-dark", "complaint that is answered", height=1000, scheme="dark"),
    Shot("journal", "complaint that is answered", at="#journal"),
    Shot("payment", "pay the compensation", "en", height=700),
    Shot("list", "complaints"),
    Shot("claims", "claims"),
    Shot("new-claim", "new claim", height=1000),
    Shot("claim", "claim asked for twice", height=1000),
    Shot("control", "control a claim", height=1000, at=".desk"),
    Shot("control-phone", "control a claim", "en", width=PHONE, height=1000, at=".desk"),
    Shot("confirmation", "confirm a decision", height=1000, scheme="dark", at=".desk"),
    Shot("documents-awaited", "claim that waits for documents", "en", height=1000),
    Shot("board", "board", height=1000),
    Shot("administration", "administration", "en", height=900),
    Shot("somebody", "somebody", height=900),
    Shot("give-to-others", "give complaints to others", "en"),
)


DEMO_PLACES = (
    Place("audit with a late piece", GILDAS, "/audits/{audit}"),
    Place("delegate’s space", ENORA, "/delegate"),
    Place("operation in its third week", DIRECTOR, "/operations/{operation}"),
    Place("what to do about an operation that is off its plan", DIRECTOR, "/tasks/{decides}"),
    Place("cases of the volunteers", MANAGER, "/operations/{lending}/dispatch"),
    Place("inbox of a volunteer", VOLUNTEER, "/inbox"),
    Place("message to who waits longest", DIRECTOR, "/operations/{lending}/message"),
    Place("planning", DIRECTOR, "/operations/{operation}/planning"),
    Place("sessions", OWNER, "/sessions"),
    Place("pay file", ACCOUNTANT, "/operations/{operation}/pay/1"),
)
DEMO_SHOTS = (
    Shot("audit", "audit with a late piece", height=1000),
    Shot("delegate", "delegate’s space", height=900),
    Shot("operation", "operation in its third week", height=1000),
    Shot("off-track", "what to do about an operation that is off its plan", height=1000),
    Shot("dispatch", "cases of the volunteers", height=1000),
    Shot("lent-phone", "inbox of a volunteer", width=PHONE),
    Shot("message", "message to who waits longest", height=1000),
    Shot("planning", "planning", "en", height=1000),
    Shot("sessions-phone", "sessions", width=PHONE, height=1000),
    Shot("pay-file", "pay file", height=900),
)
"""Of a house in which the demo's operations and audit were played: weeks lie behind them."""


async def take(shot: Shot, person: Person) -> None:
    """Keep the picture, in few colours: a page has no more."""
    await person.page.set_viewport_size({"width": shot.width, "height": shot.height})
    if shot.at:
        await person.page.locator(shot.at).evaluate("one => one.scrollIntoView()")
    else:
        await person.page.evaluate("scrollTo(0, 0)")
    await person.page.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    picture = Image.open(BytesIO(await person.page.screenshot(animations="disabled")))
    shot.file.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(shot.file, optimize=True)
