"""The doctor's judgement: which facts are an ailment, and which are a case that is being worked on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain.ailments import AilmentKind, Mender
from domain.complaint.case import ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.doctor import (
    CaseFacts,
    HouseFacts,
    Letter,
    Message,
    RefusedCommand,
    RunFacts,
    WaitingCommand,
    ends_soon,
    judge,
    judge_house,
)
from domain.position import LetterInHand, Watched
from domain.standing import Standing

NOW = datetime(2031, 3, 3, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CASE = UUID(int=1)
LETTER, OTHER = uuid5(CASE, "letter"), uuid5(CASE, "other")
ANSWER = Watched("answer", 1, NOW + 24 * HOUR)
POSITION = ComplaintPosition(
    CASE,
    ComplaintState.ACKNOWLEDGED,
    mail_patience=HOUR,
    spread=5 * MINUTE,
    watched=(ANSWER,),
    letters=(LetterInHand(LETTER, "acknowledgement", "email"),),
)
HEALTHY = CaseFacts(
    CASE,
    "REC-2031-000001",
    "complaint",
    NOW - 24 * HOUR,
    lines=5,
    position=POSITION,
    letters=(Letter(LETTER, "acknowledgement", NOW - 30 * MINUTE),),
)
STANDING = Standing(POSITION, watching=(("answer", 1),), leaving=((LETTER, 1),))
GONE = RunFacts(False, NOW - HOUR)


def position(**changes: Any) -> ComplaintPosition:
    """The row's position, with these changes."""
    return replace(POSITION, **changes)


def case(**changes: Any) -> CaseFacts:
    """The healthy case, with these changes."""
    return replace(HEALTHY, **changes)


def run(**changes: Any) -> RunFacts:
    """A run that sees to all that the healthy case needs, with these changes."""
    return RunFacts(True, standing=replace(STANDING, **changes))


def told(case: CaseFacts, run: RunFacts) -> list[tuple[str, str]]:
    """What is found, by kind and what it is about."""
    return [(one.kind.value, one.about) for one in judge(case, run, NOW)]


ENDED = {"ended_at": NOW - HOUR, "letters": ()}
LATE = position(watched=(replace(ANSWER, next_at=NOW - 21 * MINUTE),))
BARELY = position(watched=(replace(ANSWER, next_at=NOW - 20 * MINUTE),))
TWO = position(watched=(ANSWER, Watched("answer_target", 1, NOW + 48 * HOUR)))
SENT = (Letter(LETTER, "acknowledgement", NOW - HOUR, handed_over=True),)


def waiting(age: timedelta) -> tuple[WaitingCommand, ...]:
    """A command that was received so long ago."""
    return (WaitingCommand(UUID(int=7), "analyse", NOW - age),)


@pytest.mark.parametrize(
    ("facts", "engine", "found"),
    [
        # The run is there, or not.
        (case(), run(), []),
        (case(), GONE, [("no_run", "")]),
        (case(**ENDED), GONE, []),
        (case(**(ENDED | {"letters": HEALTHY.letters})), GONE, [("no_run", "")]),
        (case(**ENDED, messages=(Message(OTHER, NOW),)), GONE, [("no_run", "")]),
        (case(**ENDED), RunFacts(True), [("run_after_end", "")]),
        (case(**ENDED, waiting=waiting(MINUTE)), RunFacts(True), []),
        (case(**(ENDED | {"letters": HEALTHY.letters})), run(), []),
        # It answers, or not.
        (case(), RunFacts(True), [("no_answer", "")]),
        (case(), RunFacts(True, stuck=True), [("stuck_run", "")]),
        (case(), RunFacts(True, asked=False), []),
        # It sees to what the row says, or not.
        (case(position=TWO), run(), [("no_watcher", "answer_target 1")]),
        (case(), run(watching=()), [("no_watcher", "answer 1")]),
        (case(position=position(watched=())), run(), [("run_elsewhere", "deadlines")]),
        (
            case(position=position(watched=(replace(ANSWER, next_at=NOW + HOUR),))),
            run(),
            [("run_elsewhere", "deadlines")],
        ),
        (case(), run(position=position(state=ComplaintState.ANALYSED)), [("run_elsewhere", "state")]),
        (case(position=position(compensation_due=True)), run(), [("run_elsewhere", "compensation")]),
        (case(), run(leaving=()), [("run_elsewhere", "letters")]),
        (case(position=position(messages=(OTHER,))), run(), [("run_elsewhere", "messages")]),
        (case(position=position(messages=(OTHER,))), run(telling=(OTHER,)), []),
        (case(), run(position=position(messages=(OTHER,)), telling=(OTHER,)), []),  # it has left meanwhile
        (
            case(position=position(letters=(LetterInHand(LETTER, "answer_founded", "post", posted=True),))),
            run(leaving=()),
            [],
        ),
        # Somebody is working on it.
        (case(at_work=True), GONE, []),
        (case(waiting=waiting(MINUTE)), GONE, []),
        (case(waiting=waiting(2 * MINUTE)), GONE, [("no_run", ""), ("command_waiting", "analyse")]),
        (case(waiting=waiting(2 * MINUTE)), run(), [("command_waiting", "analyse")]),
        # Rungs: their spread, and a quarter of an hour, may pass.
        (case(position=LATE), run(position=LATE), [("rung_overdue", "answer 1")]),
        (case(position=BARELY), run(position=BARELY), []),
        (case(position=LATE), run(position=LATE, watching=()), [("no_watcher", "answer 1")]),
    ],
)
def test_register_and_engine_side_by_side(facts: CaseFacts, engine: RunFacts, found: list[tuple[str, str]]) -> None:
    assert told(facts, engine) == found


