"""The demo's volunteers: eight people whose contract, usual week and hourly pay the administrator has entered."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.backlog_locks import lock_volunteers
from db.commands.backlog_volunteer import Writer, entry_of, write_volunteers
from db.models import VolunteerRow
from domain.backlog.volunteer import UsualHours, VolunteerAsked
from local.demo_staff import person_id

ENTERED_BY = "alexis.cozic"
ENTERED_BEFORE = timedelta(weeks=8)
_MORNING = (time(9), time(12, 30))
_WHOLE = (_MORNING, (time(13, 30), time(17)))
_HALF = (_MORNING,)
_Day = tuple[tuple[time, time], ...]

WORK: dict[str, tuple[int, tuple[_Day, ...]]] = {
    "claire.morvan": (1_650, (_WHOLE,) * 5),
    "yann.kerloch": (1_620, (_WHOLE,) * 5),
    "soizic.le.dantec": (2_080, (_WHOLE,) * 5),
    "nolwenn.salaun": (1_590, (_WHOLE,) * 5),
    "erwan.tanguy": (1_710, (_WHOLE,) * 5),
    "malo.quere": (1_540, (_WHOLE,) * 5),
    "rozenn.abgrall": (1_610, (_WHOLE,) * 5),
    "tangi.riou": (1_580, (_WHOLE, _WHOLE, _HALF, _WHOLE, _WHOLE)),
}
"""Login → gross cents of an hour, and the days of the usual week from Monday on. Tangi works part-time: the law lets
nobody add a Saturday to such a week."""


def load_volunteers(session: Session, now: datetime) -> bool:
    """Enter them, once; False where somebody's work is known already."""
    lock_volunteers(session)
    if session.scalar(select(VolunteerRow.person_id).limit(1)) is not None:
        return False
    entered_at = now - ENTERED_BEFORE
    wanted = [
        entry_of(person_id(login), _asked(*work), entered_at.date(), is_known=False) for login, work in WORK.items()
    ]
    write_volunteers(session, wanted, Writer(entered_at, entered_at.date(), person_id(ENTERED_BY)))
    return True


def _asked(hourly_cents: int, week: tuple[_Day, ...]) -> VolunteerAsked:
    hours = [(day, *span) for day, spans in enumerate(week) for span in spans]
    return VolunteerAsked(
        contract_minutes=sum(60 * (end.hour - start.hour) + end.minute - start.minute for _, start, end in hours),
        hourly_cents=hourly_cents,
        timetable=tuple(UsualHours(weekday=day, starts_at=start, ends_at=end) for day, start, end in hours),
    )
