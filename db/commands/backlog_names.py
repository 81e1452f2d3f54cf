"""What a proposed operation names is there: the pole that carries it, its activity, those that are put aside.

Source: procedures, section 4 step 3
"""

from sqlalchemy.orm import Session

from db.models import ActivityRow
from db.queries.figures import activities
from domain.backlog.commands import ProposeOperation
from domain.gathering import Gathering
from domain.policy import PolicyBook
from domain.refusals import Invalid


def check_names(session: Session, asked: ProposeOperation, book: PolicyBook) -> Gathering:
    """What is named and is not there, each with its field."""
    wrong = Gathering()
    wrong.of(lambda: _check_pole(asked.pole, book))
    wrong.of(lambda: _check_activity(session, asked.activity))
    wrong.of(lambda: _check_put_aside(session, asked))
    return wrong


def _check_pole(pole: str, book: PolicyBook) -> None:
    known = [one.id for one in book.insurer.poles]
    if pole not in known:
        raise Invalid("There is no such pole.", f"Take one of: {', '.join(known)}.", field="pole")


def _check_put_aside(session: Session, asked: ProposeOperation) -> None:
    """What is put aside was named in advance as what may be, and is not what is brought back. Source: procedures,
    section 4 step 3"""
    may_be = sorted(row.id for row in activities(session) if row.secondary and row.id != asked.activity)
    if strange := [one for one in asked.put_aside if one not in may_be]:
        known = ", ".join(may_be)
        raise Invalid(
            f"{strange[0]} is no activity that may be put aside for this one.",
            f"Take one of: {known}." if known else "Leave it out, or have it named as one that may be put aside.",
            field="put_aside",
        )


def _check_activity(session: Session, activity_id: str) -> None:
    row = session.get(ActivityRow, activity_id)
    if row is None or not row.active:
        known = ", ".join(one.id for one in activities(session))
        raise Invalid(f"There is no activity {activity_id}.", f"Take one of: {known}.", field="activity")
