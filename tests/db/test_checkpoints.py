"""A checkpoint knows where every journal ended: what is cut off afterwards, or taken away whole, is missed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tests.conftest import Ask
from tests.factories.complaints import AUTHOR, an_acknowledgement
from tests.factories.register import Desk, a_complaint_at, open_desk
from tests.factories.tampering import (
    CUT,
    FORGET,
    REMOVE,
    a_night_passes,
    as_superuser,
    before_last_command,
    findings,
    reference,
)
from tests.servers import INSURER, fresh_database

FIRST, SECOND, THIRD = date(2031, 3, 3), date(2031, 3, 4), date(2031, 3, 5)


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """A desk of this test alone."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


def three_nights(desk: Desk, folder: Path) -> list[UUID]:
    """Two cases in the first night's checkpoint, one of them again in the second's, none in the third's."""
    cases = [a_complaint_at(desk, "assigned"), a_complaint_at(desk, "acknowledged")]
    a_night_passes(desk, folder, FIRST)
    desk.do(cases[0], AUTHOR, an_acknowledgement(), "acknowledge")
    a_night_passes(desk, folder, SECOND)
    a_night_passes(desk, folder, THIRD)
    return cases


def counts(desk: Desk) -> list[tuple[date, int]]:
    return [(day, count) for day, count in desk.sql("SELECT day, count FROM checkpoints ORDER BY day")]


def test_each_night_covers_what_has_grown_since(desk: Desk, tmp_path: Path) -> None:
    three_nights(desk, tmp_path)
    assert counts(desk) == [(FIRST, 2), (SECOND, 1), (THIRD, 0)]
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{day}.checkpoint" for day in (FIRST, SECOND, THIRD)]
    assert findings(desk, tmp_path) == []


def test_a_checkpoint_is_made_once_and_never_before_another(desk: Desk, tmp_path: Path) -> None:
    cases = three_nights(desk, tmp_path)
    known = desk.everything()
    for day in (FIRST, THIRD):
        a_night_passes(desk, tmp_path, day)
    assert desk.everything() == known
    assert cases
    assert findings(desk, tmp_path) == []


def test_one_cut_off_before_its_cases_were_marked_is_marked_by_the_next(desk: Desk, tmp_path: Path) -> None:
    three_nights(desk, tmp_path)
    desk.sql("UPDATE cases SET checkpointed = 0")
    a_night_passes(desk, tmp_path, date(2031, 3, 6))
    assert counts(desk)[-1] == (date(2031, 3, 6), 2)
    assert desk.sql("SELECT count(*) FROM cases WHERE checkpointed <> lines") == [(0,)]
    assert findings(desk, tmp_path) == []


def test_an_end_cut_to_measure_is_missed(desk: Desk, tmp_path: Path) -> None:
    case_id = three_nights(desk, tmp_path)[0]
    ((lines,),) = desk.sql("SELECT lines FROM cases WHERE id = :id", id=case_id)
    as_superuser(desk, *CUT, *FORGET, id=case_id, last=before_last_command(desk, case_id))
    assert findings(desk)[0] == (
        f"{reference(desk, case_id)}, line {lines}: It is missing: the checkpoint of {SECOND} knows it."
    )


def test_a_case_taken_away_whole_is_missed(desk: Desk, tmp_path: Path) -> None:
    case_id = three_nights(desk, tmp_path)[0]
    as_superuser(desk, *[one for one in REMOVE if "letters" not in one], id=case_id)
    found = [one for one in findings(desk) if str(case_id) in one]
    assert f"The case {case_id} is missing: the checkpoint of {FIRST}" in found[0]
    assert len(found) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE checkpoints SET count = 3 WHERE day = :day",
        "UPDATE checkpoints SET made_at = made_at + interval '1 day' WHERE day = :day",
        "UPDATE checkpoints SET mac = sha256(mac) WHERE day = :day",
        "UPDATE checkpoint_heads SET line = line - 1 WHERE day = :day",
        "DELETE FROM checkpoint_heads WHERE day = :day",
        "INSERT INTO checkpoint_heads SELECT :day, gen_random_uuid(), line, mac FROM checkpoint_heads LIMIT 1",
    ],
)
def test_an_altered_checkpoint_is_found(desk: Desk, tmp_path: Path, change: str) -> None:
    three_nights(desk, tmp_path)
    as_superuser(desk, change, day=SECOND)
    assert f"The checkpoint of {SECOND} was altered, or the heads under it were." in findings(desk)


