"""A day's figures, all activities on one form; and a file of figures, with what became of it."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api import figures as api
from api.activities import author_of
from api.figures import GivenView
from api.house import House, TheHouse
from api.pages.figures.doors import FiguresEnterer
from api.pages.form import FormView, Told, Wrongs, mistaken, refused, sentence, status_of
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.uploaded import sent_with_file
from api.pages.visit import Visit
from db.commands.figures import keep_day
from domain.backlog.figures import COUNTS, FiguresLine, check_day
from domain.civil import SaneDay
from domain.refusals import Invalid, Refusal

router = APIRouter()
_ADDRESS = "/figures"
_PEOPLE = ("minutes", "planned", "present")
_DAY: TypeAdapter[date] = TypeAdapter(SaneDay)
NO_FILE = Invalid("No file was chosen.", "Choose a file of figures, as CSV.", field="file")
NOTHING = Invalid("Nothing was typed.", "Fill in the three counts of one activity at least.")


class _WrongLinesError(Exception):
    """Some of the fields cannot be right."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__()
        self.wrong = wrong


@router.get(_ADDRESS)
def shown(
    request: Request, visit: FiguresEnterer, house: TheHouse, day: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """The form of a day: today's, or the one that is asked for, with what is known of it."""
    chosen = _read(day, house.today())
    unread = _read(day, date.max) == date.max if day else False
    return _page(request, visit, house, chosen, instead=_not_shown(visit) if unread else None)


@router.post(_ADDRESS)
def give(request: Request, visit: FiguresEnterer, typed: SentForm, house: TheHouse) -> Response:
    """Keep the day's figures, all of them or none; with what is wrong, the same page again."""
    day = _read(typed["day"], house.today())
    try:
        check_day(_read(typed["day"], date.max), house.today())
        lines = _lines(typed, api.of_day(day, house, visit.actor).figures, visit)
        changed = _kept(lines, day, visit, house)
    except _WrongLinesError as error:
        return _page(request, visit, house, day, FormView(_ADDRESS, typed, Wrongs(error.wrong)), 422)
    except Refusal as refusal:
        form = refused(_ADDRESS, typed, refusal.rule, refusal.remedy, refusal.field, visit.words)
        return _page(request, visit, house, day, form, refusal.status)
    return go_to(f"{_ADDRESS}?day={day}", "figures_kept" if changed else "figures_unchanged")


@router.post(_ADDRESS + "/file")
async def take(request: Request, visit: FiguresEnterer, house: TheHouse) -> Response:
    """Take a file in, and say what became of each line and which days are missing still."""
    typed = Typed()
    try:
        typed, upload = await sent_with_file(request, visit, NO_FILE)
        told = await to_thread(api.taken_in, house, visit.actor, upload.name[:100], BytesIO(upload.content))
    except (Refusal, RequestValidationError) as error:
        form = mistaken(_ADDRESS + "/file", typed, error, visit.words)
        return await to_thread(_page, request, visit, house, house.today(), None, status_of(error), form)
    names = await to_thread(_names, visit, house)
    return await to_thread(page, request, visit, "figures/report.html", report=told, names=names)


def _kept(lines: list[FiguresLine], day: date, visit: Visit, house: House) -> int:
    """Keep them; how many changed. A refusal names the field of the form."""
    if not lines:
        raise NOTHING
    try:
        with house.sessions.begin() as session:
            return keep_day(session, day, lines, author_of(house, visit.actor))
    except Invalid as refusal:
        _, number, name = (refusal.field or "..").split(".", 2)
        field = f"{lines[int(number)].activity}.{name}" if number else refusal.field
        raise Invalid(refusal.rule, refusal.remedy, field=field) from None


def _lines(typed: Typed, known: list[GivenView], visit: Visit) -> list[FiguresLine]:
    """The activities of which something was typed. Raises _WrongLinesError."""
    lines, wrong = [], {}
    for one in known:
        said = {name: value for name in (*COUNTS, *_PEOPLE) if (value := typed.text(f"{one.activity}.{name}"))}
        if not said:
            continue
        try:
            lines.append(FiguresLine.model_validate({"activity": one.activity, **said}))
        except ValidationError as error:
            for mistake in error.errors():
                wrong[f"{one.activity}.{mistake['loc'][0]}"] = sentence(mistake, visit.words)
    if wrong:
        raise _WrongLinesError(wrong)
    return lines


def _read(given: str, otherwise: date) -> date:
    try:
        return _DAY.validate_python(given)
    except ValidationError:
        return otherwise


def _names(visit: Visit, house: House) -> dict[str, str]:
    known = api.of_day(house.today(), house, visit.actor).figures
    return {one.activity: _called(one, visit) for one in known}


def _called(one: GivenView, visit: Visit) -> str:
    return one.name_en if visit.words.language == "en" else one.name_fr


def _page(
    request: Request,
    visit: Visit,
    house: House,
    day: date,
    form: FormView | None = None,
    status: int = 200,
    file_form: FormView | None = None,
    instead: Told | None = None,
) -> Response:
    today = house.today()
    told = _ahead(visit) if day > today else instead
    day = min(day, today)
    known = api.of_day(day, house, visit.actor).figures
    before = {one.activity: one.stock for one in api.of_day(_before(day), house, visit.actor).figures}
    form = form or FormView(_ADDRESS, Typed(_fields(known, day, visit)), refused=told)
    return page(
        request,
        visit,
        "figures/day.html",
        status,
        form=form,
        file_form=file_form or FormView(_ADDRESS + "/file", Typed()),
        day=day,
        yesterday=_before(day),
        tomorrow=day + timedelta(days=1) if day < today else None,
        activities=[(one, _called(one, visit)) for one in known],
        before=before,
        counts=COUNTS,
        people=_PEOPLE,
    )


def _not_shown(visit: Visit) -> Told:
    say = visit.words.say
    return Told(say("This is no day from 1900 to 2199."), say("Today’s form is shown instead."))


def _ahead(visit: Visit) -> Told:
    say = visit.words.say
    return Told(say("That day is to come."), say("Today’s form is shown instead."))


def _before(day: date) -> date:
    """The evening before: of a Monday, the Friday."""
    return day - timedelta(days=3 if day.weekday() == 0 else 1)


def _fields(known: list[GivenView], day: date, visit: Visit) -> dict[str, list[str]]:
    """What is known of the day already, as it is typed."""
    fields = {"day": [day.isoformat()]}
    for one in known:
        typed = () if one.procedure else COUNTS
        for name in (*typed, *_PEOPLE):
            value = getattr(one, name)
            fields[f"{one.activity}.{name}"] = [] if value is None else [visit.words.number(value)]
    return {name: values or [""] for name, values in fields.items()}
