"""The rules of audits: deadlines to the day, reminders, the schedule, and who validates; in tables."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.catalogue_file import DEFAULT_PATH, CatalogueFileError, load_catalogue, parse_catalogue
from domain.audit import commands as ask
from domain.audit.case import AUDITORS, Audit, Followed, Piece, PieceFile, Recommendation
from domain.audit.deadlines import (
    audit_rungs,
    delivery_deadline,
    follow_up_deadline,
    launch_deadline,
    report_deadline,
    restitution_deadline,
)
from domain.audit.decide import decide
from domain.audit.machine import FindingEnded
from domain.audit.planning import check_launch_is_near, check_meets_at
from domain.audit.schedule import Agreement, schedule
from domain.audit.schedule import recommended as opened
from domain.audit.states import TRANSITIONS, AuditState, steps
from domain.audit.words import AuditDomain, AuditTask, Reply, Ruling
from domain.people import Actor
from domain.recommended import FindingOrigin
from domain.refusals import Invalid
from domain.risk import RiskLevel
from domain.roles import Role
from domain.tasks import Task
from tests.factories.complaints import a_house
from tests.factories.rules import a_calendar, the_book

VERSION = the_book().versions[-1]
CALENDAR = a_calendar()
AGREED = date(2027, 4, 12)


def an_audit(**facts: Any) -> Audit:
    """An audit of Armor's with one piece that came and one that never did."""
    came, never = Piece("came", 1, "Venue", (PieceFile(1, "0" * 64),)), Piece("never", 2, "Jamais venue")
    known = Audit(UUID(int=1), AuditState.RESTITUTING, "ARMOR", 2027, "memberships", ("COL-2019-014",), (came, never))
    return replace(known, **facts)


def an_auditor() -> Actor:
    """Whoever audits."""
    return Actor(UUID(int=9), "gildas.madec", frozenset({Role.AUDITOR}), AUDITORS)


def recommended(number: int, risk: RiskLevel = RiskLevel.MEDIUM, **more: Any) -> Recommendation:
    """A recommendation that is expected at the end of the year."""
    return Recommendation(number, risk, "Formaliser.", date(2027, 12, 31), UUID(int=9), **more)


def test_the_catalogue_has_38_pieces_in_three_domains_each_in_two_languages() -> None:
    catalogue = load_catalogue()
    assert [len(catalogue.pieces[domain]) for domain in AuditDomain] == [13, 12, 13]
    asked = catalogue.asked(AuditDomain)
    assert [piece.number for piece in asked] == list(range(1, 39))
    assert all(piece.label.fr != piece.label.en and piece.checked_for.fr for piece in asked)
    assert {piece.id for piece in asked if piece.lists_people} >= {"complaints-list", "members-list", "unpaid-list"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: '1'\npieces: {}\n", "every domain has its pieces"),
        ("version: '1'\n", "is missing: add it"),
        ("- nothing", "should be an object"),
    ],
)
def test_a_catalogue_that_cannot_be_used_says_where_and_why(text: str, told: str) -> None:
    with pytest.raises(CatalogueFileError, match=told):
        parse_catalogue(text)


def test_a_catalogue_that_is_written_again_is_read_again(tmp_path: Path) -> None:
    file, shipped = tmp_path / "catalogue.yaml", DEFAULT_PATH.read_text(encoding="utf-8")
    file.write_text(shipped, encoding="utf-8")
    known = load_catalogue(file)
    assert load_catalogue(file) is known
    file.write_text(shipped.replace(f'"{known.version}"', '"a later one"'), encoding="utf-8")
    assert load_catalogue(file).version == "a later one"
    file.unlink()
    with pytest.raises(CatalogueFileError, match="cannot be read"):
        load_catalogue(file)


