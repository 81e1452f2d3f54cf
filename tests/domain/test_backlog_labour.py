"""Labour law: every limit the minute before, on, and after; clock changes, year ends; and what people are told."""

from datetime import date, time, timedelta

import pytest
from pydantic import ValidationError

from domain.backlog.hours import HoursNotKnownError, KnownHours, Session, Span, days_to_know, usual_hours
from domain.backlog.labour import BrokenLimit, check_sign_up, refusal_of
from domain.backlog.words import LabourLimit
from domain.calendar import DateNotCoveredError
from domain.policy.backlog import LabourRules
from domain.refusals import Invalid
from domain.sources import Source
from tests.factories.hours import OFFICE_WEEK, a_session, office_hours, only, spans, the_law
from tests.factories.rules import a_calendar, a_calendar_closed_on

SATURDAY, MONDAY, TUESDAY = "2026-06-13", "2026-06-08", "2026-06-09"
MORNING = ("08:00-12:00",)


def broken(hours: KnownHours, session: Session) -> list[LabourLimit]:
    return [one.limit for one in check_sign_up(hours, session, the_law())]


def reached(hours: KnownHours, session: Session) -> list[int]:
    return [one.reached for one in check_sign_up(hours, session, the_law())]


def test_a_saturday_after_a_usual_week_may_be_worked() -> None:
    assert broken(office_hours(SATURDAY), a_session(SATURDAY, "08:00-12:00", "13:00-16:00")) == []


@pytest.mark.parametrize(("until", "limits"), [("18:39", []), ("18:40", []), ("18:41", [LabourLimit.DAILY])])
def test_ten_hours_a_day(until: str, limits: list[LabourLimit]) -> None:
    session = a_session(TUESDAY, "08:00-12:00", "12:20-13:00", f"13:20-{until}")
    assert broken(only(TUESDAY), session) == limits


@pytest.mark.parametrize(("until", "limits"), [("20:39", []), ("20:40", []), ("20:41", [LabourLimit.DAILY])])
def test_a_slot_after_a_usual_day_counts_with_it(until: str, limits: list[LabourLimit]) -> None:
    """Seven hours are worked already: three more are the most."""
    found = broken(office_hours(TUESDAY), a_session(TUESDAY, "17:20-18:40", f"19:00-{until}"))
    assert found == limits


@pytest.mark.parametrize(("saturday", "limits"), [("12:59", []), ("13:00", []), ("13:01", [LabourLimit.WEEKLY])])
def test_forty_eight_hours_a_week(saturday: str, limits: list[LabourLimit]) -> None:
    """43 hours from Monday to Friday, then a Saturday from eight."""
    week = [spans(f"2026-06-{day:02}", "08:00-12:00", "13:00-17:36") for day in range(8, 13)]
    assert broken(only(SATURDAY, *week), a_session(SATURDAY, "08:00-" + saturday)) == limits


def test_the_sunday_ends_the_week_and_the_monday_begins_one() -> None:
    full = [spans(f"2026-06-{day:02}", "08:00-12:00", "13:00-18:36") for day in range(8, 13)]
    assert broken(only("2026-06-15", *full), a_session("2026-06-15", *MORNING)) == []
    assert broken(only(SATURDAY, *full), a_session(SATURDAY, "08:00-08:01")) == [LabourLimit.WEEKLY]
    assert broken(only("2026-06-06", *full), a_session("2026-06-06", *MORNING)) == []


def weeks_of(minutes: int, *, first_monday: date, weeks: int) -> list[tuple[Span, ...]]:
    """So many minutes a week, over five days, from eight on with a long break."""
    days = [first_monday + timedelta(weeks=week, days=day) for week in range(weeks) for day in range(5)]
    afternoon = 13 * 60 + minutes // 5 - 240
    ends = f"{afternoon // 60:02}:{afternoon % 60:02}"
    return [spans(day.isoformat(), "08:00-12:00", f"13:00-{ends}") for day in days]


ELEVEN_WEEKS_BEFORE = date(2026, 3, 23)


