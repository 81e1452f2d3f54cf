"""The drawing says what the transition table says, and the timers what the ladder says.

Source: procedures, section 1
"""

from datetime import timedelta
from uuid import UUID

from domain.complaint.diagram import Edge, TimerKind, Way, edges, nodes, timers
from domain.complaint.states import TRANSITIONS, ComplaintState
from domain.ladder import Rung
from domain.policy import RungAddressee
from domain.position import LetterInHand, OpenDeadline
from tests.factories.complaints import NOON, TODAY

DAY, SPREAD, PATIENCE = timedelta(days=1), timedelta(seconds=35), timedelta(hours=4)
LETTER = LetterInHand(UUID(int=1), "acknowledgement", "email")


def test_every_step_has_one_place_of_its_own() -> None:
    places = [(node.x, node.y) for node in nodes()]
    assert {node.state for node in nodes()} == set(ComplaintState)
    assert len(set(places)) == len(places)


def test_the_main_line_goes_from_left_to_right_in_the_procedures_order() -> None:
    line = sorted((node for node in nodes() if node.y == 0), key=lambda node: node.x)
    assert [node.state for node in line] == [s for s in ComplaintState if s is not ComplaintState.REQUALIFIED]


def test_the_edges_are_the_transitions() -> None:
    assert {(edge.begins, edge.ends) for edge in edges()} == {
        (one, other) for one, ways in TRANSITIONS.items() for other in ways
    }


def test_one_edge_goes_back_and_five_leave_the_line() -> None:
    assert [e for e in edges() if e.way is Way.BACK] == [
        Edge(ComplaintState.DRAFTED, ComplaintState.ANALYSED, Way.BACK)
    ]
    assert {e.begins for e in edges() if e.way is Way.BRANCH} == ComplaintState.unanswered()
    assert all(e.ends is ComplaintState.REQUALIFIED for e in edges() if e.way is Way.BRANCH)


def a_deadline(*rungs: Rung, **changes: object) -> OpenDeadline:
    due_at = NOON + 4 * DAY
    return OpenDeadline("answer", 2, due_at.date(), due_at, TODAY, rungs, **changes)  # type: ignore[arg-type]


EVE = Rung(("half_way", "eve"), NOON + 3 * DAY, (RungAddressee.POLE_MANAGER,), (RungAddressee.OWNER,))
DUE = Rung(("due",), NOON + 4 * DAY, (RungAddressee.OWNER,), at_once=True)


def test_the_next_rung_is_armed_and_the_others_follow() -> None:
    found = timers([a_deadline(DUE, EVE)], [], SPREAD, PATIENCE, NOON)
    assert [(t.rungs, t.at, t.armed) for t in found] == [
        (("half_way", "eve"), EVE.fires_at + SPREAD, True),
        (("due",), DUE.fires_at + SPREAD, False),
    ]
    assert (found[0].kind, found[0].about, found[0].generation) == (TimerKind.REMIND, "answer", 2)
    assert (found[0].to, found[0].copies, found[0].at_once) == (("pole_manager",), ("owner",), False)
    assert found[1].at_once


def test_a_rung_that_has_fired_is_no_timer_any_more() -> None:
    [left] = timers([a_deadline(EVE, DUE, fired_until=EVE.fires_at)], [], SPREAD, PATIENCE, NOON)
    assert (left.rungs, left.armed) == (("due",), True)
    assert timers([a_deadline(EVE, DUE, fired_until=DUE.fires_at)], [], SPREAD, PATIENCE, NOON) == ()


def test_a_letter_on_its_way_is_told_to_the_owner_when_patience_ends() -> None:
    [told] = timers([], [(LETTER, NOON)], SPREAD, PATIENCE, NOON)
    assert (told.kind, told.about, told.at, told.to) == (
        TimerKind.REPORT_UNDELIVERED,
        "acknowledgement",
        NOON + PATIENCE,
        ("owner",),
    )
    assert timers([], [(LETTER, NOON)], SPREAD, PATIENCE, NOON + PATIENCE) == ()


def test_a_letter_in_the_days_post_waits_for_the_manifest_without_a_timer() -> None:
    posted = LetterInHand(UUID(int=1), "acknowledgement", "post", posted=True)
    assert timers([], [(posted, NOON)], SPREAD, PATIENCE, NOON) == ()


def test_when_a_letter_sent_again_loses_patience_only_the_engine_knows() -> None:
    again = LetterInHand(UUID(int=1), "acknowledgement", "post", round=2)
    found = timers([a_deadline(DUE)], [(again, NOON)], SPREAD, PATIENCE, NOON)
    assert [timer.at for timer in found] == [DUE.fires_at + SPREAD, None]
