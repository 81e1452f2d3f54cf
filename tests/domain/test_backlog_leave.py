"""Paid leave that was named stays named: left out by mistake it is refused, taken away on purpose it has a reason."""

from datetime import date

import pytest

from domain.backlog.commands import PaidLeave, PreparePay
from domain.backlog.leave import NamedLeave, beyond, leave_of, together
from domain.backlog.payroll import Payroll
from domain.backlog.slips import read_leave, write_slips
from domain.refusals import Invalid

TUESDAY, WEDNESDAY = date(2031, 3, 11), date(2031, 3, 12)
KNOWN = {"claire.morvan": frozenset({TUESDAY, WEDNESDAY})}


def said(*days: date, reason: str | None = None, login: str = "claire.morvan") -> PreparePay:
    named = (PaidLeave(login=login, days=days),) if days else ()
    return PreparePay(paid_leave=named, leave_taken_away=reason)


def test_said_nothing_it_stays_as_it_was() -> None:
    assert leave_of(PreparePay(), KNOWN) == NamedLeave(KNOWN)
    assert leave_of(PreparePay(), {}) == NamedLeave()


def test_a_day_more_is_named_without_a_reason() -> None:
    assert leave_of(said(TUESDAY, WEDNESDAY), {"claire.morvan": frozenset({TUESDAY})}) == NamedLeave(KNOWN)


@pytest.mark.parametrize("command", [said(), said(TUESDAY), said(TUESDAY, WEDNESDAY, login="yann.kerloch")])
def test_a_day_that_is_left_out_without_a_reason_is_refused(command: PreparePay) -> None:
    with pytest.raises(Invalid, match=r"paid leave of claire\.morvan in an earlier pay file") as refused:
        leave_of(command, KNOWN)
    assert (refused.value.field, bool(refused.value.remedy)) == ("leave_taken_away", True)


def test_with_the_reason_it_is_taken_away_and_both_are_kept() -> None:
    told = leave_of(said(TUESDAY, reason="C’était un arrêt maladie."), KNOWN)
    taken = {"claire.morvan": frozenset({WEDNESDAY})}
    assert told == NamedLeave({"claire.morvan": frozenset({TUESDAY})}, taken, "C’était un arrêt maladie.")
    assert read_leave(write_slips(Payroll(), told)) == told
    assert read_leave(b"[]") is None, "a file of before did not keep it"


def test_a_reason_without_a_day_and_somebody_twice_are_refused() -> None:
    with pytest.raises(Invalid, match="No day"):
        leave_of(said(TUESDAY, WEDNESDAY, reason="Erreur."), KNOWN)
    twice = (PaidLeave(login="claire.morvan", days=(TUESDAY,)),) * 2
    with pytest.raises(Invalid, match="twice"):
        leave_of(PreparePay(paid_leave=twice), {})


def test_leave_of_several_files_is_that_of_all() -> None:
    one, other = {"a": frozenset({TUESDAY})}, {"a": frozenset({WEDNESDAY}), "b": frozenset({TUESDAY})}
    assert together(one, other) == {"a": frozenset({TUESDAY, WEDNESDAY}), "b": frozenset({TUESDAY})}
    assert beyond(other, one) == other
    assert together() == {}