def refused(kind: str, *, by_machine: bool = True, **facts: Any) -> RefusedCommand:
    """A command that was refused ten minutes ago."""
    body = facts.pop("body", {})
    return RefusedCommand(UUID(int=9), kind, NOW - 10 * MINUTE, "refused_by_register", body, by_machine, **facts)


THIS = {"letter_id": str(LETTER)}
RUNG = {"deadline": "answer", "generation": 1}


@pytest.mark.parametrize(
    ("command", "changes", "found"),
    [
        (refused("record_handover", body=THIS), {}, ["command_refused"]),
        (refused("record_handover", body=THIS), {"letters": SENT}, []),
        (refused("report_undelivered", body=THIS), {}, ["command_refused"]),
        (
            refused("report_undelivered", body=THIS),
            {"letters": (replace(HEALTHY.letters[0], with_owner=True),)},
            ["letter_with_owner"],
        ),
        (refused("remind", body=RUNG), {}, []),
        (refused("remind", body=RUNG), {"position": LATE}, ["command_refused"]),
        (refused("remind", body=RUNG | {"generation": 2}), {"position": LATE}, ["rung_overdue"]),
        (refused("register"), {}, []),
        (refused("register"), {"position": position(state=ComplaintState.REGISTERED)}, ["command_refused"]),
        (refused("close"), {}, []),  # a letter is outstanding: it closes by itself
        (refused("close"), {"letters": (), "position": position(letters=())}, ["command_refused"]),
        (refused("reoffer"), {}, ["command_refused"]),
        (refused("reoffer", superseded=True), {}, []),
        (refused("reoffer", again=True), {}, []),
        (refused("reoffer"), ENDED | {"messages": (Message(OTHER, NOW),)}, []),
        (refused("analyse", by_machine=False), {}, ["command_set_aside"]),
        (refused("analyse", by_machine=False, superseded=True), {}, []),
    ],
)
def test_a_refusal_matters_as_long_as_what_was_to_be_done_is_lacking(
    command: RefusedCommand, changes: dict[str, Any], found: list[str]
) -> None:
    facts = case(refused=(command,), **changes)
    alike = Standing(facts.position, (("answer", 1),), ((LETTER, 1),), ())
    assert [one.kind.value for one in judge(facts, RunFacts(True, standing=alike), NOW)] == found


@pytest.mark.parametrize(
    ("letter", "found"),
    [
        (Letter(LETTER, "acknowledgement", NOW - 89 * MINUTE), []),
        (Letter(LETTER, "acknowledgement", NOW - 90 * MINUTE), ["letter_waiting"]),
        (Letter(LETTER, "acknowledgement", NOW - 90 * MINUTE, posted=True), []),
        (Letter(LETTER, "acknowledgement", NOW - 90 * MINUTE, with_owner=True), ["letter_with_owner"]),
        (
            Letter(LETTER, "acknowledgement", NOW - 90 * MINUTE, handed_over=True, possible_doubles=1),
            ["possible_double"],
        ),
    ],
)
def test_a_letter_may_take_as_long_as_its_owner_needs_to_be_asked(letter: Letter, found: list[str]) -> None:
    assert [one.kind.value for one in judge(case(letters=(letter,)), run(), NOW)] == found


HOUSE = HouseFacts(canary_at=NOW - MINUTE, calendar_until=date(2036, 12, 31))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"canary_at": None}, []),  # it has only been started
        ({"canary_at": NOW - 13 * MINUTE}, ["canary_silent"]),
        ({"canary_at": NOW - 13 * MINUTE, "resting": {"canary": NOW}}, ["no_standing_run"]),
        ({"resting": {"mailroom": None, "canary": None}}, ["no_standing_run", "no_standing_run"]),
        ({"worker_answers": False}, ["no_worker"]),
        ({"post_left_open": (date(2031, 2, 28),)}, ["post_left_open"]),
        ({"digests": (Message(OTHER, NOW - 59 * MINUTE),)}, []),
        ({"digests": (Message(OTHER, NOW - HOUR, "SMTPConnectError"),)}, ["message_waiting"]),
        ({"calendar_until": date(2031, 12, 31)}, ["calendar_ends"]),
    ],
)
def test_the_house(changes: dict[str, Any], found: list[str]) -> None:
    assert [one.kind.value for one in judge_house(replace(HOUSE, **changes), NOW, NOW.date())] == found


@pytest.mark.parametrize(
    ("today", "soon"), [(date(2030, 10, 31), False), (date(2030, 11, 1), True), (date(2032, 1, 1), True)]
)
def test_a_calendar_ends_soon_fourteen_months_before_its_last_day(today: date, soon: bool) -> None:
    assert ends_soon(date(2031, 12, 31), today) is soon


def sentences() -> Iterable[str]:
    """All that is told of ailments."""
    return (text for kind in AilmentKind for text in (kind.meaning, kind.remedy))


def test_every_ailment_says_what_it_means_how_it_is_mended_and_by_whom() -> None:
    assert all(text.endswith(".") for text in sentences())
    assert {kind.mended_by for kind in AilmentKind} == set(Mender)