@pytest.mark.parametrize(("extra", "limits"), [(239, []), (240, []), (241, [LabourLimit.AVERAGE])])
def test_forty_four_hours_on_average_over_twelve_weeks(extra: int, limits: list[LabourLimit]) -> None:
    """Twelve weeks of 43 h 40 leave 4 hours up to 12 × 44 hours."""
    twelve = weeks_of(2620, first_monday=ELEVEN_WEEKS_BEFORE, weeks=12)
    minutes = f"{8 + extra // 60:02}:{extra % 60:02}"
    known = only("2026-06-13", *twelve)
    assert broken(known, a_session(SATURDAY, "08:00-" + minutes)) == limits


def test_weeks_to_come_are_in_the_average_as_well() -> None:
    twelve = weeks_of(2640, first_monday=date(2026, 6, 8), weeks=12)
    assert broken(only(SATURDAY, *twelve), a_session(SATURDAY, "08:00-08:01")) == [LabourLimit.AVERAGE]
    eleven = weeks_of(2640, first_monday=date(2026, 6, 8), weeks=11)
    assert broken(only(SATURDAY, *eleven), a_session(SATURDAY, "08:00-12:00")) == []


def test_a_thirteenth_week_is_in_no_run_with_the_session() -> None:
    before = weeks_of(2640, first_monday=date(2026, 3, 16), weeks=12)
    known = only(SATURDAY, *before)
    known = KnownHours(date(2026, 3, 16), known.last_day, known.spans)
    assert broken(known, a_session(SATURDAY, "08:00-12:00")) == []


@pytest.mark.parametrize(("start", "limits"), [("07:59", [LabourLimit.DAILY_REST]), ("08:00", []), ("08:01", [])])
def test_eleven_hours_of_rest_before(start: str, limits: list[LabourLimit]) -> None:
    evening = only(TUESDAY, spans(MONDAY, "17:00-21:00"))
    assert broken(evening, a_session(TUESDAY, f"{start}-12:00")) == limits


@pytest.mark.parametrize(("end", "limits"), [("20:59", []), ("21:00", []), ("21:01", [LabourLimit.DAILY_REST])])
def test_eleven_hours_of_rest_after(end: str, limits: list[LabourLimit]) -> None:
    early = only(MONDAY, spans(TUESDAY, *MORNING))
    assert broken(early, a_session(MONDAY, "17:00-" + end)) == limits


@pytest.mark.parametrize(("end", "limits"), [("20:59", []), ("21:00", []), ("21:01", [LabourLimit.DAY_SPAN])])
def test_a_day_lasts_thirteen_hours_with_its_breaks(end: str, limits: list[LabourLimit]) -> None:
    early = only(TUESDAY, spans(TUESDAY, "08:00-10:00"))
    assert broken(early, a_session(TUESDAY, "19:00-" + end)) == limits


@pytest.mark.parametrize(("until", "limits"), [("13:59", []), ("14:00", []), ("14:01", [LabourLimit.BREAK])])
def test_a_break_comes_after_six_hours_at_the_latest(until: str, limits: list[LabourLimit]) -> None:
    assert broken(only(SATURDAY), a_session(SATURDAY, "08:00-" + until)) == limits


@pytest.mark.parametrize(("again", "limits"), [("12:19", [LabourLimit.BREAK]), ("12:20", []), ("12:21", [])])
def test_a_break_has_twenty_minutes(again: str, limits: list[LabourLimit]) -> None:
    assert broken(only(SATURDAY), a_session(SATURDAY, "08:00-12:00", f"{again}-15:00")) == limits


def test_a_slot_that_follows_the_usual_day_without_a_break_counts_with_it() -> None:
    assert broken(office_hours(TUESDAY), a_session(TUESDAY, "17:00-19:00")) == []
    assert broken(office_hours(TUESDAY), a_session(TUESDAY, "17:19-19:20")) == [LabourLimit.BREAK]


MONDAY_AFTER = "2026-06-15"


@pytest.mark.parametrize(("end", "limits"), [("20:59", []), ("21:00", []), ("21:01", [LabourLimit.WEEKLY_REST])])
def test_thirty_five_hours_of_rest_with_the_sunday(end: str, limits: list[LabourLimit]) -> None:
    known = only(SATURDAY, spans(MONDAY_AFTER, *MORNING))
    assert broken(known, a_session(SATURDAY, "17:00-" + end)) == limits