def test_a_checkpoint_taken_from_between_is_found(desk: Desk, tmp_path: Path) -> None:
    three_nights(desk, tmp_path)
    as_superuser(desk, "DELETE FROM checkpoints WHERE day = :day", day=SECOND)
    found = findings(desk, tmp_path)
    assert f"The checkpoint before that of {THIRD} is missing, or another." in found
    assert f"There are heads of {SECOND}, and no checkpoint of that day." in found
    assert f"The register has no checkpoint like the file {SECOND}.checkpoint." in found


def test_whoever_takes_the_last_checkpoints_as_well_is_found_by_their_files(desk: Desk, tmp_path: Path) -> None:
    case_id = three_nights(desk, tmp_path)[0]
    as_superuser(
        desk,
        *(*CUT, *FORGET),
        "DELETE FROM checkpoint_heads WHERE day >= :day",
        "DELETE FROM checkpoints WHERE day >= :day",
        "UPDATE cases SET checkpointed = h.line FROM checkpoint_heads h WHERE h.case_id = cases.id AND cases.id = :id",
        day=SECOND,
        id=case_id,
        last=before_last_command(desk, case_id),
    )
    assert findings(desk) == []
    found = findings(desk, tmp_path)
    assert f"The register has no checkpoint like the file {SECOND}.checkpoint." in found
    assert any(f"It is missing: the file {SECOND}.checkpoint knows it." in one for one in found)


def test_a_file_that_was_altered_or_is_missing_is_found(desk: Desk, tmp_path: Path) -> None:
    three_nights(desk, tmp_path)
    files = [tmp_path / f"{day}.checkpoint" for day in (FIRST, SECOND, THIRD)]
    files[0].write_text(files[0].read_text().replace('"count":2', '"count":3'))
    files[1].write_text("".join(files[1].read_text().splitlines(keepends=True)[:-1]) + "not a head\n")
    files[2].unlink()
    (tmp_path / "2031-03-09.checkpoint").write_text("something else")
    assert findings(desk, tmp_path) == [
        f"The file {FIRST}.checkpoint was altered, or the heads under it were.",
        f"Line 3 of {SECOND}.checkpoint cannot be read.",
        "2031-03-09.checkpoint is no checkpoint.",
        f"The checkpoint of {THIRD} has no file in {tmp_path}.",
    ]


def test_a_file_that_is_there_is_never_replaced_and_one_that_is_gone_is_laid_again(desk: Desk, tmp_path: Path) -> None:
    three_nights(desk, tmp_path)
    first, second = (tmp_path / f"{day}.checkpoint" for day in (FIRST, SECOND))
    content = second.read_bytes()
    first.write_text("taken")
    second.unlink()
    a_night_passes(desk, tmp_path, date(2031, 3, 6))
    assert (first.read_text(), second.read_bytes()) == ("taken", content)


def test_a_case_kept_out_of_the_checkpoints_is_found(desk: Desk, tmp_path: Path) -> None:
    case_id = a_complaint_at(desk, "assigned")
    desk.sql("UPDATE cases SET checkpointed = lines")
    a_night_passes(desk, tmp_path, FIRST)
    assert counts(desk) == [(FIRST, 0)]
    assert any(
        one.startswith(reference(desk, case_id)) and one.endswith("It is said to be under a checkpoint, and is not.")
        for one in findings(desk)
    )


@pytest.mark.parametrize("table", ["checkpoints", "checkpoint_heads"])
@pytest.mark.parametrize("change", ["UPDATE {} SET day = day", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_a_checkpoint(desk: Desk, tmp_path: Path, table: str, change: str) -> None:
    three_nights(desk, tmp_path)
    with pytest.raises(IntegrityError, match="is written once"):
        desk.sql(change.format(table))


def test_the_database_refuses_to_delete_a_key(desk: Desk) -> None:
    a_complaint_at(desk, "assigned")
    for change in ("DELETE FROM kept_keys", "TRUNCATE kept_keys CASCADE"):
        with pytest.raises(IntegrityError, match="written once"):
            desk.sql(change)
