"""A plan that is typed, checked as if it were proposed: what it would do, or all that is wrong with it at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from api.house import House
from api.pages.backlog.effect import Effect, Planned, effect_of
from api.pages.backlog.plan_form import SESSIONS, plan_mistaken
from api.pages.form import FormView
from api.pages.typed import Typed
from api.pages.visit import Visit
from db.queries.backlog_seats import law_of
from db.queries.backlog_terms import prices
from db.queries.calendar import calendar
from domain.backlog.commands import ReinforcementAsked, SessionAsked, SituationAsked
from domain.backlog.plan import Parts, Rules, checked, mistakes_in
from domain.civil import SaneDay
from domain.refusals import Refusal

_Form = TypeVar("_Form", bound=BaseModel)
_DAY: TypeAdapter[Any] = TypeAdapter(SaneDay)


def look_ahead(session: Session, one: Planned, house: House) -> Effect:
    """What the plan would do, once it is checked as if it were proposed.

    Raises Invalid, AgainstLabourLaw, BeyondBudget.
    """
    version = house.book.in_force_on(house.today())
    hour = prices(session, one.asked.starts_on, version.backlog.pay)
    checked(one.asked, replace(_rules(session, house), prices=hour))
    return effect_of(session, one, version)


async def plan_wrong(
    address: str, typed: Typed, said: Mapping[str, Any], error: Exception, visit: Visit, house: House
) -> FormView:
    """The form again: what cannot be read, and what is against a rule in all that can."""
    others: Iterable[Refusal] = ()
    if not isinstance(error, Refusal):
        others = await house.transact(lambda session: list(mistakes_in(_parts(said), _rules(session, house))))
    return plan_mistaken(address, typed, error, visit.words, others=others)


def _rules(session: Session, house: House) -> Rules:
    version = house.book.in_force_on(house.today())
    return Rules(version.backlog, law_of(session, version), calendar(session), house.today())


def _parts(said: Mapping[str, Any]) -> Parts:
    try:
        starts_on = _DAY.validate_python(said.get("starts_on"))
    except ValidationError:
        starts_on = None
    situation = _read(SituationAsked, [said.get("situation", {})])
    sessions = _read(SessionAsked, said.get(SESSIONS, ()))
    return Parts(starts_on, situation.get(0), sessions, _read(ReinforcementAsked, said.get("reinforcements", ())))


def _read(form: type[_Form], told: Iterable[Any]) -> dict[int, _Form]:
    """Those of them that can be read, by their places."""
    found = {}
    for place, one in enumerate(told):
        try:
            found[place] = form.model_validate(one)
        except ValidationError:
            continue
    return found
