"""Letters and words lie sealed in the register; its keys follow the ring when it turns; one that is erased is gone."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.orm import undefer

from db.commands import keys as key_commands
from db.commands.journal import Writing, erase_words
from db.commands.letter import keep
from db.commands.seal import Sealed, is_clear, seal_all
from db.models import Case, LetterRow
from db.queries.journal import lines_of, private_words
from db.queries.letter import message_of, pdf_of
from db.session import open_sessions
from domain.complaint.commands import SendBack
from domain.refusals import Erased, WrongStep
from keys.ring import Keys, KeysError
from keys.sealing import BrokenSealError
from tests.conftest import Ask
from tests.factories.complaints import REFERENT, a_requalification
from tests.factories.keys import OTHER_KEYS, READY_KEYS, TURNED_KEYS
from tests.factories.register import Desk, a_complaint_at, open_desk
from tests.factories.tampering import as_superuser, findings
from tests.servers import INSURER, fresh_database

PDF, MESSAGE = b"%PDF Chere Madame Quelennec", b"Subject: votre reclamation"
REASON = "Présentez des excuses à Mme Quélennec."


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk of this test alone."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


def with_ring(desk: Desk, ring: Keys | None) -> Desk:
    """The same register, opened with another ring."""
    return replace(desk, sessions=open_sessions(desk.engine, ring))


def a_kept_letter(desk: Desk) -> tuple[UUID, UUID]:
    """A case and its letter, which has been made."""
    case_id = a_complaint_at(desk, "acknowledged")
    ((letter_id,),) = desk.sql("SELECT id FROM letters WHERE case_id = :id", id=case_id)
    with desk.sessions.begin() as session:
        keep(session, letter_id, 1, PDF, MESSAGE, desk.at)
    return case_id, letter_id


def read(desk: Desk, letter_id: UUID) -> tuple[bytes, bytes | None]:
    """The letter, as it left."""
    with desk.sessions() as session:
        letter = session.get_one(LetterRow, letter_id, options=[undefer(LetterRow.pdf), undefer(LetterRow.message)])
        return pdf_of(session, letter), message_of(session, letter)


def words(desk: Desk, case_id: UUID) -> list[dict[str, object]]:
    """What the journal tells in words."""
    with desk.sessions() as session:
        return list(private_words(session, case_id, lines_of(session, case_id)).values())


def a_case_sent_back(desk: Desk) -> UUID:
    """A case with words in its journal."""
    case_id = a_complaint_at(desk, "drafted")
    said = SendBack(version_hash=desk.version_hash(case_id), reason=REASON)
    desk.do(case_id, REFERENT, said, "validate")
    return case_id


def erase(desk: Desk, case_id: UUID) -> None:
    """Destroy the case's key."""
    with desk.sessions.begin() as session:
        erase_words(Writing(session, session.get_one(Case, case_id, with_for_update=True), desk.at, None, None))


# At rest.


def test_a_letter_lies_sealed_and_opens_as_it_left(desk: Desk) -> None:
    _, letter_id = a_kept_letter(desk)
    ((pdf, message, sealed),) = desk.sql("SELECT pdf, message, sealed FROM letters WHERE id = :id", id=letter_id)
    assert sealed
    assert PDF not in bytes(pdf)
    assert MESSAGE not in bytes(message)
    assert read(desk, letter_id) == (PDF, MESSAGE)


def test_a_letter_opens_in_no_other_row_and_as_nothing_else(desk: Desk) -> None:
    _, letter_id = a_kept_letter(desk)
    _, other = a_kept_letter(desk)
    as_superuser(desk, "UPDATE letters SET message = pdf WHERE id = :id", id=letter_id)
    as_superuser(
        desk, "UPDATE letters SET pdf = (SELECT pdf FROM letters WHERE id = :id) WHERE id = :to", id=letter_id, to=other
    )
    for one in (letter_id, other):
        with pytest.raises(BrokenSealError):
            read(desk, one)


