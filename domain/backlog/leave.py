"""Which days of absence were paid leave: said once, they stay so for every pay file that follows.

A day that is left out of a later file makes its overtime less: it is taken away on purpose, with the reason, or not.
Source: procedures, section 4 step 5
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.backlog.commands import PreparePay
from domain.refusals import Invalid

PaidLeaves = Mapping[str, frozenset[date]]
"""Login → the days of absence that were paid leave."""


@dataclass(frozen=True)
class NamedLeave:
    """The days that a pay file counts as paid leave; those that it does not, though an earlier one did, and why."""

    days: PaidLeaves = field(default_factory=dict)
    taken_away: PaidLeaves = field(default_factory=dict)
    reason: str | None = None


def together(*told: PaidLeaves) -> PaidLeaves:
    """The days of all of them."""
    logins = sorted({login for leaves in told for login in leaves})
    return {login: frozenset[date]().union(*(leaves.get(login, ()) for leaves in told)) for login in logins}


def beyond(known: PaidLeaves, named: PaidLeaves) -> PaidLeaves:
    """The known days that are not named."""
    missing = {login: days - named.get(login, frozenset()) for login, days in known.items()}
    return {login: days for login, days in missing.items() if days}


def leave_of(command: PreparePay, known: PaidLeaves) -> NamedLeave:
    """What accounting says now, beside what it had said before. Said nothing, it stays; a day is taken away with the
    reason only. Raises Invalid.

    Source: procedures, section 4 step 5
    """
    named = known if command.paid_leave is None else _named(command)
    missing, reason = beyond(known, named), command.leave_taken_away
    if missing and reason is None:
        login = min(missing)
        raise Invalid(
            f"{min(missing[login])} was paid leave of {login} in an earlier pay file, and is not named any more.",
            "Name it again; or say why it was none.",
            field="leave_taken_away",
        )
    if reason is not None and not missing:
        raise Invalid(
            "No day that an earlier pay file counted as paid leave is taken away.",
            "Leave the day out that was none; or leave the reason out.",
            field="leave_taken_away",
        )
    return NamedLeave(named, missing, reason)


def _named(command: PreparePay) -> PaidLeaves:
    told = command.paid_leave or ()
    leaves = {one.login: frozenset(one.days) for one in told}
    if len(leaves) < len(told):
        raise Invalid("Somebody's leave is named twice.", "Give all of their days once.", field="paid_leave")
    return leaves
