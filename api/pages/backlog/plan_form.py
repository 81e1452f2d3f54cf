"""A plan as it is typed: figures, sessions and reinforcements as rows; read, filled, and told what is wrong where."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session

from api.pages.figures.asked import share
from api.pages.form import FormView, Wrongs, mistaken, mistakes, sentence
from api.pages.session_rows import (
    BREAK,
    FROM,
    UNTIL,
    USUAL_MINUTES,
    hours_said,
    is_blank,
    row_of,
    rows_in,
    sessions_said,
)
from api.pages.typed import Typed
from api.pages.visit import Visit
from api.pages.words import Words
from db.queries.figures import activities
from domain.backlog.commands import MOST_PLACES
from domain.refusals import Refusal

STEPS = "BacklogState"
"""The vocabulary that refusals speak in: steps of other procedures have the same names."""
SESSIONS, REINFORCEMENTS = "sessions", "reinforcements"
SITUATION = ("as_of", "stock", "inflow", "minutes", "staff", "hours", "absence", "standard")
BLANK_ROWS = 2
MOST_ROWS = 40
Filled = dict[str, list[str]]
HIGHEST_BUDGET = 999_999_999
"""In euros, as many figures as an amount is typed with."""
_SPACES = re.compile(r"[\s\u00a0\u202f]")


def named_activities(session: Session, visit: Visit) -> list[tuple[str, str]]:
    """The activities to choose from."""
    english = visit.words.language == "en"
    return [(row.id, row.name_en if english else row.name_fr) for row in activities(session)]


def secondary_activities(session: Session, visit: Visit) -> list[tuple[str, str, Decimal]]:
    """Those that were named in advance as ones that may be put aside: id, name, the full-time people of each."""
    names = dict(named_activities(session, visit))
    return [(row.id, names[row.id], row.staff) for row in activities(session) if row.secondary]


def aside_of(session: Session, put_aside: Iterable[str], visit: Visit) -> list[str]:
    """What is put aside, by name; what was typed freely, as it used to be, stays as it was typed."""
    english = visit.words.language == "en"
    names = {row.id: row.name_en if english else row.name_fr for row in activities(session, active_only=False)}
    return [names.get(one, one) for one in put_aside]


def tidy(typed: Typed) -> Typed:
    """The same with its rows numbered on: so a mistake finds its row. Days that are no session yet come last."""
    kept = {name: list(values) for name, values in typed.fields.items() if not re.match(r"(sessions|reinf\w+)\.", name)}
    for name in (SESSIONS, REINFORCEMENTS):
        rows = sorted((row for row in rows_in(typed, name) if "day" in row or not is_blank(row)), key=is_blank)
        kept |= {f"{name}.{place}.{part}": [value] for place, row in enumerate(rows) for part, value in row.items()}
    return Typed(kept)


def counts(typed: Typed, more: str = "") -> dict[str, int]:
    """How many rows of each kind are shown: those that are filled, and some to be filled."""
    return {
        name: min(MOST_ROWS, len(rows_in(typed, name)) + least * (2 if more == name else 1))
        for name, least in ((SESSIONS, BLANK_ROWS), (REINFORCEMENTS, 1))
    }


def plan_said(typed: Typed) -> dict[str, Any]:
    """The plan of the API that the form stands for; what was left empty is not said."""
    said: dict[str, Any] = {"starts_on": typed.text("starts_on"), "situation": _situation(typed)}
    if typed.text("budget") is not None:
        said["budget_cents"] = typed.cents("budget")
    said |= {"sessions": sessions_said(typed), "reinforcements": _reinforcements(typed)}
    return {name: value for name, value in said.items() if value not in (None, [])}


def operation_said(typed: Typed) -> dict[str, Any]:
    """The whole proposal."""
    texts = {name: typed.text(name) for name in ("activity", "pole", "objective")}
    aside = typed.all("put_aside")
    return plan_said(typed) | {name: text for name, text in texts.items() if text} | {"put_aside": aside}


def _situation(typed: Typed) -> dict[str, Any]:
    found: dict[str, Any] = {name: number(typed[name]) for name in SITUATION if typed.text(name)}
    return found | ({"absence": share(typed["absence"])} if typed.text("absence") else {})


def _reinforcements(typed: Typed) -> list[dict[str, Any]]:
    rows = [row for row in rows_in(typed, REINFORCEMENTS) if not is_blank(row)]
    return [{name: number(row[name]) for name in ("first_day", "last_day", "staff") if name in row} for row in rows]


def number(typed: str) -> str:
    """A number as the rules read it: 1 200 is 1200, 3,5 is 3.5; a day stays as it is."""
    return _SPACES.sub("", typed).replace(",", ".")


def plan_mistaken(
    address: str, typed: Typed, error: Exception, words: Words, of: str = STEPS, others: Iterable[Refusal] = ()
) -> FormView:
    """The form again, with what is wrong beside each field, and in the very row; `others` are the rules that the fields
    break which can be read."""
    if isinstance(error, Refusal):
        return in_its_rows(mistaken(address, typed, error, words, of))
    assert isinstance(error, ValidationError | RequestValidationError)
    wrong = Wrongs()
    for one in mistakes(error):
        wrong.setdefault(_field([str(part) for part in one["loc"]], typed), _sentence(one, words))
    for refusal in others:
        told = f"{words.told(refusal.rule, STEPS)} {words.told(refusal.remedy, STEPS)}"
        wrong.setdefault(_in_row(refusal.field or "", typed), told)
    return FormView(address, typed, wrong)


def in_its_rows(form: FormView) -> FormView:
    """The same form, each mistake in the field of its row: the rules call them otherwise."""
    return replace(form, wrong=Wrongs({_in_row(name, form.typed): told for name, told in form.wrong.items()}))


def _in_row(field: str, typed: Typed) -> str:
    return _field(field.split("."), typed) if field else ""


def _field(parts: Sequence[str], typed: Typed) -> str:
    """The field of the form that holds what the rules speak of."""
    where = [part for part in parts if part not in ("body", "situation")]
    if where[-1] == "budget_cents":
        return "budget"
    if where[0] == SESSIONS and len(where) > 2:
        return ".".join([*where[:2], _of_row(where[2:], typed[f"{SESSIONS}.{where[1]}.{BREAK[0]}"])])
    return ".".join(where)


def _of_row(where: Sequence[str], has_break: str) -> str:
    if where[0] != "hours" or len(where) < 3:
        return {"no_show": "empty", "hours": FROM}.get(where[0], where[0])
    ends = {("0", "starts_at"): FROM, ("0", "ends_at"): BREAK[0] if has_break else UNTIL}
    return ends.get((where[1], where[2]), BREAK[1] if where[2] == "starts_at" else UNTIL)


def _sentence(one: Mapping[str, Any], words: Words) -> str:
    kind, name = str(one["type"]), str(one["loc"][-1])
    if name == SESSIONS and kind in {"missing", "too_short"}:
        return words.say("Give at least one session, with its day and its places.")
    if kind == "missing" or one.get("input") in ("", None):
        return sentence(one, words)
    if name == "budget_cents":
        most = words.number(HIGHEST_BUDGET)
        return words.say("Write a budget in euros, from 0 to {most}, such as 20,000.", most=most)
    if name == "places":
        return words.say("Write a whole number of places, from 1 to {most}.", most=words.number(MOST_PLACES))
    if name == "no_show":
        return words.say("Write a share in per cent, from 0 to 100.")
    if kind.startswith("time"):
        return words.say("Write an hour such as 08:30.")
    if kind.startswith("int"):
        return words.say("Write a whole number such as 120.")
    if kind.startswith(("decimal", "greater", "less")):
        return words.say("Write a number such as 12 or 0.40.")
    return sentence(one, words)


def written(value: Any, words: Words) -> str:
    """A number as somebody would type it, to hundredths."""
    told = f"{round(Decimal(str(value)), 2):f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return told.replace(".", ",") if words.language == "fr" else told


def situation_filled(situation: Mapping[str, Any], words: Words) -> Filled:
    """The figures that a plan starts from, as they stand in the form."""
    found = {name: [written(situation[name], words)] for name in SITUATION[1:]}
    absence = [written(Decimal(str(situation["absence"])) * 100, words)]
    stock = [str(round(Decimal(str(situation["stock"]))))]
    return found | {"as_of": [str(situation["as_of"])], "stock": stock, "absence": absence}


def rows_filled(name: str, rows: Iterable[Mapping[str, str]]) -> Filled:
    """Rows as the form has them."""
    return {f"{name}.{place}.{part}": [value] for place, row in enumerate(rows) for part, value in row.items()}


def session_row(day: str, minutes: int, places: str, empty: str = "") -> dict[str, str]:
    """A session of so many minutes, with the usual break where it is long."""
    return {"day": day, "places": places} | ({"empty": empty} if empty else {}) | row_of(minutes)


def plan_filled(plan: Mapping[str, Any], words: Words) -> Filled:
    """A plan that is kept, as the form would have it."""
    sessions = [
        {"day": one["day"], "places": str(one["places"]), "skill": one.get("skill") or ""}
        | hours_said(one["hours"])
        | ({"empty": written(Decimal(one["no_show"]) * 100, words)} if Decimal(one["no_show"]) else {})
        for one in plan["sessions"]
    ]
    more = [
        {"first_day": one["first_day"], "last_day": one["last_day"], "staff": written(one["staff"], words)}
        for one in plan["reinforcements"]
    ]
    facts = {"starts_on": [plan["starts_on"]], "budget": [words.amount(plan["budget_cents"])]}
    return facts | situation_filled(plan["situation"], words) | _rows(sessions, more)


def _rows(sessions: Iterable[Mapping[str, str]], more: Iterable[Mapping[str, str]]) -> Filled:
    return rows_filled(SESSIONS, sessions) | rows_filled(REINFORCEMENTS, more)


def usual_saturdays(today: date) -> Filled:
    """Three Saturdays, as the reference operation had them, from the second week on; their places are to be typed."""
    first = saturday_after(today)
    return rows_filled(SESSIONS, [session_row(f"{first + timedelta(weeks=n)}", USUAL_MINUTES, "") for n in range(3)])


def saturday_after(today: date) -> date:
    """The Saturday of the week that begins next Monday."""
    return monday_after(today) + timedelta(days=5)


def monday_after(today: date) -> date:
    """The next Monday that is to come."""
    return today + timedelta(days=7 - today.weekday())