@pytest.mark.parametrize(
    ("launched", "due"),
    [
        (date(2027, 1, 18), date(2027, 3, 1)),
        (date(2027, 3, 25), date(2027, 5, 6)),  # Ascension: six weeks were promised, and stay six weeks
        (date(2027, 11, 22), date(2028, 1, 3)),
        (date(2028, 1, 20), date(2028, 3, 2)),  # over 29 February
    ],
)
def test_the_delivery_takes_six_weeks_from_the_day_of_the_meeting(launched: date, due: date) -> None:
    deadline = delivery_deadline(launched, VERSION)
    assert (deadline.due_on, deadline.due_at.strftime("%H:%M")) == (due, "17:00")


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (date(2027, 3, 1), date(2027, 3, 31)),
        (date(2027, 3, 5), date(2027, 4, 2)),  # a Sunday: back to Friday
        (date(2027, 4, 1), date(2027, 4, 30)),  # 1 May: back to Friday 30 April
    ],
)
def test_report_and_restitution_are_brought_back_to_a_working_day(ended: date, due: date) -> None:
    assert report_deadline(ended, CALENDAR, VERSION).due_on == due
    assert restitution_deadline(ended, CALENDAR, VERSION).due_on == due


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        (date(2027, 4, 12), date(2027, 12, 31)),
        (date(2027, 12, 30), date(2027, 12, 31)),
        (date(2027, 12, 31), date(2028, 12, 29)),  # the day itself: that of the year after, a Sunday, brought back
        (date(2028, 2, 1), date(2028, 12, 29)),
    ],
)
def test_the_follow_up_is_held_by_the_last_working_day_of_the_year(agreed: date, due: date) -> None:
    assert follow_up_deadline(agreed, 2027, CALENDAR, VERSION).due_on == due


def test_the_delegate_is_reminded_at_two_four_and_five_weeks_and_two_days_before() -> None:
    rungs = audit_rungs(delivery_deadline(date(2027, 1, 18), VERSION), VERSION)
    assert [(rung.names[0], rung.fires_at.strftime("%m-%d %H:%M")) for rung in rungs] == [
        ("two_weeks", "02-01 08:00"),
        ("four_weeks", "02-15 08:00"),
        ("five_weeks", "02-22 08:00"),
        ("two_days_before", "02-27 08:00"),
        ("due", "03-01 17:00"),
        ("week_after", "03-08 08:00"),
    ]


@pytest.mark.parametrize(("days", "reminded"), [(1, False), (2, False), (3, True)])
def test_a_reminder_that_would_fall_before_its_deadline_starts_is_left_out(days: int, reminded: bool) -> None:
    fixed_on = date(2027, 1, 11)
    rungs = audit_rungs(launch_deadline(fixed_on + timedelta(days=days), fixed_on, VERSION), VERSION)
    assert ("two_days_before" in {name for rung in rungs for name in rung.names}) is reminded


@pytest.mark.parametrize(
    ("risk", "days"), [("major", 30), ("high", 60), ("medium", 90), ("low", 180), ("very_low", 270)]
)
@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_a_date_beyond_what_the_risk_allows_is_late(risk: str, days: int, beyond: int) -> None:
    case = an_audit(pieces=(), recommendations=(recommended(1, RiskLevel(risk)),))
    [entry] = schedule(case, AGREED, {1: AGREED + timedelta(days=days + beyond)}, VERSION)
    assert entry.late is (beyond > 0)
    assert VERSION.finding.latest_day(AGREED, RiskLevel(risk)) == AGREED + timedelta(days=days)


def test_what_nobody_names_is_due_as_proposed_and_never_later_than_its_risk_allows() -> None:
    proposed = date(2027, 5, 3)
    case = an_audit(recommendations=(recommended(1, proposed_on=proposed), recommended(2)))
    entries = schedule(case, AGREED, {}, VERSION)
    assert [(one.number, one.origin, one.due_on) for one in entries] == [
        (1, FindingOrigin.RECOMMENDATION, proposed),
        (2, FindingOrigin.RECOMMENDATION, AGREED + timedelta(days=90)),
        (3, FindingOrigin.MISSING_PIECE, AGREED + timedelta(days=90)),
    ]


def test_what_was_dropped_or_given_up_is_in_no_schedule_and_what_was_lowered_has_its_new_risk() -> None:
    lowered = recommended(3, RiskLevel.HIGH, reply=Reply.DISPUTE, ruling=Ruling.LOWER, ruled_risk=RiskLevel.LOW)
    given_up = recommended(2, reply=Reply.DISPUTE, ruling=Ruling.DROP)
    case = an_audit(pieces=(), recommendations=(recommended(1, dropped=True), given_up, lowered))
    assert [(one.number, one.risk) for one in schedule(case, AGREED, {}, VERSION)] == [(3, RiskLevel.LOW)]


