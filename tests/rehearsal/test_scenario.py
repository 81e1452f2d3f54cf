"""A scenario that cannot be played says on which line, and why."""

import pytest

from rehearsal.scenario import Scenario, ScenarioError, parse, times_of

GOOD = """\
title: Un essai
starts: 2031-03-03 08:30
ends: 2031-03-14 18:00
absences:
  - {who: claire.morvan, from: 2031-03-05, back: 2031-03-07}
closing_days:
  - {day: 2031-03-10, name: Inventaire}
scenes:
  - {id: entry, at: 2031-03-03 09:00, who: malo.quere, does: enter_complaint, case: one}
  - {after: entry, plus_minutes: 90, who: claire.morvan, does: acknowledge, on: one, with: {dispatch: email}}
"""


def test_a_scenario_is_read_in_the_order_of_its_times() -> None:
    scenario = parse(GOOD)
    assert [(at.strftime("%H:%M"), scene.does) for at, scene in times_of(scenario)] == [
        ("09:00", "enter_complaint"),
        ("10:30", "acknowledge"),
    ]


@pytest.mark.parametrize(
    ("given", "instead", "line", "reason"),
    [
        ("who: malo.quere", "who: nobody", 9, "nobody has the login nobody"),
        ("who: claire.morvan, from", "who: nobody, from", 5, "nobody has the login nobody"),
        ("back: 2031-03-07}", "back: 2031-03-07, deputy: ghost}", 5, "nobody has the login ghost"),
        ("back: 2031-03-07", "back: 2031-03-05", 5, "back after they left"),
        ("day: 2031-03-10", "day: 2031-02-30", 7, "date"),
        ("at: 2031-03-03 09:00", "at: yesterday", 9, "datetime"),
        ("at: 2031-03-03 09:00", "at: 2031-03-20 09:00", 9, "before the start or after the end"),
        ("at: 2031-03-03 09:00, ", "", 9, "either `at`, a local time, or `after`"),
        ("does: enter_complaint", "does: enter_claim", 10, "nobody can acknowledge a claim: use one of add_document"),
        (
            "does: enter_complaint",
            "does: build_payment",
            10,
            "nobody can acknowledge a payment: use one of bank_answers",
        ),
        ("does: enter_complaint", "does: enter_complain", 9, "nobody can do 'enter_complain'"),
        ("on: one", "on: two", 10, "no scene enters a case called two"),
        ("on: one, ", "", 10, "say on which case"),
        ("after: entry", "after: exit", 10, "no scene has the id exit"),
        ("id: entry, at: 2031-03-03 09:00", "id: entry, after: entry", 9, "a circle: entry waits for itself"),
        ("ends: 2031-03-14 18:00", "ends: 2031-03-03 08:30", 3, "ends before it starts"),
        ("title: Un essai", "titel: Un essai", 1, ""),
        ("absences:", "staff: [{login: x, name: X, roles: [king]}]\nabsences:", 4, "handler"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_reason(given: str, instead: str, line: int, reason: str) -> None:
    assert given in GOOD
    with pytest.raises(ScenarioError) as told:
        parse(GOOD.replace(given, instead), "essai.yaml")
    assert any(problem.startswith(f"essai.yaml:{line}:") and reason in problem for problem in told.value.problems), (
        told.value.problems
    )


@pytest.mark.parametrize("text", ["", "- a list", "title: [", "\ttitle: tabs"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"^scenario\.yaml:\d+: "):
        parse(text)


def test_a_longer_circle_is_found() -> None:
    text = GOOD + "  - {id: a, after: b, who: malo.quere, does: claim_task, on: one}\n"
    text += "  - {id: b, after: a, who: malo.quere, does: claim_task, on: one}\n"
    with pytest.raises(ScenarioError, match="a circle"):
        parse(text)


def test_a_scenario_without_scenes_is_nobody_doing_anything() -> None:
    scenario = parse("title: Rien\nstarts: 2031-03-03 08:30\nends: 2031-03-14 18:00\n")
    assert isinstance(scenario, Scenario)
    assert scenario.scenes == ()
