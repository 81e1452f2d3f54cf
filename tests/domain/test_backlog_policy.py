"""What the shipped policy says of backlog operations, and the mistakes that it refuses."""

import pytest

from db.policy_file import DEFAULT_PATH, PolicyFileError, parse
from domain.policy.backlog import BacklogPolicy, Bonus, Recovery
from domain.policy.told import told
from domain.roles import Role
from domain.sources import Source
from tests.factories.rules import the_book

SHIPPED = DEFAULT_PATH.read_text(encoding="utf-8")
POLICIES = [version.backlog for version in the_book().versions]


@pytest.mark.parametrize("policy", POLICIES, ids=["procedure-1", "procedure-2"])
def test_the_numbers_of_the_procedure(policy: BacklogPolicy) -> None:
    assert (policy.watch.over_standard.working_days, policy.watch.forecast.working_days) == (5, 15)
    assert (policy.run.lasts.weeks, policy.run.off_track.working_days) == (6, 3)
    assert [one.role for one in policy.approved_by] == [Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR]
    assert policy.labour.daily.source is Source.TRAVAIL_L3121_18
    overtime = policy.pay.overtime
    assert (overtime.above.minutes, overtime.first_rate_for.minutes) == (35 * 60, 8 * 60)
    assert (overtime.first_rate.percent, overtime.then_rate.percent) == (125, 150)
    assert policy.pay.saturdays == (
        Bonus(bonus_cents=4000, source=Source.MEMO),
        Bonus(bonus_cents=8000, source=Source.MEMO),
        Recovery(recovery_days=1, source=Source.MEMO),
    )


def test_what_pages_tell_of_backlogs_has_its_unit_and_its_source() -> None:
    lines = {line.path: line for line in told(the_book().versions[-1])}
    daily = lines["backlog.labour.daily"]
    assert (daily.value, daily.unit, daily.source) == ("600", "minutes", Source.TRAVAIL_L3121_18)
    assert daily.label == "droit du travail – durée quotidienne"
    assert (lines["backlog.pay.saturdays.2"].value, lines["backlog.pay.saturdays.2"].unit) == ("8000", "cents")
    assert (lines["backlog.pay.saturdays.3"].value, lines["backlog.pay.saturdays.3"].unit) == ("1", "days")
    assert lines["backlog.approved_by.2.role"].value == "general_director"
    assert lines["backlog.labour.sunday.work"].value == "forbidden"
    assert lines["backlog.run.lasts"].unit == "weeks"


MISTAKES = {
    "longer days than the law allows": (
        "daily: {at_most_minutes: 600",
        "daily: {at_most_minutes: 601",
        "backlog.labour: the law is stricter than daily: keep to the articles that are its source",
    ),
    "work on Sundays": (
        "sunday: {work: forbidden",
        "sunday: {work: allowed",
        "backlog.labour.sunday.work: should be 'forbidden'",
    ),
    "less for later hours": (
        "then_rate: {percent: 150",
        "then_rate: {percent: 124",
        "backlog.pay.overtime: later hours are not paid less: raise then_rate to first_rate at least",
    ),
    "one approver": (
        "        - {role: general_director, source: memo}\n",
        "",
        "backlog.approved_by: an operation has 2 approvers, not 1: list them all",
    ),
    "one who validates pay": (
        "          - {role: accounting, source: policy}\n",
        "",
        "backlog.pay.validated_by: pay has 2 validators, not 1: list them all",
    ),
    "a summer that ends before it begins": (
        "recovery_until: {month: 9",
        "recovery_until: {month: 5",
        "backlog.pay: recovery_from comes before recovery_until: exchange them",
    ),
    "a number without its source": (
        "lasts: {weeks: 6, source: memo}",
        "lasts: {weeks: 6}",
        "backlog.run.lasts.source: is missing: add it",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_remedy(mistake: str) -> None:
    old, new, sentence = MISTAKES[mistake]
    assert old in SHIPPED
    with pytest.raises(PolicyFileError) as refused:
        parse(SHIPPED.replace(old, new, 1))
    assert [problem for problem in refused.value.problems if sentence in problem], refused.value.problems
