"""One owner: by skill, then by load; and where a task goes when people are away.

Source: procedures, section 1 steps 3 and 7
"""

from dataclasses import replace

import pytest

from domain.complaint.assignment import choose_owner
from domain.complaint.words import TaskKind
from domain.desk import OfferAgain, Reoffer
from domain.people import role_hat
from domain.refusals import FourEyes
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.bench import Bench, a_drafted_complaint, an_assigned_complaint
from tests.factories.complaints import (
    EXPERT,
    HANDLERS,
    MANAGER,
    OPERATIONS,
    OTHER_EXPERT,
    OTHER_MANAGER,
    REFERENT,
    a_complaint,
    a_draft,
    a_house,
    an_acknowledgement,
    an_analysis,
)


def owner_of(bench: Bench) -> str | None:
    return bench.house.staff.get(bench.case.owner_id).login if bench.case.owner_id else None


# Assignment: by skill, then by load.


def test_of_two_alike_the_one_with_fewer_open_cases_owns_the_complaint() -> None:
    loads = {"claire.morvan": 3, "yann.kerloch": 2}
    assert owner_of(an_assigned_complaint(a_house(load=loads))) == "yann.kerloch"


def test_of_two_alike_and_as_busy_the_alphabet_decides() -> None:
    assert owner_of(an_assigned_complaint()) == "claire.morvan"


def test_skill_comes_before_load() -> None:
    loads = {"yann.kerloch": 50}
    assert owner_of(an_assigned_complaint(a_house(load=loads), skills=frozenset({"german"}))) == "yann.kerloch"


def test_skill_comes_before_the_pole() -> None:
    assert owner_of(an_assigned_complaint(skills=frozenset({"arabic"}))) == "rozenn.abgrall"


def test_the_pole_comes_before_load() -> None:
    loads = {"claire.morvan": 50, "yann.kerloch": 50}
    assert owner_of(an_assigned_complaint(a_house(load=loads))) == "claire.morvan"


@pytest.mark.parametrize(("skill", "owner"), [("optical", EXPERT), ("dental", EXPERT), ("hospital", EXPERT)])
def test_optical_dental_and_hospital_files_go_to_an_expert(skill: str, owner: str) -> None:
    assert owner_of(an_assigned_complaint(skills=frozenset({skill}))) == owner


def test_of_two_experts_the_one_with_both_skills() -> None:
    loads = {EXPERT: 40}
    bench = an_assigned_complaint(a_house(load=loads), skills=frozenset({"dental", "optical"}))
    assert owner_of(bench) == EXPERT


def test_an_expert_skill_outweighs_a_language() -> None:
    bench = an_assigned_complaint(skills=frozenset({"optical", "english"}))
    assert owner_of(bench) in {EXPERT, OTHER_EXPERT}


def test_experts_are_spared_what_anybody_can_do() -> None:
    loads = dict.fromkeys(HANDLERS - {EXPERT, OTHER_EXPERT}, 9)
    assert owner_of(an_assigned_complaint(a_house(load=loads))) not in {EXPERT, OTHER_EXPERT}


def test_nobody_absent_is_chosen() -> None:
    assert owner_of(an_assigned_complaint(a_house(absent=["claire.morvan"]))) == "yann.kerloch"


def test_a_skill_that_nobody_present_has_is_not_waited_for() -> None:
    experts = a_house(absent=[EXPERT, OTHER_EXPERT])
    assert owner_of(an_assigned_complaint(experts, skills=frozenset({"dental"}))) is not None


def test_nobody_owns_a_complaint_about_themselves() -> None:
    for login in HANDLERS:
        alone = a_house(only=[login, MANAGER])
        assert choose_owner(a_complaint(about_id=person_id(login)), alone) is None
        assert choose_owner(a_complaint(about_id=person_id(MANAGER)), alone) is not None


def test_without_a_handler_at_work_whoever_takes_it_up_owns_it() -> None:
    bench = an_assigned_complaint(a_house(absent=HANDLERS))
    assert owner_of(bench) is None
    assert bench.who_can_do(TaskKind.ACKNOWLEDGE) == {MANAGER}
    bench.does(MANAGER, TaskKind.ACKNOWLEDGE, an_acknowledgement())
    assert owner_of(bench) == MANAGER
    bench.does(MANAGER, TaskKind.ANALYSE, an_analysis())
    bench.does(MANAGER, TaskKind.DRAFT_ANSWER, a_draft())
    with pytest.raises(FourEyes):
        bench.approves(MANAGER)


def test_a_complaint_about_the_manager_who_would_take_it_up_goes_above() -> None:
    bench = an_assigned_complaint(a_house(absent=HANDLERS), about_id=person_id(MANAGER))
    assert bench.who_can_do(TaskKind.ACKNOWLEDGE) == {OPERATIONS}


# Absences while a task is open.


def test_a_task_claimed_by_somebody_who_is_now_away_is_free_again() -> None:
    bench = a_drafted_complaint()
    bench.case = replace(
        bench.case,
        tasks=tuple(
            replace(task, claimed_by=person_id(REFERENT)) if task.kind == TaskKind.VALIDATE else task
            for task in bench.case.tasks
        ),
    )
    away = bench.at(absent=[REFERENT])
    away.machine(Reoffer())
    away.approves("alan.cadiou")  # her deputy
    assert away.case.approvals == {1: person_id("alan.cadiou")}


def test_the_claim_of_somebody_at_work_stays() -> None:
    bench = a_drafted_complaint()
    bench.case = replace(
        bench.case,
        tasks=tuple(
            replace(task, claimed_by=person_id(REFERENT)) if task.kind == TaskKind.VALIDATE else task
            for task in bench.case.tasks
        ),
    )
    away = bench.at(absent=[OTHER_MANAGER])
    assert away.machine(Reoffer()) == []


def test_looking_again_tells_when_a_link_is_left_to_nobody_and_when_it_no_longer_is() -> None:
    managers = [MANAGER, OTHER_MANAGER, "maud.corre", "herve.stephan", OPERATIONS, "francois.le.bihan"]
    bench = a_drafted_complaint()
    bench.approves(REFERENT)
    away = bench.at(absent=managers, deputies=dict.fromkeys(managers))
    away.machine(Reoffer())
    assert away.task(TaskKind.VALIDATE).nobody_left
    assert away.machine(Reoffer()) == []
    back = away.at()
    back.machine(Reoffer())
    assert not back.task(TaskKind.VALIDATE).nobody_left
    assert back.who_can_do(TaskKind.VALIDATE) == {MANAGER, OTHER_MANAGER, "maud.corre", "herve.stephan"}


def test_nobody_left_is_told_to_the_direction_once_per_task() -> None:
    everybody = [*HANDLERS, MANAGER, REFERENT, OPERATIONS, "francois.le.bihan"]
    bench = an_assigned_complaint().at(absent=everybody)
    bench.machine(Reoffer())
    bench.machine(Reoffer())
    assert bench.open_kinds() == [TaskKind.ACKNOWLEDGE, TaskKind.UNBLOCK]
    assert bench.task(TaskKind.UNBLOCK).offered_to >= {role_hat(Role.OPERATIONS_DIRECTOR)}


def test_the_directions_task_never_reaches_the_person_whom_the_complaint_is_about() -> None:
    everybody = [*HANDLERS, MANAGER, REFERENT, OPERATIONS, "francois.le.bihan"]
    bench = an_assigned_complaint(about_id=person_id(OPERATIONS)).at(absent=everybody)
    bench.machine(Reoffer())
    with pytest.raises(FourEyes):
        bench.at().does(OPERATIONS, TaskKind.UNBLOCK, OfferAgain())
