"""Cases that an operation lends: which ones, to whom, for how long; and what the register holds against the rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from api.backlog_dispatch import dispatches_view
from db.commands.backlog_seat import give_back
from db.commands.lending import take_back_anew, take_back_over
from db.commands.task import claim
from db.models import Case, ComplaintRow, DispatchRow, LoanRow, OperationRow, StaffIban
from db.queries.complaint import position as complaint_position
from db.queries.doctor import read_cases
from domain.ailments import AilmentKind
from domain.backlog.commands import Grant, RequestExtension, Stop
from domain.commands import CommandStatus
from domain.complaint.commands import Reassign
from domain.complaint.words import Category
from domain.doctor import RunFacts, judge
from domain.lending import LoanEnd
from domain.refusals import NotYourTask, TaskTaken
from local.demo_staff import person_id
from tests.factories.backlog_desk import MANAGER, REFERENT, WHY, came, comes_to, do, remind, signs_up, today
from tests.factories.backlog_rows import sessions_of
from tests.factories.claim_desk import decide, enter_claim
from tests.factories.complaints import AUTHOR, COLLEAGUE, GENERAL, NOON, OPERATIONS, an_acknowledgement, an_analysis
from tests.factories.lending_desk import (
    AUDITOR,
    OTHER_AUDITOR,
    cases_decide,
    dispatches,
    is_lent_to,
    lent,
    loans,
    offered,
    open_loan,
    running,
    session_day,
)
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

PARIS = ZoneInfo("Europe/Paris")
WEEKS = weeks_apart()


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> Iterator[None]:
    """Each test has weeks of its own; what it leaves is not there any more."""
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    yield
    with desk.sessions.begin() as session:
        session.execute(update(Case).where(Case.ended_at.is_(None)).values(ended_at=desk.at))


def refused(desk: Desk, *statements: Any) -> str:
    """The name of the rule that the register holds against these statements."""
    with pytest.raises(DBAPIError) as caught:
        _execute(desk, *statements)
    error: Any = caught.value.orig
    return str(error.diag.constraint_name or error.sqlstate)


def _execute(desk: Desk, *statements: Any) -> None:
    with desk.sessions.begin() as session:
        for statement in statements:
            session.execute(statement)


def test_the_oldest_complaints_are_lent_and_their_tasks_are_the_volunteer_s_as_well(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    assert loans(desk, complaint) == [(person_id(AUDITOR), None)]
    assert is_lent_to(desk, AUDITOR, complaint)
    assert not is_lent_to(desk, OTHER_AUDITOR, complaint)
    is_offered, task = offered(desk, complaint, "acknowledge")
    assert is_offered
    assert f"person:{person_id(AUTHOR)}" in task.offered_to, "it stays its owner's"
    for kind, body in (("acknowledge", an_acknowledgement()), ("analyse", an_analysis())):
        assert desk.do(complaint, AUDITOR, body, kind).status is CommandStatus.APPLIED
    assert offered(desk, complaint, "draft_answer")[0], "the next one is theirs too"
    assert desk.do(complaint, OTHER_AUDITOR, an_acknowledgement(), "draft_answer").code == "not_your_task"
    with desk.sessions() as session:
        told = session.scalars(select(DispatchRow).where(DispatchRow.operation_id == operation_id)).one()
    assert (told.given, told.left_over) == (1, [])


def test_sensitive_ones_ones_in_somebody_s_hands_and_one_s_own_are_lent_to_nobody(desk: Desk) -> None:
    lawyer = {"name": "Me Armelle Kerjean", "kind": "lawyer", "address": ["1 quai Neuf", "29200 Brest"]}
    sensitive, in_hand, about, own = (
        desk.enter(complainant=lawyer),
        desk.enter(),
        desk.enter(about=AUDITOR),
        desk.enter(complainant={"member_number": "M0000097"}),
    )
    with desk.sessions.begin() as session:
        session.add(StaffIban(staff_id=person_id(AUDITOR), iban_hash=uuid7().bytes, member_number="M0000097"))
        claim(session, desk.task(in_hand, "acknowledge").id, desk.actor(AUTHOR), desk.at, desk.at.date())
    operation_id = running(desk)
    assert dispatches(desk, operation_id).status is CommandStatus.APPLIED
    assert cases_decide(desk) == []
    assert [loans(desk, one) for one in (sensitive, in_hand, about, own)] == [[], [], [], []]
    with desk.sessions() as session:
        told = session.scalars(select(DispatchRow).where(DispatchRow.operation_id == operation_id)).one()
    left = {"why": "no_skill", "skills": ["english"], "cases": 2}
    assert told.left_over == [left], "those that somebody else could do"


def test_what_has_happened_meanwhile_declines_the_loan_and_says_why(desk: Desk) -> None:
    in_hand, sensitive, fine = desk.enter(), desk.enter(), desk.enter()
    assert dispatches(desk, running(desk)).status is CommandStatus.APPLIED
    with desk.sessions.begin() as session:
        claim(session, desk.task(in_hand, "acknowledge").id, desk.actor(AUTHOR), desk.at, desk.at.date())
        session.get_one(ComplaintRow, sensitive).category = Category.SENSITIVE
    assert cases_decide(desk) == ["lend"] * 3
    why = [loans(desk, one)[0][1] for one in (in_hand, sensitive, fine)]
    assert why == ["nothing_to_do", "not_ordinary", None]


def test_a_complaint_that_turns_out_to_be_sensitive_goes_back(desk: Desk) -> None:
    _, complaint = lent(desk)
    desk.do(complaint, AUDITOR, an_acknowledgement(), "acknowledge")
    analysed = an_analysis(category=Category.SENSITIVE)
    assert desk.do(complaint, AUDITOR, analysed, "analyse").status is CommandStatus.APPLIED
    assert loans(desk, complaint) == [(person_id(AUDITOR), "not_ordinary")]
    assert LoanEnd.NOT_ORDINARY.told is LoanEnd.ENDED, "a list does not say that it is sensitive"
    assert not offered(desk, complaint, "draft_answer")[0]
    assert not is_lent_to(desk, AUDITOR, complaint)


def test_a_new_owner_leaves_it_with_its_borrower(desk: Desk) -> None:
    _, complaint = lent(desk)
    given = Reassign(to=COLLEAGUE, reason="conflict_of_interest")
    assert desk.do(complaint, MANAGER, given, None, "reassign").status is CommandStatus.APPLIED
    is_offered, task = offered(desk, complaint, "acknowledge")
    assert is_offered
    assert f"person:{person_id(COLLEAGUE)}" in task.offered_to


def test_a_loan_gives_a_right_to_the_last_minute_of_the_operation_s_last_day(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions() as session:
        ends_on = session.get_one(OperationRow, operation_id).ends_on
    desk.at = datetime.combine(ends_on, time(23, 59), PARIS)
    assert is_lent_to(desk, AUDITOR, complaint)
    last = desk.give(complaint, AUDITOR, an_acknowledgement(), "acknowledge")
    desk.at += timedelta(minutes=1)
    assert not is_lent_to(desk, AUDITOR, complaint), "nobody has done anything for that"
    assert loans(desk, complaint) == [(person_id(AUDITOR), None)]
    assert desk.do(complaint, AUDITOR, an_analysis(), "acknowledge").code == "not_your_task"
    assert desk.settle(last).status is CommandStatus.APPLIED, "it was given in time"


def test_an_extension_goes_on_with_what_was_lent(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions() as session:
        ends_on = session.get_one(OperationRow, operation_id).ends_on
    asked = RequestExtension(until=ends_on + timedelta(days=7), reason=WHY)
    do(desk, operation_id, OPERATIONS, asked, None, "request_extension")
    comes_to(desk, ends_on + timedelta(days=1), 9)
    assert not is_lent_to(desk, AUDITOR, complaint)
    assert do(desk, operation_id, GENERAL, Grant(), "approve_extension").status is CommandStatus.APPLIED
    assert is_lent_to(desk, AUDITOR, complaint)


def test_what_was_claimed_under_a_right_that_ended_is_free_to_its_owner_at_once(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    task_id = desk.task(complaint, "acknowledge").id
    with desk.sessions() as session:
        ends_on = session.get_one(OperationRow, operation_id).ends_on
    claims(desk, AUDITOR, task_id)
    comes_to(desk, ends_on, 23)
    with pytest.raises(TaskTaken):
        claims(desk, AUTHOR, task_id)
    comes_to(desk, ends_on + timedelta(days=1), 1)
    with pytest.raises(NotYourTask):
        claims(desk, AUDITOR, task_id)
    claims(desk, AUTHOR, task_id)
    assert desk.do(complaint, AUTHOR, an_acknowledgement(), "acknowledge").status is CommandStatus.APPLIED


def claims(desk: Desk, login: str, task_id: UUID) -> None:
    """Somebody takes a task in hand."""
    with desk.sessions.begin() as session:
        claim(session, task_id, desk.actor(login), desk.at, today(desk))


@pytest.mark.parametrize(("days_after", "over"), [(0, False), (1, True), (4, True)])
def test_the_morning_after_the_last_day_takes_back_what_nobody_has_closed(
    desk: Desk, days_after: int, over: bool
) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions() as session:
        ends_on = session.get_one(OperationRow, operation_id).ends_on
    claims(desk, AUDITOR, desk.task(complaint, "acknowledge").id)
    comes_to(desk, ends_on + timedelta(days=days_after), 8)
    assert ailments(desk, complaint) == (["lent_in_vain"] if over else [])
    for _ in range(2):
        with desk.sessions.begin() as session:
            take_back_over(session, today(desk), desk.at)
    cases_decide(desk)
    assert (desk.task(complaint, "acknowledge").claimed_by is None) is over
    assert offered(desk, complaint, "acknowledge")[0] is not over
    assert ailments(desk, complaint) == []
    assert loans(desk, complaint) == [(person_id(AUDITOR), "operation_ended" if over else None)]


def test_a_loan_whose_right_has_ended_keeps_a_case_from_no_other_operation(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions() as session:
        ends_on = session.get_one(OperationRow, operation_id).ends_on
    comes_to(desk, ends_on, 9)
    other = running(desk, OTHER_AUDITOR)
    assert dispatches(desk, other).status is CommandStatus.APPLIED
    assert cases_decide(desk) == ["take_back", "lend"]
    assert loans(desk, complaint) == [(person_id(AUDITOR), "operation_ended"), (person_id(OTHER_AUDITOR), None)]
    assert is_lent_to(desk, OTHER_AUDITOR, complaint)


def test_the_list_of_loans_shows_a_case_to_nobody_whom_it_is_about_nor_who_reads_no_such_cases(desk: Desk) -> None:
    about_manager, other = desk.enter(about=MANAGER), desk.enter()
    operation_id = running(desk)
    dispatches(desk, operation_id)
    cases_decide(desk)
    with desk.sessions() as session:
        reference = {one: session.get_one(Case, one).reference for one in (operation_id, about_manager, other)}
        told = {who: dispatches_view(session, desk.actor(who), reference[operation_id]) for who in (MANAGER, GENERAL)}
        assert [one.case for one in told[MANAGER].loans] == [reference[other]]
        assert {one.case for one in told[GENERAL].loans} == {reference[about_manager], reference[other]}
        assert [(one.lent, one.lent_now, one.not_shown) for one in told.values()] == [(2, 2, 1), (2, 2, 0)]
        nobody = replace(desk.actor(MANAGER), id=uuid7(), roles=frozenset(), hats=frozenset())
        assert dispatches_view(session, nobody, reference[operation_id]).not_shown == 2


def test_the_end_of_the_operation_takes_everything_back_and_frees_what_was_in_hand(desk: Desk) -> None:
    other, operation_and_complaint = desk.enter(), lent(desk)
    operation_id, complaint = operation_and_complaint
    with desk.sessions.begin() as session:
        claim(session, desk.task(complaint, "acknowledge").id, desk.actor(AUDITOR), desk.at, desk.at.date())
        claim(session, desk.task(other, "acknowledge").id, desk.actor(AUTHOR), desk.at, desk.at.date())
    assert do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop").status is CommandStatus.APPLIED
    assert not is_lent_to(desk, AUDITOR, complaint), "at once, before any case has heard of it"
    assert cases_decide(desk) == ["take_back"] * 2
    assert loans(desk, complaint) == loans(desk, other) == [(person_id(AUDITOR), "operation_ended")]
    assert (offered(desk, complaint, "acknowledge")[0], desk.task(complaint, "acknowledge").claimed_by) == (False, None)
    assert desk.task(other, "acknowledge").claimed_by == person_id(AUTHOR), "what its owner has in hand stays there"


def test_what_is_still_to_be_lent_when_the_operation_ends_is_lent_and_taken_back(desk: Desk) -> None:
    complaint = desk.enter()
    operation_id = running(desk)
    dispatches(desk, operation_id)
    do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop")
    assert cases_decide(desk) == ["lend", "take_back"]
    assert loans(desk, complaint) == [(person_id(AUDITOR), "operation_ended")]
    assert not offered(desk, complaint, "acknowledge")[0]


def test_who_did_not_come_has_nothing_and_what_nobody_has_begun_goes_back(desk: Desk) -> None:
    complaints = [desk.enter() for _ in range(4)]
    operation_id = running(desk, AUDITOR, OTHER_AUDITOR)
    dispatches(desk, operation_id)
    cases_decide(desk)
    of = {one: [case for case in complaints if is_lent_to(desk, one, case)] for one in (AUDITOR, OTHER_AUDITOR)}
    assert [len(cases) for cases in of.values()] == [2, 2], "in equal shares"
    for login, cases in of.items():
        assert desk.do(cases[0], login, an_acknowledgement(), "acknowledge").status is CommandStatus.APPLIED
    comes_to(desk, session_day(desk, operation_id), 19)
    remind(desk, operation_id, "daily_point")
    minutes = came(gildas_madec=420, maiwenn_le_saux=0)
    assert do(desk, operation_id, REFERENT, minutes, "enter_attendance").status is CommandStatus.APPLIED
    cases_decide(desk)
    begun, untouched = of[AUDITOR]
    assert [loans(desk, one)[0][1] for one in (begun, untouched)] == [None, "session_over"]
    assert {loans(desk, one)[0][1] for one in of[OTHER_AUDITOR]} == {"no_show"}


def test_two_operations_never_lend_one_case_at_once(desk: Desk) -> None:
    _, complaint = lent(desk)
    here = desk.at
    desk.at -= timedelta(days=4)
    other = running(desk, OTHER_AUDITOR)
    assert dispatches(desk, other).status is CommandStatus.APPLIED
    assert cases_decide(desk) == []
    loan = open_loan(desk, complaint)
    who, another = person_id(OTHER_AUDITOR), uuid7()
    asked = {"case_id": complaint, "person_id": who, "session_id": loan.session_id, "asked_at": here}
    second = insert(LoanRow).values(id=another, operation_id=loan.operation_id, **asked)
    assert refused(desk, second.values(lent_at=here)) == "loan_is_asked_for"
    lent_as_well = update(LoanRow).where(LoanRow.id == another).values(lent_at=here)
    assert refused(desk, second, lent_as_well) == "uq_loans_live"
    with desk.sessions.begin() as session:
        session.execute(second)
    body = {"loan_id": str(another), "person_id": str(who), "operation": "OPE-2026-000002", "session": 1}
    asked_to = desk.machine(complaint, "lend", "again", **body, until=today(desk).isoformat())
    assert desk.settle(asked_to).status is CommandStatus.APPLIED
    assert loans(desk, complaint) == [(person_id(AUDITOR), None), (person_id(OTHER_AUDITOR), "lent_already")]


def test_room_is_what_the_minutes_allow_less_what_somebody_has(desk: Desk) -> None:
    complaints = [desk.enter() for _ in range(5)]
    operation_id = running(desk, minutes=120)
    for wanted in (3, 0):  # seven hours are three cases of two hours; given again, there is no room left
        assert dispatches(desk, operation_id).status is CommandStatus.APPLIED
        assert len(cases_decide(desk)) == wanted
    with desk.sessions() as session:
        told = list(session.scalars(select(DispatchRow).where(DispatchRow.operation_id == operation_id)))
    assert sorted((one.given, one.left_over[0]["cases"]) for one in told) == [(0, 2), (3, 2)]
    assert [bool(loans(desk, one)) for one in complaints] == [True] * 3 + [False] * 2, "the oldest"


def test_only_whoever_runs_a_session_gives_out_and_only_around_it(desk: Desk) -> None:
    operation_id = running(desk, AUDITOR, MANAGER)
    assert dispatches(desk, operation_id, MANAGER).code == "four_eyes"
    assert dispatches(desk, operation_id, REFERENT, session=2).code == "wrong_step"
    assert dispatches(desk, operation_id, REFERENT, session=9).code == "invalid"
    desk.at -= timedelta(days=1)
    assert dispatches(desk, operation_id, REFERENT).code == "wrong_step", "Thursday is not the eve of a Saturday"
    comes_to(desk, session_day(desk, operation_id), 23)
    assert dispatches(desk, operation_id, REFERENT).status is CommandStatus.APPLIED
    comes_to(desk, session_day(desk, operation_id) + timedelta(days=1), 1)
    assert dispatches(desk, operation_id, REFERENT).code == "wrong_step"


def test_an_expert_s_claim_goes_to_who_has_the_skill_and_its_confirmation_to_nobody(desk: Desk) -> None:
    claim_id = enter_claim(desk, amount_cents=600_000)
    operation_id = running(desk, AUDITOR, "alan.cadiou", procedure="claim")
    dispatches(desk, operation_id)
    cases_decide(desk)
    assert loans(desk, claim_id) == [(person_id("alan.cadiou"), None)], "a referent of another pole; no auditor"
    assert decide(desk, claim_id, "alan.cadiou").status is CommandStatus.APPLIED
    task = desk.task(claim_id, "confirm")
    assert not [hat for hat in task.offered_to if hat.startswith("borrower")]


def test_administrators_and_internal_control_borrow_nothing(desk: Desk) -> None:
    desk.enter()
    operation_id = running(desk, "alexis.cozic", "katell.rolland")
    dispatches(desk, operation_id)
    assert cases_decide(desk) == []


def test_a_loan_ends_once_and_is_never_forgotten(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    loan = open_loan(desk, complaint)
    change = update(LoanRow).where(LoanRow.id == loan.id)
    assert refused(desk, change.values(person_id=person_id(OTHER_AUDITOR))) == "loan_unchanged"
    do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop")
    cases_decide(desk)
    assert refused(desk, change.values(ended_at=None, why=None)) == "loan_ends_once"
    assert refused(desk, delete(LoanRow).where(LoanRow.id == loan.id))


def test_a_volunteer_who_gives_their_place_back_has_nothing_any_more(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions.begin() as session:
        give_back(session, sessions_of(session, operation_id)[0], desk.actor(AUDITOR), desk.at, desk.book)
    cases_decide(desk)
    assert loans(desk, complaint) == [(person_id(AUDITOR), "signed_off")]
    signs_up(desk, operation_id, AUDITOR)
    dispatches(desk, operation_id)
    cases_decide(desk)
    assert loans(desk, complaint)[1] == (person_id(AUDITOR), None)


def test_the_doctor_names_a_loan_that_outlives_its_operation_and_the_case_is_asked_once_more(desk: Desk) -> None:
    operation_id, complaint = lent(desk)
    with desk.sessions.begin() as session:
        claim(session, desk.task(complaint, "acknowledge").id, desk.actor(AUDITOR), desk.at, desk.at.date())
    assert ailments(desk, complaint) == []
    do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop")
    assert ailments(desk, complaint) == [], "it has just been asked"
    desk.sql("DELETE FROM commands WHERE kind = 'take_back' AND status = 'received'")  # as no program of ours does
    assert ailments(desk, complaint) == ["lent_in_vain"]
    with desk.sessions.begin() as session:
        told = take_back_anew(session, open_loan(desk, complaint).id, desk.at)
    assert desk.settle(told).status is CommandStatus.APPLIED
    assert ailments(desk, complaint) == []
    assert desk.task(complaint, "acknowledge").claimed_by is None
    assert loans(desk, complaint) == [(person_id(AUDITOR), "operation_ended")]


def ailments(desk: Desk, case_id: UUID) -> list[str]:
    """What the doctor says of the loans of a case."""
    with desk.sessions() as session:
        [facts] = read_cases(session, [case_id], lambda s, case: complaint_position(s, case, desk.book)).cases
    found = judge(facts, RunFacts(running=True, asked=False), desk.at)
    return [one.kind.value for one in found if one.kind is AilmentKind.LENT_IN_VAIN]