@pytest.mark.parametrize("asked", [{7: date(2027, 5, 3)}, {1: AGREED}, {1: AGREED - timedelta(days=1)}])
def test_a_schedule_that_cannot_be_is_refused(asked: dict[int, date]) -> None:
    with pytest.raises(Invalid):
        schedule(an_audit(pieces=(), recommendations=(recommended(1),)), AGREED, asked, VERSION)


@given(st.lists(st.sampled_from(list(RiskLevel)), max_size=8), st.integers(0, 3))
def test_every_recommendation_and_every_missing_piece_has_one_line_and_no_two_share_a_number(
    risks: list[RiskLevel], missing: int
) -> None:
    pieces = tuple(Piece(f"p{number}", number, "Pièce") for number in range(1, missing + 1))
    case = an_audit(pieces=pieces, recommendations=tuple(recommended(n, r) for n, r in enumerate(risks, 1)))
    entries = schedule(case, AGREED, {}, VERSION)
    assert [entry.number for entry in entries] == list(range(1, len(risks) + missing + 1))
    assert not any(entry.late for entry in entries)


@pytest.mark.parametrize(
    ("scope", "named", "kept"),
    [
        (("COL-1",), None, True),
        (("COL-1",), "COL-1", True),
        (("COL-1",), "COL-2", False),
        (("COL-1", "COL-2"), None, False),
        (("COL-1", "COL-2"), "COL-2", True),
        (("COL-1", "COL-2"), "COL-3", False),
    ],
)
def test_a_recommendation_names_its_contract_where_the_audit_is_of_several(
    scope: tuple[str, ...], named: str | None, kept: bool
) -> None:
    case, auditor = an_audit(state=AuditState.ANALYSING, contracts=scope), an_auditor()
    said = ask.AddRecommendation(risk=RiskLevel.LOW, words="Formaliser.", expected_on=date(2027, 9, 30), contract=named)
    if kept:
        [event] = decide(case, said, None, auditor, a_house())
        assert event.facts()["contract"] == named
    else:
        with pytest.raises(Invalid, match="concerns one of the audit's contracts"):
            decide(case, said, None, auditor, a_house())


def test_a_finding_is_of_the_contract_that_its_recommendation_names() -> None:
    second = recommended(1, contract="COL-2")
    case = an_audit(pieces=(), contracts=("COL-1", "COL-2"), recommendations=(second,))
    agreement = Agreement(AGREED, UUID(int=9))
    [finding] = opened(case, schedule(case, AGREED, {}, VERSION), agreement)
    assert finding.contract == "COL-2"


@pytest.mark.parametrize("findings", [1, 2, 3])
def test_the_audit_is_closed_with_its_last_finding(findings: int) -> None:
    ids = [UUID(int=number) for number in range(1, findings + 1)]
    case = an_audit(state=AuditState.FOLLOWING_UP, findings=tuple(Followed(one, open=True) for one in ids))
    events = decide(case, FindingEnded(finding_id=ids[0], state="closed"), None, None, a_house())
    assert ("AuditClosed" in {type(event).__name__ for event in events}) is (findings == 1)


@pytest.mark.parametrize(("carried_in", "state"), [(0, AuditState.CLOSED), (1, AuditState.FOLLOWING_UP)])
def test_an_audit_that_finds_nothing_new_follows_what_was_carried_into_it(carried_in: int, state: AuditState) -> None:
    findings = tuple(Followed(UUID(int=number), open=True) for number in range(carried_in))
    case, house = an_audit(pieces=(), findings=findings), a_house()
    task = Task(UUID(int=7), AuditTask.AGREE_SCHEDULE, AUDITORS, frozenset())
    auditor = an_auditor()
    events = decide(case, ask.AgreeSchedule(held_on=house.today, schedule=[]), task, auditor, house)
    happened = {type(event).__name__: event for event in events}
    assert happened["StateReached"].facts()["state"] == state
    assert "FindingsOpened" not in happened
    assert ("AuditClosed" in happened) is (state is AuditState.CLOSED)
    assert ("DeadlineOpened" in happened) is (state is AuditState.FOLLOWING_UP)


