"""Write on a case of any procedure whether its member was told that it takes longer."""

from typing import Any

from db.commands.case import apply
from db.commands.journal import Writing
from db.models import DelayNoticeRow
from domain.delay import DelayNotTold, DelayTold


def _have_turn(event: DelayTold | DelayNotTold, writing: Writing, **values: Any) -> None:
    """Its turn comes once: the register refuses a second one."""
    is_it = DelayNoticeRow.message_id == event.message_id
    writing.batch.change(DelayNoticeRow.case_id, writing.case.id, is_it, at=writing.at, **values)


@apply.register
def _(event: DelayTold, writing: Writing) -> None:
    _have_turn(event, writing, status="told")


@apply.register
def _(event: DelayNotTold, writing: Writing) -> None:
    _have_turn(event, writing, status="not_told", reason=event.reason.value)
