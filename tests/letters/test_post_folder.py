"""The day's post: each letter once, whole, and a manifest that can be trusted."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from activities.post_folder import Entry, Manifest, PostConflict, PostDayClosed, PostIncomplete, add, close, read
from domain.complaint.letters import LetterKind
from letters.rendering import to_pdf
from tests.factories.letters import a_letter

DAY = date(2026, 11, 12)
CLOSED_AT = datetime(2026, 11, 12, 15, 58, tzinfo=UTC)
ANSWER = to_pdf(a_letter())
ACKNOWLEDGEMENT = to_pdf(a_letter(LetterKind.ACKNOWLEDGEMENT))


def put(folder: Path, letter_id: str = "l1", reference: str = "REC-1", pdf: bytes = ANSWER) -> Entry:
    """A letter put into the day's post."""
    return add(folder, DAY, letter_id, reference, pdf)


def names(folder: Path) -> list[str]:
    """The files of the day, hidden ones included."""
    return sorted(path.name for path in (folder / DAY.isoformat()).iterdir())


def test_a_letter_is_filed_under_its_day_reference_and_id(tmp_path: Path) -> None:
    entry = put(tmp_path)
    assert (tmp_path / "2026-11-12" / "REC-1-l1.pdf").read_bytes() == ANSWER
    assert entry == Entry(
        reference="REC-1",
        letter_id="l1",
        file="REC-1-l1.pdf",
        pages=1,
        size_bytes=len(ANSWER),
        sha256=hashlib.sha256(ANSWER).hexdigest(),
    )


def test_a_letter_put_twice_is_there_once(tmp_path: Path) -> None:
    assert put(tmp_path) == put(tmp_path)
    assert names(tmp_path) == ["REC-1-l1.pdf"]


