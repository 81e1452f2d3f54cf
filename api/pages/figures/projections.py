"""What the stock would do under several plans, side by side: a chart, and its table."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.house import House, TheHouse
from api.pages.figures.asked import asked_by, plain, share
from api.pages.figures.chart import Chart, Series, chart
from api.pages.figures.doors import FiguresReader
from api.pages.form import FormView, Wrongs, mistaken, status_of
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.visit import Visit
from api.projections import MOST_PARTS, ProjectionAsked, Projections, projected
from db.queries.figures import activities
from domain.civil import SaneDay
from domain.permissions import Action
from domain.refusals import Invalid, Mistakes, Refusal

router = APIRouter()
_ADDRESS = "/projections"
PLANS = ("a", "b", "c")
_SITUATION = ("as_of", "stock", "inflow", "minutes", "staff", "hours", "absence", "standard")
_WEEKS = 8
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIELDS = {"on": "first", "minutes": "hours"}
_HOURS = re.compile(r"\d{1,2}(\.\d{1,2})?", re.ASCII)
_DAY: TypeAdapter[date] = TypeAdapter(SaneDay)


@router.get(_ADDRESS)
def projections(request: Request, visit: FiguresReader, house: TheHouse) -> Response:
    """The form of an activity or of figures that are typed, and of three plans; below it, what they would do."""
    typed = asked_by(request)
    if set(typed.fields) <= {"activity"}:
        typed = Typed({**_usual(house), **typed.fields})
    form, told, status = FormView(_ADDRESS, typed), None, 200
    with house.reading() as session:
        known = [(row.id, row.name_en if visit.words.language == "en" else row.name_fr) for row in activities(session)]
        try:
            if typed["activity"] or typed["stock"]:
                told = projected(session, asked_for(typed, visit, house), house)
        except Mistakes as error:
            form, status = FormView(_ADDRESS, typed, _beside(error, typed, visit)), status_of(error)
        except (Refusal, ValidationError) as error:
            form, status = mistaken(_ADDRESS, typed, error, visit.words), status_of(error)
    return page(
        request,
        visit,
        "figures/projections.html",
        status,
        form=form,
        activities=known,
        plans=PLANS,
        told=told,
        drawing=_drawing(told),
        rows=_rows(told),
        proposing=_proposing(request, typed, visit) if told else [],
    )


def _beside(error: Mistakes, typed: Typed, visit: Visit) -> Wrongs:
    """Each mistake beside the field that holds it; what is wrong with every week of a plan is told of its first."""
    keys = [key for key in PLANS if (typed[f"{key}.first"] and typed[f"{key}.places"]) or typed[f"{key}.staff"]]
    wrong, known = Wrongs(), set()
    for one in error.each:
        alike = (_field(one.field or "", keys), _DATE.sub("", one.rule))
        if alike in known:
            continue
        known.add(alike)
        field, told = _field(one.field or "", keys), f"{visit.words.told(one.rule)} {visit.words.told(one.remedy)}"
        wrong[field] = f"{wrong[field]} {told}".strip()
    return wrong


def _field(place: str, keys: Sequence[str]) -> str:
    """`plans.1.sessions.0.on` is the first day of plan A: the first plan does nothing."""
    found = re.fullmatch(r"plans\.(\d+)\.sessions\.\d+\.(on|minutes)", place)
    return f"{keys[int(found[1]) - 1]}.{_FIELDS[found[2]]}" if found else place


def _proposing(request: Request, typed: Typed, visit: Visit) -> list[str]:
    """Where each plan that is shown can be proposed, with all that was typed; the first one does nothing."""
    if not visit.may(Action.PROPOSE_OPERATION):
        return []
    keys = [key for key in PLANS if plan_of(typed, key, visit)]
    return ["", *(f"/operations/new?plan={key}&{request.url.query}" for key in keys)]


def _usual(house: House) -> dict[str, list[str]]:
    """Three Saturdays, as the reference operation had them; for the others to be typed."""
    until = house.today() + timedelta(weeks=_WEEKS)
    saturday = house.today() + timedelta(days=(5 - house.today().weekday()) % 7 or 7)
    known = {"a.first": f"{saturday}", "a.times": "3", "a.places": "12", "a.hours": "7", "a.empty": "10"}
    return {name: [value] for name, value in ({"until": f"{until}"} | known).items()}


def asked_for(typed: Typed, visit: Visit, house: House) -> ProjectionAsked:
    """What the API would be asked. Raises Invalid, ValidationError."""
    said = plain(typed, _SITUATION, {"absence"})
    until = typed.text("until") or f"{house.today() + timedelta(weeks=_WEEKS)}"
    nothing = {"name": visit.words.say("Nothing is done")}
    plans = plans_of(typed, visit)
    activity = {"activity": typed["activity"]} if typed["activity"] else {}
    return ProjectionAsked.model_validate({**activity, **said, "until": until, "plans": [nothing, *plans]})


def plans_of(typed: Typed, visit: Visit) -> list[dict[str, Any]]:
    """The plans of which anything was typed. Raises Mistakes, with those of all plans."""
    wrong: list[Refusal] = []
    plans = []
    for key in PLANS:
        try:
            plans.append(plan_of(typed, key, visit))
        except Mistakes as error:
            wrong += error.each
    if wrong:
        raise Mistakes(wrong)
    return [plan for plan in plans if plan]


def plan_of(typed: Typed, key: str, visit: Visit) -> dict[str, Any] | None:
    """A plan, if anything of it was typed. Raises Mistakes, with all of its own."""
    read = _each_read([lambda: _sessions(typed, key), lambda: _reinforcements(typed, key)])
    sessions, reinforcements = read
    if not sessions and not reinforcements:
        return None
    name = typed.text(f"{key}.name") or visit.words.say("Plan {letter}", letter=key.upper())
    return {"name": name, "sessions": sessions, "reinforcements": reinforcements}


def _each_read(parts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of them reads. Raises Mistakes, with those of all parts."""
    found: list[Any] = []
    wrong: list[Refusal] = []
    for read in parts:
        try:
            found.append(read())
        except Mistakes as error:
            wrong += error.each
        except Invalid as error:
            wrong.append(error)
    if wrong:
        raise Mistakes(wrong)
    return found


