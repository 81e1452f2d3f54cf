"""Part-time: the week never comes to a full one, nor beyond what the contract allows, whatever the contract."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.backlog.hours import KnownHours, days_to_know
from domain.backlog.labour import check_sign_up, refusal_of
from domain.backlog.words import LabourLimit
from domain.policy.backlog import LabourRules
from domain.sources import Source
from tests.factories.hours import a_session, spans, the_law

MONDAY = date(2026, 6, 8)
SATURDAY = "2026-06-13"
FULL = 35 * 60


def works(minutes: int, contract: int | None) -> KnownHours:
    """Somebody who works so many minutes of that week, over five days."""
    first, last = days_to_know(date.fromisoformat(SATURDAY), 12)
    a_day = [minutes // 5 + (day < minutes % 5) for day in range(5)]
    worked = [
        span
        for day, some in enumerate(a_day)
        for span in spans((MONDAY + timedelta(days=day)).isoformat(), f"08:00-{8 + some // 60:02}:{some % 60:02}")
    ]
    return KnownHours(first, last, tuple(worked), () if contract is None else ((first, contract),))


def limits(hours: KnownHours, minutes: int) -> list[tuple[LabourLimit, Source, int, int]]:
    """The limits of part-time that so many minutes on Saturday would break."""
    session = a_session(SATURDAY, f"08:00-{8 + minutes // 60:02}:{minutes % 60:02}")
    found = check_sign_up(hours, session, the_law())
    return [(one.limit, one.source, one.allowed, one.reached) for one in found if one.limit is LabourLimit.PART_TIME]


@settings(deadline=None)
@given(
    contract=st.integers(60, FULL - 1),
    usual=st.integers(60, 29 * 60),
    minutes=st.integers(1, 6 * 60),
)
def test_whoever_may_sign_up_stays_below_a_full_week_and_within_a_tenth_of_the_contract(
    contract: int, usual: int, minutes: int
) -> None:
    week = usual + minutes
    is_lawful = week < FULL and (week - contract) * 10 <= contract
    assert (limits(works(usual, contract), minutes) == []) is is_lawful


@settings(deadline=None)
@given(usual=st.integers(60, 29 * 60), minutes=st.integers(1, 6 * 60), contract=st.integers(FULL, 2880))
def test_a_full_contract_knows_no_complementary_hours(usual: int, minutes: int, contract: int) -> None:
    assert limits(works(usual, contract), minutes) == limits(works(usual, None), minutes) == []


def test_the_refusal_names_the_article_that_is_broken() -> None:
    tenth = (LabourLimit.PART_TIME, Source.TRAVAIL_L3123_28, 1848, 1849)
    full = (LabourLimit.PART_TIME, Source.TRAVAIL_L3123_9, 2099, 2100)
    assert limits(works(1680, 1680), 169) == [tenth]
    assert limits(works(1920, 1920), 180) == [full]
    [broken] = check_sign_up(works(1680, 1680), a_session(SATURDAY, "08:00-10:49"), the_law())
    assert str(refusal_of(broken)) == (
        "In the week of 2026-06-08 you would work 30 h 49; with your part-time contract 30 h 48 is the most "
        "(Code du travail, article L3123-28). Choose a shorter session, or another week in which you work less."
    )


@pytest.mark.parametrize(
    ("percent", "source", "allowed"),
    [
        (10, Source.TRAVAIL_L3123_28, True),
        (11, Source.TRAVAIL_L3123_28, False),
        (33, Source.TRAVAIL_L3123_20, True),
        (34, Source.TRAVAIL_L3123_20, False),
    ],
)
def test_a_tenth_by_the_law_and_a_third_by_an_agreement(percent: int, source: Source, allowed: bool) -> None:
    told = the_law().rules.model_dump() | {"complementary": {"percent": percent, "source": source}}
    if allowed:
        assert LabourRules.model_validate(told).complementary.percent == percent
    else:
        with pytest.raises(ValidationError, match="the law is stricter than complementary"):
            LabourRules.model_validate(told)


def test_a_full_week_may_be_shorter_by_agreement_and_never_longer() -> None:
    told = the_law().rules.model_dump()
    shorter = {"full_week": {"minutes": FULL - 60, "source": Source.TRAVAIL_L3123_9}}
    assert LabourRules.model_validate(told | shorter).full_week.minutes == FULL - 60
    with pytest.raises(ValidationError, match="the law is stricter than full_week"):
        LabourRules.model_validate(told | {"full_week": {"minutes": FULL + 1, "source": Source.TRAVAIL_L3123_9}})