def test_a_finding_that_was_carried_over_tells_the_audit_that_follows_it_now() -> None:
    gone = Followed(UUID(int=5), open=False, carried_to=UUID(int=6))
    case = an_audit(state=AuditState.CLOSED, findings=(gone,))
    [event] = decide(case, FindingEnded(finding_id=gone.finding_id, state="closed"), None, None, a_house())
    assert event.facts()["to_audit"] == UUID(int=6)


def test_a_dispute_has_its_argument_and_only_an_acceptance_proposes_a_date() -> None:
    for wrong in ({"reply": "dispute"}, {"reply": "accept", "argument": "Non."}):
        with pytest.raises(ValueError, match="argument"):
            ask.Answer.model_validate({"number": 1, **wrong})


def test_every_state_is_reached_and_the_ended_ones_are_left_by_none() -> None:
    reached = {to for ways in TRANSITIONS.values() for to in ways}
    assert reached == set(AuditState) - {AuditState.PLANNED}
    assert all(not TRANSITIONS[state] for state in AuditState.ended())
    assert all(AuditState.CANCELLED in TRANSITIONS[state] for state in set(AuditState) - AuditState.ended())


def test_the_steps_behind_and_to_come_are_all_of_them() -> None:
    for state in set(AuditState) - {AuditState.CANCELLED}:
        behind, to_come = steps(state)
        assert (behind[-1], len(behind) + len(to_come)) == (state, len(AuditState) - 1)


@pytest.mark.parametrize(
    ("today", "on", "near"),
    [
        (date(2027, 1, 11), date(2028, 1, 11), True),
        (date(2027, 1, 11), date(2028, 1, 12), False),
        (date(2028, 2, 29), date(2029, 2, 28), True),
        (date(2028, 2, 29), date(2029, 3, 1), False),
    ],
)
def test_an_audit_is_launched_within_twelve_months(today: date, on: date, near: bool) -> None:
    if near:
        check_launch_is_near(on, today)
    else:
        with pytest.raises(Invalid, match="within twelve months"):
            check_launch_is_near(on, today)


@pytest.mark.parametrize(
    ("at", "by_day"),
    [
        ("2027-01-25T06:59:00+01:00", False),
        ("2027-01-25T07:00:00+01:00", True),
        ("2027-07-26T05:00:00+00:00", True),
        ("2027-01-25T20:00:00+01:00", True),
        ("2027-01-25T20:01:00+01:00", False),
    ],
)
def test_a_meeting_begins_between_seven_and_twenty(at: str, by_day: bool) -> None:
    if by_day:
        check_meets_at(datetime.fromisoformat(at), VERSION, "at")
    else:
        with pytest.raises(Invalid, match="between 07:00 and 20:00"):
            check_meets_at(datetime.fromisoformat(at), VERSION, "at")


@pytest.mark.parametrize(("days", "kept"), [(0, False), (1, True), (365, True), (366, False), (26_000, False)])
def test_a_recommendation_is_expected_within_a_year(days: int, kept: bool) -> None:
    case, auditor, house = an_audit(state=AuditState.ANALYSING), an_auditor(), a_house()
    said = ask.AddRecommendation(
        risk=RiskLevel.LOW, words="Formaliser.", expected_on=house.today + timedelta(days=days)
    )
    if kept:
        assert decide(case, said, None, auditor, house)
    else:
        with pytest.raises(Invalid):
            decide(case, said, None, auditor, house)


@pytest.mark.parametrize(("days", "kept"), [(365, True), (366, False)])
def test_no_day_is_proposed_or_agreed_on_further_ahead(days: int, kept: bool) -> None:
    house, task = a_house(), Task(UUID(int=7), AuditTask.ANSWER_FINDINGS, AUDITORS, frozenset())
    case = an_audit(pieces=(), recommendations=(recommended(1),))
    answers = [ask.Answer(number=1, reply=Reply.ACCEPT, proposed_on=house.today + timedelta(days=days))]
    proposed = ask.AnswerFindings(answers=answers)
    if kept:
        assert decide(case, proposed, task, an_auditor(), house)
        assert schedule(case, AGREED, {1: AGREED + timedelta(days=days)}, VERSION)[0].late
    else:
        with pytest.raises(Invalid, match="too far ahead"):
            decide(case, proposed, task, an_auditor(), house)
        with pytest.raises(Invalid, match="too far ahead"):
            schedule(case, AGREED, {1: AGREED + timedelta(days=days)}, VERSION)