@pytest.mark.parametrize(("start", "limits"), [("07:59", [LabourLimit.WEEKLY_REST]), ("08:00", []), ("08:01", [])])
def test_a_monday_morning_looks_at_the_sunday_before(start: str, limits: list[LabourLimit]) -> None:
    known = only(MONDAY_AFTER, spans(SATURDAY, "17:00-21:00"))
    assert broken(known, a_session(MONDAY_AFTER, f"{start}-12:00")) == limits


@pytest.mark.parametrize(
    ("saturday", "monday", "end", "limits"),
    [
        ("2026-03-28", "2026-03-30", "20:00", []),  # the night is an hour shorter
        ("2026-03-28", "2026-03-30", "20:01", [LabourLimit.WEEKLY_REST]),
        ("2026-10-24", "2026-10-26", "22:00", []),  # the night is an hour longer
        ("2026-10-24", "2026-10-26", "22:01", [LabourLimit.WEEKLY_REST]),
    ],
)
def test_a_rest_over_a_change_of_clocks_is_as_long_as_it_really_is(
    saturday: str, monday: str, end: str, limits: list[LabourLimit]
) -> None:
    known = only(saturday, spans(monday, *MORNING))
    assert broken(known, a_session(saturday, "18:00-" + end)) == limits


def test_hours_that_the_clocks_leave_out_are_refused() -> None:
    with pytest.raises(Invalid, match="The clocks are put forward over these hours"):
        broken(only("2026-03-29"), a_session("2026-03-29", "02:30-03:00"))


def test_a_week_goes_on_over_the_end_of_the_year() -> None:
    """Thursday 31 December 2026 and Saturday 2 January 2027 are of one week; 1 January is a holiday."""
    week = [spans(day, "08:00-12:00", "13:00-19:00") for day in ("2026-12-28", "2026-12-29", "2026-12-30")]
    known = only("2027-01-02", *week, spans("2026-12-31", "08:00-12:00", "13:00-19:00"))
    assert broken(known, a_session("2027-01-02", "08:00-12:00", "12:20-16:20")) == []
    assert broken(known, a_session("2027-01-02", "08:00-12:00", "12:20-16:21")) == [LabourLimit.WEEKLY]
    assert broken(known, a_session("2027-01-01", *MORNING)) == [LabourLimit.PUBLIC_HOLIDAY]


@pytest.mark.parametrize("day", ["2026-08-15", "2026-05-01", "2026-12-25"])
def test_nobody_works_on_a_public_holiday_even_a_saturday(day: str) -> None:
    """15 August 2026 is a Saturday."""
    assert broken(only(day), a_session(day, *MORNING)) == [LabourLimit.PUBLIC_HOLIDAY]


@pytest.mark.parametrize(("day", "limits"), [("2026-06-13", []), ("2026-06-14", [LabourLimit.SUNDAY]), (MONDAY, [])])
def test_nobody_works_on_a_sunday(day: str, limits: list[LabourLimit]) -> None:
    assert broken(only(day), a_session(day, *MORNING)) == limits


def test_a_sunday_that_is_a_holiday_breaks_both() -> None:
    assert broken(only("2026-11-01"), a_session("2026-11-01", *MORNING)) == [
        LabourLimit.PUBLIC_HOLIDAY,
        LabourLimit.SUNDAY,
    ]


@pytest.mark.parametrize(("hours", "is_taken"), [("16:59-18:00", True), ("17:00-18:00", False), ("12:00-13:00", False)])
def test_nobody_is_in_two_places(hours: str, is_taken: bool) -> None:
    found = broken(office_hours(TUESDAY), a_session(TUESDAY, hours))
    assert (found == [LabourLimit.ALREADY_AT_WORK]) is is_taken


def test_every_limit_that_is_broken_is_told_with_its_article() -> None:
    week = [spans(f"2026-06-{day:02}", "08:00-12:00", "13:00-19:00") for day in range(8, 13)]
    found = check_sign_up(only(SATURDAY, *week), a_session(SATURDAY, "06:00-14:00", "14:01-16:30"), the_law())
    assert [(one.limit, one.source, one.allowed, one.reached) for one in found] == [
        (LabourLimit.DAILY, Source.TRAVAIL_L3121_18, 600, 629),
        (LabourLimit.BREAK, Source.TRAVAIL_L3121_16, 360, 629),
        (LabourLimit.WEEKLY, Source.TRAVAIL_L3121_20, 2880, 3629),
    ]