def _sessions(typed: Typed, key: str) -> list[dict[str, Any]]:
    """One session a week, so many times, from the first day on."""
    if not (typed[f"{key}.first"] and typed[f"{key}.places"]):
        return []
    first, times, minutes, share_empty = _each_read(
        [
            lambda: _day(typed, f"{key}.first"),
            lambda: _times(typed, f"{key}.times"),
            lambda: _minutes(typed, f"{key}.hours"),
            lambda: _empty(typed, f"{key}.empty") if typed[f"{key}.empty"] else None,
        ]
    )
    same = {"places": typed[f"{key}.places"], "minutes": minutes}
    empty = {} if share_empty is None else {"no_show": share_empty}
    return [{"on": f"{first + timedelta(weeks=n)}", **same, **empty} for n in range(times)]


def _reinforcements(typed: Typed, key: str) -> list[dict[str, Any]]:
    if not typed[f"{key}.staff"]:
        return []
    days = {"first_day": typed[f"{key}.from"], "last_day": typed[f"{key}.to"]}
    for name, field in (("first_day", "from"), ("last_day", "to")):
        if not days[name]:
            raise Invalid(
                "A reinforcement is of certain days.", "Say its first and its last day.", field=f"{key}.{field}"
            )
    return [{**days, "staff": typed[f"{key}.staff"]}]


def _empty(typed: Typed, name: str) -> object:
    """The share of places that stays empty, typed as so many of a hundred."""
    found = share(typed[name])
    if isinstance(found, Decimal) and not 0 <= found < 1:
        raise Invalid("Of a hundred places, 0 to 99 stay empty.", "Write it in %, such as 10.", field=name)
    return found


def _day(typed: Typed, name: str) -> date:
    try:
        return _DAY.validate_python(typed[name])
    except ValidationError:
        raise Invalid("This is no date.", "Write it as 2026-12-31.", field=name) from None


def _times(typed: Typed, name: str) -> int:
    times = typed.text(name) or "1"
    if not times.isdecimal() or not times.isascii() or not 1 <= int(times[:4]) <= MOST_PARTS:
        raise Invalid(
            f"A plan has up to {MOST_PARTS} sessions, one a week.", "Write how many weeks, such as 3.", field=name
        )
    return int(times)


def _minutes(typed: Typed, name: str) -> int:
    """Hours are typed as 7 or 3,5."""
    found = _HOURS.fullmatch((typed.text(name) or "7").replace(",", "."))
    if not found:
        raise Invalid("This is no number of hours.", "Write it as 7 or 3.5.", field=name)
    return round(Decimal(found[0]) * 60)


def _drawing(told: Projections | None) -> Chart | None:
    if told is None:
        return None
    here = told.situation
    lines = [
        Series(one.plan, [(here.as_of, here.stock), *((day.on, day.stock) for day in one.days)])
        for one in told.projections
    ]
    return chart(lines, here.standard * here.per_day)


def _rows(told: Projections | None) -> list[tuple[date, list[Mapping[str, Any]]]]:
    """Day by day, the plans side by side; days on which nothing moves under any plan are left out."""
    if told is None:
        return []
    together = zip(*(one.days for one in told.projections), strict=True)
    moved = [days for days in together if any(day.handled or day.arrivals or day.session_capacity for day in days)]
    return [(days[0].on, [dict(day) for day in days]) for days in moved]