def test_the_journal_tells_words_only_with_the_case_s_key(desk: Desk) -> None:
    case_id = a_case_sent_back(desk)
    assert {"reason": REASON} in words(desk, case_id)
    facts = desk.sql("SELECT facts::text, private FROM journal WHERE case_id = :id", id=case_id)
    assert not any("excuses" in text or b"excuses" in bytes(sealed or b"") for text, sealed in facts)
    as_superuser(
        desk, "UPDATE journal SET private = :x WHERE case_id = :id AND private IS NOT NULL", id=case_id, x=b"\0" * 40
    )
    assert words(desk, case_id) == []


def test_no_key_lies_in_the_register_in_clear(desk: Desk) -> None:
    a_kept_letter(desk)
    with desk.sessions() as session:
        secret = key_commands.journal_key(session).secret
    assert all(secret not in bytes(wrapped) for (wrapped,) in desk.sql("SELECT wrapped FROM kept_keys"))


def test_without_the_ring_letters_stay_shut_and_no_line_is_written(desk: Desk) -> None:
    case_id, letter_id = a_kept_letter(desk)
    with pytest.raises(KeysError, match="without ECHEANCE_KEYS"):
        read(with_ring(desk, None), letter_id)
    with pytest.raises(KeysError, match="'story' is not in ECHEANCE_KEYS"):
        read(with_ring(desk, OTHER_KEYS), letter_id)
    with pytest.raises(KeysError):
        with_ring(desk, None).do(case_id, "anne.le.goff", a_requalification(), None, "requalify")


# The ring turns.


def test_after_a_turn_the_old_key_is_needed_no_more(desk: Desk) -> None:
    case_id, letter_id = a_kept_letter(desk)
    turned, only_new = with_ring(desk, TURNED_KEYS), with_ring(desk, OTHER_KEYS)
    assert key_commands.rewrap_all(turned.sessions) == 2
    assert key_commands.rewrap_all(turned.sessions) == 0
    with turned.sessions() as session:
        assert key_commands.wrapped_by(session) == {"other": 2}
    assert read(only_new, letter_id) == (PDF, MESSAGE)
    assert words(only_new, case_id) == words(turned, case_id)
    assert findings(only_new) == []
    a_complaint_at(only_new, "drafted")
    assert findings(only_new) == []


def test_a_turn_goes_on_where_it_stopped_beside_programs_that_still_seal_with_the_old_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        a_complaint_at(desk, "assigned")
    monkeypatch.setattr(key_commands, "AT_ONCE", 2)
    turned = with_ring(desk, TURNED_KEYS)
    assert key_commands._rewrap_some(turned.sessions) == 2
    a_complaint_at(with_ring(desk, READY_KEYS), "assigned")
    assert key_commands.rewrap_all(turned.sessions) == 3
    assert findings(with_ring(desk, OTHER_KEYS)) == []


def test_a_turn_without_the_old_key_names_it_and_changes_nothing(desk: Desk) -> None:
    a_complaint_at(desk, "assigned")
    with pytest.raises(KeysError, match="'story' is not in ECHEANCE_KEYS"):
        key_commands.rewrap_all(with_ring(desk, OTHER_KEYS).sessions)
    assert findings(desk) == []


# A key is erased.


def test_once_erased_letters_and_words_are_gone_and_the_journal_is_whole(desk: Desk) -> None:
    case_id, letter_id = a_kept_letter(desk)
    desk.do(case_id, "anne.le.goff", a_requalification(), None, "requalify")
    assert words(desk, case_id)
    erase(desk, case_id)
    with pytest.raises(Erased, match="The key of this case was erased on"):
        read(desk, letter_id)
    with pytest.raises(Erased), desk.sessions.begin() as session:
        keep(session, letter_id, 1, PDF, None, desk.at)
    assert words(desk, case_id) == []
    assert findings(desk) == []
    assert key_commands.rewrap_all(with_ring(desk, TURNED_KEYS).sessions) == 1


def test_what_is_still_needed_is_not_erased(desk: Desk) -> None:
    case_id, letter_id = a_kept_letter(desk)
    with pytest.raises(WrongStep):
        erase(desk, case_id)
    assert read(desk, letter_id) == (PDF, MESSAGE)


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE kept_keys SET wrapped = NULL, erased_at = made_at_wall WHERE case_id = :id",
        "DELETE FROM kept_keys WHERE case_id = :id",
    ],
)
def test_a_key_that_vanished_without_a_word_is_found(desk: Desk, how: str) -> None:
    case_id, _ = a_kept_letter(desk)
    as_superuser(desk, how, id=case_id)
    (found,) = findings(desk)
    assert found.endswith("Its key is gone, and the journal does not say that it was erased.")


