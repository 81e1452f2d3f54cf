"""By when a finding is put right, who is reminded, and who hears of it when it is late."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from domain.events import ReminderDue
from domain.finding.deadlines import (
    acceptance_deadline,
    finding_rungs,
    plan_deadline,
    remediation_deadline,
    verification_deadline,
)
from domain.finding.intake import NewFinding, check_new
from domain.finding.words import FindingDeadline, FindingOrigin, FindingTask, RiskLevel
from domain.policy import RungAddressee
from domain.refusals import FourEyes, Invalid
from local.demo_staff import STAFF, person_id
from tests.factories.finding_bench import AGREED_ON, FindingBench, a_finding, a_house_on
from tests.factories.rules import a_calendar, the_book

VERSION = the_book().in_force_on(AGREED_ON)
DAYS = {RiskLevel.VERY_LOW: 270, RiskLevel.LOW: 180, RiskLevel.MEDIUM: 90, RiskLevel.HIGH: 60, RiskLevel.MAJOR: 30}
VALIDATOR = UUID(int=7)
LOGINS = {person_id(one.login): one.login for one in STAFF}


def a_new_one(risk: RiskLevel = RiskLevel.HIGH, **changes: object) -> NewFinding:
    """A recommendation that was agreed today."""
    said = {
        "delegate": "ARMOR",
        "contract": "COL-2019-014",
        "origin": FindingOrigin.RECOMMENDATION,
        "subject": "Contrôle des bordereaux",
        "words": "Le contrôle mensuel n’est pas prouvé.",
        "risk": risk,
        "agreed_on": AGREED_ON,
        "due_on": AGREED_ON + timedelta(days=20),
    }
    return NewFinding(**(said | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("risk", "days"), DAYS.items())
def test_the_day_before_the_risk_s_last_one_that_day_and_the_day_after(risk: RiskLevel, days: int) -> None:
    assert VERSION.finding.latest_day(AGREED_ON, risk) == AGREED_ON + timedelta(days=days)
    for further, is_right in ((-1, True), (0, True), (1, False)):
        new = a_new_one(risk, due_on=AGREED_ON + timedelta(days=days + further))
        if is_right:
            check_new(new, None, AGREED_ON, VERSION)
        else:
            with pytest.raises(Invalid, match="takes a validator") as refused:
                check_new(new, None, AGREED_ON, VERSION)
            assert refused.value.field == "due_on"


def test_a_later_day_takes_a_validator_who_is_not_whoever_opens_it() -> None:
    new = a_new_one(due_on=AGREED_ON + timedelta(days=61), due_validated_by=VALIDATOR)
    check_new(new, UUID(int=8), AGREED_ON, VERSION)
    with pytest.raises(FourEyes):
        check_new(new, VALIDATOR, AGREED_ON, VERSION)


@pytest.mark.parametrize(
    ("agreed", "due", "is_right"),
    [(0, 1, True), (0, 0, False), (-10, -9, True), (1, 5, False), (-730, -700, True), (-731, -700, False)],
)
def test_a_date_is_agreed_today_or_earlier_and_comes_after(agreed: int, due: int, is_right: bool) -> None:
    new = a_new_one(agreed_on=AGREED_ON + timedelta(days=agreed), due_on=AGREED_ON + timedelta(days=due))
    if is_right:
        check_new(new, None, AGREED_ON, VERSION)
    else:
        with pytest.raises(Invalid):
            check_new(new, None, AGREED_ON, VERSION)


@pytest.mark.parametrize(
    ("origin", "piece", "is_right"),
    [("recommendation", None, True), ("recommendation", "A07", False), ("missing_piece", "A07", True),
     ("missing_piece", None, False)],
)  # fmt: skip
def test_a_missing_piece_is_named_and_nothing_else_is(origin: str, piece: str | None, is_right: bool) -> None:
    new = a_new_one(origin=FindingOrigin(origin), piece=piece)
    if is_right:
        check_new(new, None, AGREED_ON, VERSION)
    else:
        with pytest.raises(Invalid, match="missing piece"):
            check_new(new, None, AGREED_ON, VERSION)


def test_deadlines_count_the_days_of_their_unit_and_fall_due_at_five() -> None:
    remediation = remediation_deadline(AGREED_ON, date(2027, 4, 30), VERSION)
    plan = plan_deadline(AGREED_ON, VERSION)
    verification = verification_deadline(date(2027, 5, 6), a_calendar(), VERSION)
    acceptance = acceptance_deadline(AGREED_ON, date(2027, 12, 31), VERSION)
    assert [one.due_on for one in (remediation, plan, acceptance)] == [
        date(2027, 4, 30),
        date(2027, 3, 16),
        date(2027, 12, 31),
    ]
    assert verification.due_on == date(2027, 5, 21), "ten working days, Whit Monday among those that do not count"
    assert {one.due_at.time() for one in (remediation, plan, verification, acceptance)} == {time(17)}
    assert (remediation.count, plan.count, verification.count, acceptance.count) == (60, 15, 10, 305)


def when(risk: RiskLevel, due_on: date, known_on: date = AGREED_ON) -> dict[str, tuple[date, set[str]]]:
    """Each rung of remediation, with its day and its addressees."""
    deadline = remediation_deadline(AGREED_ON, due_on, VERSION)
    planned = finding_rungs(deadline, risk, a_calendar(), VERSION, known_on)
    assert [one.fires_at for one in planned] == sorted(one.fires_at for one in planned)
    return {"+".join(one.names): (one.fires_on, {*one.to, *one.copies}) for one in planned}


def test_the_reminders_of_a_medium_risk() -> None:
    due = AGREED_ON + timedelta(days=90)
    near = {"delegate_user", "auditor"}
    assert when(RiskLevel.MEDIUM, due) == {
        "month_before": (due - timedelta(days=30), near),
        "fortnight_before": (due - timedelta(days=15), near),
        "days_before": (due - timedelta(days=5), near),
        "due": (due, near),
        "overdue": (due + timedelta(days=1), {"delegate_director", "operations_director"}),
    }


def test_what_is_high_comes_to_the_direction_again_a_week_later() -> None:
    due = AGREED_ON + timedelta(days=60)
    assert when(RiskLevel.HIGH, due)["week_overdue"] == (due + timedelta(days=7), {"operations_director"})
    assert "week_overdue" not in when(RiskLevel.MEDIUM, due)


def test_what_is_major_reaches_the_general_director_at_the_due_instant() -> None:
    due = AGREED_ON + timedelta(days=30)
    planned = finding_rungs(
        remediation_deadline(AGREED_ON, due, VERSION), RiskLevel.MAJOR, a_calendar(), VERSION, AGREED_ON
    )
    [last] = [one for one in planned if "major_overdue" in one.names]
    assert last.names == ("due", "major_overdue")
    assert (last.to, set(last.copies)) == (("general_director",), {"delegate_user", "auditor"})
    assert (last.at_once, last.fires_at.time()) == (True, time(17))


@pytest.mark.parametrize(
    ("days", "first"),
    [(31, "month_before"), (30, "fortnight_before"), (16, "fortnight_before"), (15, "days_before"), (5, "due")],
)
def test_a_reminder_that_does_not_fit_before_the_due_day_is_left_out(days: int, first: str) -> None:
    assert next(iter(when(RiskLevel.LOW, AGREED_ON + timedelta(days=days)))) == first


def test_an_escalation_that_is_overtaken_waits_for_the_next_working_morning() -> None:
    """Evidence is refused on a Friday, five days after the due day: on Monday all of it comes as one message."""
    due, friday = date(2027, 4, 11), date(2027, 4, 16)
    assert when(RiskLevel.MAJOR, due, friday) == {
        "due+major_overdue+overdue": (
            date(2027, 4, 19),
            {"general_director", "operations_director", "delegate_director", "auditor", "delegate_user"},
        )
    } | {"week_overdue": (date(2027, 4, 18), {"operations_director"})}


def told_to(bench: FindingBench, name: str) -> set[str]:
    """Who is told when the next rung of a deadline is due."""
    [event] = [one for one in bench.reminds(name) if isinstance(one, ReminderDue)]
    return {LOGINS[one] for one in (*event.to, *event.copies)}


def test_the_people_of_the_finding_s_own_delegate_are_told_and_no_others() -> None:
    bench = FindingBench(a_finding(RiskLevel.MEDIUM)).opens().plans()
    due = bench.case.due_on
    near = {"enora.lagadec", "bastien.cloarec", "gildas.madec", "maiwenn.le.saux"}
    assert told_to(bench.on(due - timedelta(days=30), time(8)), FindingDeadline.REMEDIATION) == near
    assert told_to(bench.on(due, time(17)), FindingDeadline.REMEDIATION) == near
    assert told_to(bench.on(due + timedelta(days=1), time(8)), FindingDeadline.REMEDIATION) == {
        "sabine.trevidic",
        "isabelle.kermarrec",
    }
    assert bench.reminds(FindingDeadline.REMEDIATION) == [], "told once"


def test_when_all_users_are_away_their_own_director_is_told() -> None:
    absent = ["enora.lagadec", "bastien.cloarec"]
    house = a_house_on(absent=absent, deputies=dict.fromkeys(absent))
    bench = FindingBench(a_finding(RiskLevel.MEDIUM), house).opens()
    assert bench.task(FindingTask.PROPOSE_PLAN).offered_to >= {"delegate_director@ARMOR"}
    assert "sabine.trevidic" in told_to(bench.later(10, time(8)), FindingDeadline.PLAN)


def test_a_reminder_of_what_is_met_or_replaced_says_nothing() -> None:
    bench = FindingBench(a_finding(RiskLevel.MEDIUM)).opens().plans()
    assert bench.reminds(FindingDeadline.PLAN) == []
    bench.asks_to_postpone(bench.case.due_on + timedelta(days=30)).grants("katell.rolland")
    bench.later(120)
    known = dict(bench.case.generations)
    bench.case.generations[FindingDeadline.REMEDIATION] = 1  # type: ignore[index]
    assert bench.reminds(FindingDeadline.REMEDIATION) == []
    assert known[FindingDeadline.REMEDIATION] == 2


def test_no_policy_leaves_the_general_director_out_of_what_is_major_and_overdue() -> None:
    ladder = VERSION.finding.ladder
    without = [rung for rung in ladder.rungs if RungAddressee.GENERAL_DIRECTOR not in rung.to]
    with pytest.raises(ValueError, match="reaches the general director"):
        type(ladder).model_validate({"fires_at": ladder.fires_at, "rungs": tuple(without)})
    for name in ("acceptance_ends",):
        rungs = tuple(rung for rung in ladder.rungs if rung.name != name)
        with pytest.raises(ValueError, match="reopens the finding"):
            type(ladder).model_validate({"fires_at": ladder.fires_at, "rungs": rungs})
