"""Whoever owns the database can change everything in it; without the keys they cannot do so unnoticed."""

import os
from collections.abc import Iterator
from uuid import UUID

import pytest

from db.commands.keys import renew_journal_key
from domain.commands import CommandStatus
from tests.conftest import Ask
from tests.factories.complaints import AUTHOR, COLLEAGUE, an_acknowledgement
from tests.factories.register import Desk, a_complaint_at, open_desk
from tests.factories.tampering import CUT, FORGET, as_superuser, before_last_command, findings, reference
from tests.servers import INSURER, fresh_database

LINE = "UPDATE journal SET {} WHERE case_id = :id AND line = 2"
NOT_WRITTEN = "line 2: It is not what was written, or not after this line."


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk of this test alone: what is done to its register is done for good."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


def altered(desk: Desk, *statements: str, **values: object) -> list[str]:
    """What is found after these statements, of the one case that they are about."""
    case_id, other = a_complaint_at(desk, "drafted"), a_complaint_at(desk, "assigned")
    as_superuser(desk, *statements, id=case_id, **values)
    known, found = reference(desk, case_id), findings(desk)
    assert not any(reference(desk, other) in one for one in found)
    return [one.removeprefix(known).lstrip(",: ") for one in found if one.startswith(known)]


def test_a_journal_that_nobody_touched_is_whole(desk: Desk) -> None:
    a_complaint_at(desk, "answered")
    case_id = a_complaint_at(desk, "assigned")
    refused = desk.give(case_id, COLLEAGUE, an_acknowledgement(), "acknowledge")
    assert desk.settle(refused).status is CommandStatus.REFUSED
    assert desk.settle(desk.machine(case_id, "reoffer", "a day")).status is CommandStatus.APPLIED
    desk.give(case_id, AUTHOR, an_acknowledgement(), "acknowledge")  # waits
    assert findings(desk) == []


@pytest.mark.parametrize(
    "change",
    [
        'facts = facts || \'{"kind": "other"}\'',
        "facts = '{}'",
        "at = at - interval '1 microsecond'",
        "actor_id = (SELECT id FROM staff WHERE login = 'yann.kerloch')",
        "actor_id = NULL",
        "event = 'StateReached'",
        "private = 'forged'",
        "mac = decode(repeat('00', 32), 'hex')",
        "command_id = (SELECT id FROM commands WHERE case_id <> :id LIMIT 1)",
    ],
)
def test_an_altered_line_is_found(desk: Desk, change: str) -> None:
    assert NOT_WRITTEN in altered(desk, LINE.format(change))


def test_the_words_of_a_line_cannot_be_exchanged_for_others(desk: Desk) -> None:
    exchange = "UPDATE journal SET private = private || 'x' WHERE case_id = :id AND event = 'AnswerDrafted'"
    [found] = altered(desk, exchange)
    assert found.endswith("It is not what was written, or not after this line.")


def test_a_line_that_lost_its_mac_is_found(desk: Desk) -> None:
    assert "line 2: It was inserted: it is not chained." in altered(desk, LINE.format("mac = NULL, key_id = NULL"))


def test_a_line_of_an_unknown_key_is_found(desk: Desk) -> None:
    found = altered(desk, LINE.format("key_id = gen_random_uuid()"))
    assert found == ["line 2: It was chained with a key that the register does not have."]


def test_a_key_of_the_attackers_own_is_no_key_of_the_journal(desk: Desk) -> None:
    a_complaint_at(desk, "assigned")
    as_superuser(desk, "UPDATE kept_keys SET wrapped = :forged WHERE purpose = 'journal'", forged=os.urandom(60))
    assert any("was altered: nothing chained with it can be checked" in one for one in findings(desk))