def test_a_refusal_names_the_rule_its_article_and_the_remedy() -> None:
    limit = BrokenLimit(LabourLimit.WEEKLY, Source.TRAVAIL_L3121_20, date(2026, 6, 8), 2880, 2881)
    refusal = refusal_of(limit)
    assert refusal.status == 409
    assert str(refusal) == (
        "In the week of 2026-06-08 you would work 48 h 01; a week has 48 h 00 at most "
        "(Code du travail, article L3121-20). Choose a session of another week."
    )


@pytest.mark.parametrize("limit", LabourLimit)
def test_every_limit_has_its_own_refusal(limit: LabourLimit) -> None:
    told = {str(refusal_of(BrokenLimit(one, Source.POLICY, date(2026, 6, 8), 600, 601))) for one in LabourLimit}
    assert len(told) == len(LabourLimit)
    assert refusal_of(BrokenLimit(limit, Source.POLICY, date(2026, 6, 8))).remedy.startswith("Choose ")


def test_hours_that_are_not_known_give_no_answer() -> None:
    first, last = days_to_know(date.fromisoformat(SATURDAY), 12)
    assert (first, last) == (date(2026, 3, 23), date(2026, 8, 30))
    for known in (KnownHours(first + timedelta(days=1), last), KnownHours(first, last - timedelta(days=1))):
        with pytest.raises(HoursNotKnownError):
            broken(known, a_session(SATURDAY, *MORNING))


def test_a_day_outside_the_calendar_gives_no_answer() -> None:
    with pytest.raises(DateNotCoveredError):
        broken(only("2041-01-05"), a_session("2041-01-05", *MORNING))


def test_usual_hours_leave_out_holidays_closing_days_and_absence() -> None:
    closed = a_calendar_closed_on({date(2026, 5, 15): "pont"})
    hours = usual_hours(OFFICE_WEEK, date(2026, 5, 11), date(2026, 5, 17), closed, away=[date(2026, 5, 12)])
    assert sorted({span.day.day for span in hours.spans}) == [11, 13]  # the 14th is Ascension Day
    everything = usual_hours(OFFICE_WEEK, date(2026, 5, 4), date(2026, 5, 8), a_calendar())
    assert sorted({span.day.day for span in everything.spans}) == [4, 5, 6, 7]  # the 8th is a holiday


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Span(date(2026, 6, 8), time(9), time(9)), "Work ends later on the day on which it begins"),
        (lambda: Span(date(2026, 6, 8), time(22), time(2)), "Work ends later on the day on which it begins"),
        (lambda: Span(date(2026, 6, 8), time(9, 0, 1), time(10)), "Hours of work are local times, to the minute."),
        (lambda: Session(()), "A session is on one day."),
        (lambda: Session((*spans(MONDAY, *MORNING), *spans(TUESDAY, *MORNING))), "A session is on one day."),
        (lambda: a_session(MONDAY, "09:00-12:00", "11:59-13:00"), "The hours of a session follow each other."),
    ],
)
def test_hours_that_cannot_be_are_refused(make: object, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "minutes", "field"),
    [
        ("daily", 601, "at_most_minutes"),
        ("weekly", 2881, "at_most_minutes"),
        ("average", 2641, "at_most_minutes"),
        ("day_span", 781, "at_most_minutes"),
        ("daily_rest", 659, "at_least_minutes"),
        ("weekly_rest", 2099, "at_least_minutes"),
        ("shortest_break", 19, "at_least_minutes"),
        ("break_after", 361, "minutes"),
        ("average_over", 13, "weeks"),
    ],
)
def test_a_policy_may_be_stricter_than_the_law_never_looser(name: str, minutes: int, field: str) -> None:
    rules = the_law().rules.model_dump()
    rules[name] = {field: minutes, "source": Source.POLICY}
    with pytest.raises(ValidationError, match=f"the law is stricter than {name}"):
        LabourRules.model_validate(rules)
    stricter = {"at_most_minutes": -2, "minutes": -2, "weeks": -2, "at_least_minutes": 2}[field]
    LabourRules.model_validate(rules | {name: {field: minutes + stricter, "source": Source.POLICY}})
