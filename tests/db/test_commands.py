"""Commands are kept once per key, and delivered one at a time per case, the oldest first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from db.commands import command as commands
from db.commands.command import Ask, Leased, already_received, receive
from domain.commands import CommandRef
from domain.refusals import KeyReused
from tests.factories.complaints import AUTHOR, COLLEAGUE, MANAGER, a_requalification
from tests.factories.register import Desk, a_complaint_at

A_MINUTE = timedelta(minutes=1)
AT_ONCE = 20


def asks(desk: Desk, case_id: UUID, *keys: str, login: str = AUTHOR) -> list[CommandRef]:
    """Commands that wait, in this order; to call for a requalification is as good as any."""
    given = []
    for key in keys:
        with desk.sessions.begin() as session:
            row = receive(session, case_id, an_ask(key), desk.actor(login), desk.at)
            session.flush()
            given.append(CommandRef(row.id, case_id, "requalify"))
    return given


def an_ask(key: str) -> Ask:
    return Ask("requalify", a_requalification().model_dump(mode="json"), key)


def lease(desk: Desk, case_id: UUID, holder: str = "api") -> Leased | None:
    with desk.sessions.begin() as session:
        return commands.lease_oldest(session, case_id, holder)


def leased(desk: Desk, case_id: UUID) -> UUID | None:
    found = lease(desk, case_id)
    return found.ref.id if found else None


def expire(desk: Desk, command: CommandRef) -> None:
    desk.sql("UPDATE commands SET lease_until_wall = now() - interval '1 ms' WHERE id = :id", id=command.id)


# The idempotency key.


def test_the_same_command_with_the_same_key_is_the_one_received_first(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    body = {"reason": "x", "on": [1, 2], "at": desk.at}
    ask = Ask("requalify", body, "same key", UUID(int=7))
    same = Ask("requalify", dict(reversed(body.items())), "same key", UUID(int=7))
    with desk.sessions.begin() as session:
        first = receive(session, case_id, ask, desk.actor(AUTHOR), desk.at)
    with desk.sessions() as session:
        again = already_received(session, desk.actor(AUTHOR), same)
    assert again is not None
    assert again.id == first.id


@pytest.mark.parametrize(
    "other",
    [
        Ask("requalify", {"reason": "another"}, "used"),
        Ask("reassign", {"reason": "x"}, "used"),
        Ask("requalify", {"reason": "x"}, "used", UUID(int=7)),
        Ask("requalify", {}, "used"),
    ],
    ids=["another body", "another kind", "another task", "no body"],
)
def test_a_key_used_for_something_else_is_a_conflict(desk: Desk, other: Ask) -> None:
    case_id = a_complaint_at(desk, "assigned")
    desk.sql("UPDATE commands SET idempotency_key = id::text WHERE idempotency_key = 'used'")
    with desk.sessions.begin() as session:
        receive(session, case_id, Ask("requalify", {"reason": "x"}, "used"), desk.actor(AUTHOR), desk.at)
    with desk.sessions() as session, pytest.raises(KeyReused) as refusal:
        already_received(session, desk.actor(AUTHOR), other)
    assert refusal.value.status == 409


def test_two_people_may_use_the_same_key(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    first, second = asks(desk, case_id, "everyone's"), asks(desk, case_id, "everyone's", login=COLLEAGUE)
    assert first != second
    with desk.sessions() as session:
        assert already_received(session, desk.actor(MANAGER), an_ask("everyone's")) is None


def test_a_key_is_kept_once_however_many_come_at_once(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")

    def attempt(_: int) -> bool:
        try:
            asks(desk, case_id, "a race")
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(attempt, range(AT_ONCE))) == 1


# The lease.


def test_the_oldest_command_of_a_case_is_delivered_first_and_alone(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    first, second = asks(desk, case_id, "lease 1", "lease 2")
    assert leased(desk, case_id) == first.id
    assert leased(desk, case_id) is None
    desk.settle(first)
    assert leased(desk, case_id) == second.id
    desk.settle(second)
    assert leased(desk, case_id) is None


def test_of_twenty_deliverers_one_holds_the_command(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    first, _ = asks(desk, case_id, "crowd 1", "crowd 2")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        held = list(threads.map(lambda n: lease(desk, case_id, f"holder {n}"), range(AT_ONCE)))
    assert [one.ref.id for one in held if one] == [first.id]


def test_a_case_does_not_wait_for_another(desk: Desk) -> None:
    cases = [a_complaint_at(desk, "assigned") for _ in range(2)]
    given = [asks(desk, case_id, f"apart {n}")[0] for n, case_id in enumerate(cases)]
    assert [leased(desk, case_id) for case_id in cases] == [one.id for one in given]


def test_what_a_dead_deliverer_held_is_taken_over_when_the_lease_ends(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    first, _ = asks(desk, case_id, "dead 1", "dead 2")
    assert lease(desk, case_id, "dies") == Leased(first, 1, "complaint")
    assert lease(desk, case_id, "lives") is None
    expire(desk, first)
    assert lease(desk, case_id, "lives") == Leased(first, 2, "complaint")
    assert desk.sql("SELECT leased_by FROM commands WHERE id = :id", id=first.id) == [("lives",)]


def test_what_was_given_back_waits_and_nothing_overtakes_it(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    first, _ = asks(desk, case_id, "back 1", "back 2")
    lease(desk, case_id)
    with desk.sessions.begin() as session:
        commands.give_back(session, first.id, A_MINUTE)
    assert lease(desk, case_id) is None
    expire(desk, first)
    assert lease(desk, case_id) == Leased(first, 2, "complaint")


def test_a_clock_that_was_put_back_makes_no_lease_longer(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    (first,) = asks(desk, case_id, "stepped")
    lease(desk, case_id, "dies")
    hour_back = "UPDATE commands SET lease_until_wall = lease_until_wall + interval '1 hour' WHERE id = :id"
    desk.sql(hour_back, id=first.id)
    with desk.sessions() as session:
        assert case_id in commands.cases_with_undecided(session, 1000)
    assert lease(desk, case_id, "lives") == Leased(first, 2, "complaint")


def test_a_late_return_does_not_reopen_a_decided_command(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    (first,) = asks(desk, case_id, "late 1")
    lease(desk, case_id)
    desk.settle(first)
    with desk.sessions.begin() as session:
        commands.give_back(session, first.id, timedelta(0))
    assert leased(desk, case_id) is None


def test_the_relay_finds_the_cases_that_nobody_is_delivering_the_longest_waiting_first(desk: Desk) -> None:
    cases = [a_complaint_at(desk, "assigned") for _ in range(3)]
    held, older, newer = cases
    given = {case_id: asks(desk, case_id, f"relay {n}")[0] for n, case_id in enumerate((held, older, newer))}
    asks(desk, older, "relay again")
    lease(desk, held)
    with desk.sessions() as session:
        found = [case_id for case_id in commands.cases_with_undecided(session, 1000) if case_id in cases]
        assert commands.cases_with_undecided(session, 1)[0] not in {held, newer}
    assert found == [older, newer]
    expire(desk, given[held])
    with desk.sessions() as session:
        found = [case_id for case_id in commands.cases_with_undecided(session, 1000) if case_id in cases]
    assert found == [held, older, newer]


def test_commands_wait_behind_the_one_that_is_being_delivered(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    asks(desk, case_id, "behind 1", "behind 2")
    lease(desk, case_id)
    with desk.sessions() as session:
        assert case_id not in commands.cases_with_undecided(session, 1000)