def test_a_key_of_a_case_does_not_serve_as_the_journals(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    swap = (
        "UPDATE kept_keys SET wrapped = (SELECT wrapped FROM kept_keys WHERE case_id = :id), "
        "wrapped_by = 'story' WHERE purpose = 'journal'"
    )
    as_superuser(desk, swap, id=case_id)
    assert any("was altered: nothing chained with it can be checked" in one for one in findings(desk))


def test_a_missing_line_is_found(desk: Desk) -> None:
    assert "line 3: It is missing." in altered(desk, "DELETE FROM journal WHERE case_id = :id AND line = 3")
    lines = altered(desk, "DELETE FROM journal WHERE case_id = :id AND line BETWEEN 3 AND 5")
    assert "line 3: It is missing, and those up to line 5." in lines


def test_two_lines_that_changed_places_are_found(desk: Desk) -> None:
    found = altered(
        desk,
        "UPDATE journal SET line = -1 WHERE case_id = :id AND line = 2",
        "UPDATE journal SET line = 2 WHERE case_id = :id AND line = 3",
        "UPDATE journal SET line = 3 WHERE case_id = :id AND line = -1",
    )
    assert NOT_WRITTEN in found
    assert NOT_WRITTEN.replace("2", "3") in found


def test_a_missing_end_is_found(desk: Desk) -> None:
    cut = "DELETE FROM journal WHERE case_id = :id AND line > (SELECT lines - 2 FROM cases WHERE id = :id)"
    assert any("The end was cut: the case counts" in one for one in altered(desk, cut))


def test_an_end_cut_to_measure_leaves_commands_without_a_line(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "drafted")
    as_superuser(desk, *CUT, id=case_id, last=before_last_command(desk, case_id))
    (found,) = findings(desk)
    assert found.startswith(f"{reference(desk, case_id)}: The command ")
    assert found.endswith("(draft) was decided and has no line.")


def test_without_its_commands_too_only_a_witness_outside_the_chain_knows_of_it(desk: Desk) -> None:
    """This is what the checkpoints and the engine are for: test_checkpoints, test_witness."""
    case_id = a_complaint_at(desk, "drafted")
    as_superuser(desk, *CUT, *FORGET, id=case_id, last=before_last_command(desk, case_id))
    assert findings(desk) == []


def test_a_line_added_without_the_key_is_found(desk: Desk) -> None:
    found = altered(
        desk,
        "INSERT INTO journal SELECT case_id, line + 1, event, at, actor_id, command_id, facts, private, "
        "sha256(mac), key_id FROM journal WHERE case_id = :id ORDER BY line DESC LIMIT 1",
        "UPDATE cases SET lines = lines + 1, head = sha256(head) WHERE id = :id",
    )
    assert len(found) == 1
    assert found[0].endswith("It is not what was written, or not after this line.")


def test_a_case_that_names_another_end_is_found(desk: Desk) -> None:
    (found,) = altered(desk, "UPDATE cases SET head = sha256(head) WHERE id = :id")
    assert found.endswith("The case names another line as its last.")
    (found,) = altered(desk, "UPDATE cases SET lines = lines - 1 WHERE id = :id")
    assert "The case counts only" in found


def test_a_line_whose_command_is_gone_is_found(desk: Desk) -> None:
    found = altered(desk, "DELETE FROM commands WHERE case_id = :id AND kind = 'draft'")
    assert found
    assert all(one.endswith("The command that it comes from is missing.") for one in found)


def test_a_journal_without_its_case_is_found(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    as_superuser(desk, "DELETE FROM cases WHERE id = :id", id=case_id)
    assert f"There is a journal of the case {case_id}, and no such case." in findings(desk)


def test_a_new_journal_key_chains_on_and_the_old_one_still_checks(desk: Desk) -> None:
    case_id = a_complaint_at(desk, "assigned")
    with desk.sessions.begin() as session:
        made = renew_journal_key(session)
    desk.do(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
    used = desk.sql("SELECT DISTINCT key_id FROM journal WHERE case_id = :id", id=case_id)
    assert len(used) == 2
    assert (made,) in used
    assert findings(desk) == []


def test_two_cases_may_begin_before_there_is_any_key(desk: Desk) -> None:
    first, second = desk.sessions(), desk.sessions()
    assert desk.sql("SELECT count(*) FROM kept_keys") == [(0,)]
    first.close()
    second.close()
    cases: list[UUID] = [a_complaint_at(desk, "assigned") for _ in range(2)]
    kept = desk.sql("SELECT purpose, count(*) FROM kept_keys GROUP BY purpose ORDER BY purpose")
    assert kept == [("case", len(cases)), ("journal", 1)]