# What is older than the keys.


def before_the_keys(desk: Desk) -> tuple[UUID, UUID]:
    """A case as the version before left it: neither chained nor sealed, and a command that left no line."""
    case_id, letter_id = a_kept_letter(desk)
    desk.settle(desk.machine(case_id, "reoffer", "a day"))
    as_superuser(
        desk,
        "DELETE FROM journal WHERE case_id = :id AND event = 'NothingChanged'",
        "UPDATE journal SET mac = NULL, key_id = NULL, private = NULL WHERE case_id = :id",
        "UPDATE cases SET head = NULL, lines = lines - 1 WHERE id = :id",
        "UPDATE letters SET pdf = :pdf, message = :message, sealed = false WHERE case_id = :id",
        "DELETE FROM kept_keys WHERE case_id = :id",
        id=case_id,
        pdf=PDF,
        message=MESSAGE,
    )
    return case_id, letter_id


def test_what_is_older_is_read_as_it_is_then_sealed_once_and_whole(desk: Desk) -> None:
    case_id, letter_id = before_the_keys(desk)
    assert read(desk, letter_id) == (PDF, MESSAGE)
    assert any("It is older than the chains: run `echeance keys seal`." in one for one in findings(desk))
    with desk.sessions() as session:
        assert is_clear(session)
    assert seal_all(desk.sessions, desk.at) == Sealed(1, 1)
    assert seal_all(desk.sessions, desk.at) == Sealed(0, 0)
    assert read(desk, letter_id) == (PDF, MESSAGE)
    last = desk.sql(
        "SELECT event, line, facts->'lines' FROM journal WHERE case_id = :id ORDER BY line DESC", id=case_id
    )
    assert (last[0][0], last[0][1]) == ("JournalChained", last[0][2] + 1)
    assert findings(desk) == []


def test_the_next_line_takes_the_older_ones_into_the_chain(desk: Desk) -> None:
    case_id, _ = before_the_keys(desk)
    desk.do(case_id, "anne.le.goff", a_requalification(), None, "requalify")
    assert [one for one in findings(desk) if "is not sealed" not in one] == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET facts = '{}' WHERE case_id = :id AND line = 1",
        "UPDATE journal SET at = at - interval '1 day' WHERE case_id = :id AND line = 2",
        "DELETE FROM journal WHERE case_id = :id AND line = 2",
    ],
)
def test_older_lines_are_not_changed_unnoticed_once_they_are_taken_in(desk: Desk, change: str) -> None:
    case_id, _ = before_the_keys(desk)
    seal_all(desk.sessions, desk.at)
    as_superuser(desk, change, id=case_id)
    assert any("The lines before it are not those that were taken into the chain." in one for one in findings(desk))


def test_a_letter_put_there_in_clear_afterwards_is_found(desk: Desk) -> None:
    _, letter_id = a_kept_letter(desk)
    as_superuser(desk, "UPDATE letters SET pdf = 'forged', sealed = false WHERE id = :id", id=letter_id)
    (found,) = findings(desk)
    assert f"The letter {letter_id} is not sealed" in found


def test_an_iban_has_the_same_hash_after_the_ring_has_turned(desk: Desk) -> None:
    iban = "FR7630006000011234567890189"
    with desk.sessions.begin() as session:
        before = key_commands.iban_hasher(session)(iban)
    turned = with_ring(desk, TURNED_KEYS)
    key_commands.rewrap_all(with_ring(desk, TURNED_KEYS).sessions)
    with with_ring(turned, OTHER_KEYS).sessions.begin() as session:
        assert key_commands.iban_hasher(session)(iban) == before
        assert key_commands.iban_hasher(session)(iban[:-1] + "8") != before
    assert desk.sql("SELECT count(*) FROM kept_keys WHERE purpose = 'iban'") == [(1,)]