def test_other_content_under_the_same_identity_is_refused_and_replaces_nothing(tmp_path: Path) -> None:
    put(tmp_path)
    with pytest.raises(PostConflict, match=r"REC-1-l1\.pdf"):
        put(tmp_path, pdf=ACKNOWLEDGEMENT)
    assert (tmp_path / "2026-11-12" / "REC-1-l1.pdf").read_bytes() == ANSWER


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "é", "a\x00", "x" * 250])
def test_an_identity_that_makes_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        put(tmp_path, letter_id=name)
    with pytest.raises(ValueError, match="file name"):
        put(tmp_path, reference=name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_letter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a PDF"):
        put(tmp_path, pdf=b"")


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("activities.whole_files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path)
    assert names(tmp_path) == []


def test_the_manifest_lists_every_letter_by_reference(tmp_path: Path) -> None:
    second, first = put(tmp_path, "l2", "REC-2"), put(tmp_path, "l1", "REC-1", ACKNOWLEDGEMENT)
    manifest = close(tmp_path, DAY, [second, first], CLOSED_AT)
    assert manifest.letters == (first, second)
    assert read(tmp_path, DAY) == manifest
    assert names(tmp_path) == ["REC-1-l1.pdf", "REC-2-l2.pdf", "manifest.csv", "manifest.json"]


def test_the_manifest_can_be_read_by_programs_and_by_people(tmp_path: Path) -> None:
    entry = put(tmp_path)
    close(tmp_path, DAY, [entry], CLOSED_AT)
    kept = json.loads((tmp_path / "2026-11-12" / "manifest.json").read_text())
    assert (kept["day"], kept["closed_at"]) == ("2026-11-12", "2026-11-12T15:58:00+00:00")
    assert kept["letters"][0]["sha256"] == entry.sha256
    with (tmp_path / "2026-11-12" / "manifest.csv").open(encoding="utf-8-sig", newline="") as table:
        [row] = list(csv.DictReader(table, delimiter=";"))
    assert row == {
        "Référence": "REC-1",
        "Lettre": "l1",
        "Fichier": "REC-1-l1.pdf",
        "Pages": "1",
        "Octets": str(len(ANSWER)),
        "SHA-256": entry.sha256,
    }


def test_a_day_without_letters_can_be_closed(tmp_path: Path) -> None:
    assert close(tmp_path, DAY, [], CLOSED_AT).letters == ()
    assert names(tmp_path) == ["manifest.csv", "manifest.json"]


def test_closing_again_on_the_same_letters_gives_the_first_manifest(tmp_path: Path) -> None:
    entries = [put(tmp_path, "l1"), put(tmp_path, "l2")]
    first = close(tmp_path, DAY, entries, CLOSED_AT)
    kept = (tmp_path / "2026-11-12" / "manifest.json").read_bytes()
    assert close(tmp_path, DAY, [*reversed(entries), entries[0]], CLOSED_AT + timedelta(hours=1)) == first
    assert (tmp_path / "2026-11-12" / "manifest.json").read_bytes() == kept


def test_closing_again_on_other_letters_is_refused_by_their_names(tmp_path: Path) -> None:
    first, second = put(tmp_path, "l1"), put(tmp_path, "l2")
    close(tmp_path, DAY, [first], CLOSED_AT)
    with pytest.raises(PostConflict, match=r"REC-1-l2\.pdf"):
        close(tmp_path, DAY, [first, second], CLOSED_AT)
    with pytest.raises(PostConflict, match=r"REC-1-l1\.pdf"):
        close(tmp_path, DAY, [], CLOSED_AT)


def test_a_closed_day_takes_no_new_letter_but_knows_those_it_has(tmp_path: Path) -> None:
    entry = put(tmp_path)
    close(tmp_path, DAY, [entry], CLOSED_AT)
    assert put(tmp_path) == entry
    with pytest.raises(PostDayClosed, match="12/11/2026"):
        put(tmp_path, "late")
    assert add(tmp_path, DAY + timedelta(days=1), "late", "REC-1", ANSWER).file == "REC-1-late.pdf"


def test_what_is_not_on_the_list_is_taken_out_before_the_day_is_closed(tmp_path: Path) -> None:
    listed = put(tmp_path, str(UUID(int=1)))
    put(tmp_path, str(UUID(int=2)))  # its worker died before the register knew, or it leaves another way by now
    half = tmp_path / "2026-11-12" / ".cut off.part"
    stranger = tmp_path / "2026-11-12" / "plan de tournée.pdf"
    for file in (half, stranger):
        file.write_bytes(b"%PDF-")
    close(tmp_path, DAY, [listed], CLOSED_AT)
    assert names(tmp_path) == [listed.file, "manifest.csv", "manifest.json", "plan de tournée.pdf"]
    with pytest.raises(PostDayClosed):
        put(tmp_path, str(UUID(int=2)))


def test_a_missing_letter_keeps_the_day_open(tmp_path: Path) -> None:
    entry = put(tmp_path)
    (tmp_path / "2026-11-12" / entry.file).unlink()
    with pytest.raises(PostIncomplete, match=r"REC-1-l1\.pdf manque"):
        close(tmp_path, DAY, [entry], CLOSED_AT)
    assert read(tmp_path, DAY) is None


def test_a_letter_that_changed_keeps_the_day_open(tmp_path: Path) -> None:
    entry = put(tmp_path)
    (tmp_path / "2026-11-12" / entry.file).write_bytes(ACKNOWLEDGEMENT)
    with pytest.raises(PostIncomplete, match=r"REC-1-l1\.pdf a changé"):
        close(tmp_path, DAY, [entry], CLOSED_AT)
    assert read(tmp_path, DAY) is None


def test_a_list_cannot_point_outside_its_day(tmp_path: Path) -> None:
    entry = replace(put(tmp_path), file="../elsewhere.pdf")
    with pytest.raises(ValueError, match="file name"):
        close(tmp_path, DAY, [entry], CLOSED_AT)


def test_a_close_cut_short_can_be_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = put(tmp_path)

    def power_cut(manifest: Manifest) -> bytes:
        raise OSError(f"power cut while closing {manifest.day}")

    with monkeypatch.context() as patched:
        patched.setattr("activities.post_folder._as_json", power_cut)
        with pytest.raises(OSError, match="power cut"):
            close(tmp_path, DAY, [entry], CLOSED_AT)
    assert read(tmp_path, DAY) is None
    assert close(tmp_path, DAY, [entry], CLOSED_AT).letters == (entry,)


def test_a_closing_time_without_its_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        close(tmp_path, DAY, [], CLOSED_AT.replace(tzinfo=None))
