"""What the page of a task asks of a procedure: what is shown beside the task, and what need not be typed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.house import House
from api.pages.places import place_of
from api.pages.visit import Visit
from db.models import Case, TaskRow

Known = Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """One procedure's tasks as pages. `folder` has a template for each kind, and `done`.

    `known` tells what stands beside a task, `case` among it; `filled` what is known already of an outcome's fields;
    `said` names what is told of an outcome that was carried out, by where the case stands then; of the outcomes in
    `clicked` nothing is typed, so that the same person's second click loses nothing, and has not failed. `place` is
    where what was done is shown.
    """

    folder: str
    known: Callable[[Session, TaskRow, Case, Visit, House], Known]
    filled: Callable[[str, Known, Visit], Mapping[str, str | Iterable[str]]]
    said: Callable[[str, str], str] = lambda outcome, _state: outcome
    clicked: frozenset[str] = frozenset()
    place: Callable[[str], str] = place_of
