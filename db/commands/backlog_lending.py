"""What an operation gives out, and what it takes back: when it ends, when a session is over, from who did not come.

Each case is asked in this very transaction, and decides under its own lock. An operation is always locked before the
cases that it lends; none of them ever waits for it.
"""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from db.commands.case import apply
from db.commands.command import receive_all_from_machine
from db.commands.journal import Writing
from db.commands.lending import asked_to_lend, take_back
from db.models import DispatchRow, LoanRow
from db.queries.lending import has_been_begun, of_running
from domain.backlog import events as happened
from domain.backlog.dispatch import Given
from domain.civil import local_date
from domain.commands import MachineCommand
from domain.lending import LoanEnd


@apply.register
def _(event: happened.CasesDispatched, writing: Writing) -> None:
    writing.batch.insert(
        DispatchRow,
        id=writing.command_id,
        operation_id=writing.case.id,
        session_id=event.session_id,
        given=len(event.given),
        left_over=[one.as_json() for one in event.left],
        by_id=event.person_id,
        at=writing.at,
    )
    _take_back_from_others(writing, [one.case_id for one in event.given])
    receive_all_from_machine(writing.session, [_lent(writing, event, one) for one in event.given])


def _take_back_from_others(writing: Writing, case_ids: Sequence[UUID]) -> None:
    """What an operation that is over still lends of these goes back first: no case is lent twice at once."""
    assert writing.book is not None  # whatever is decided is decided by a policy
    today = local_date(writing.at, writing.book.version(writing.case.policy).office.zone)
    take_back(writing.session, LoanEnd.OPERATION_ENDED, writing.at, LoanRow.case_id.in_(case_ids), ~of_running(today))


def _lent(writing: Writing, event: happened.CasesDispatched, one: Given) -> MachineCommand:
    values = {
        "id": uuid7(),
        "case_id": one.case_id,
        "person_id": one.volunteer_id,
        "operation_id": writing.case.id,
        "session_id": event.session_id,
        "asked_at": writing.at,
    }
    writing.batch.insert(LoanRow, **values)
    return asked_to_lend(LoanRow(**values), writing.case.reference, event.number, event.until)


def return_all(writing: Writing) -> None:
    """The operation has ended: whatever it has lent, or was about to, goes back."""
    take_back(writing.session, LoanEnd.OPERATION_ENDED, writing.at, LoanRow.operation_id == writing.case.id)


def return_after_session(writing: Writing, event: happened.AttendanceEntered) -> None:
    """Whoever did not come has nothing any more; what nobody has begun goes back. What was begun stays with whoever
    has begun it, until the operation ends."""
    return_no_show(writing, event.session_id, [person_id for person_id, minutes in event.minutes if not minutes])
    of_session = LoanRow.session_id == event.session_id
    take_back(writing.session, LoanEnd.SESSION_OVER, writing.at, of_session, ~has_been_begun())


def return_no_show(writing: Writing, session_id: UUID, absent: Sequence[UUID]) -> None:
    """What these people had in a session goes back: they did not come."""
    of_them = (LoanRow.session_id == session_id, LoanRow.person_id.in_(absent))
    take_back(writing.session, LoanEnd.NO_SHOW, writing.at, *of_them)
