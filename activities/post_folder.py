"""HOW letters reach the post: one folder per working day, closed by a manifest that proves what was handed over.

    <folder>/2026-11-12/REC-2026-000417-<letter id>.pdf
    <folder>/2026-11-12/manifest.csv     for people
    <folder>/2026-11-12/manifest.json    written last: the day is closed when it is there

A file appears whole or not at all, and survives a power cut once the function that wrote it has returned.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from activities.whole_files import write_whole
from faultpoints import fault_point
from letters.paper import page_count

_OURS = re.compile(r".+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.pdf")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


class PostRefused(ValueError):
    """The day's post cannot take or hand over what was asked; the sentence, in French, names the file.

    PostRefused
      · PostConflict    other content under an identity already used
      · PostDayClosed   the letter belongs to the next working day's post
      · PostIncomplete  a letter of the list is missing or has changed
    """


class PostConflict(PostRefused):
    """Other content under an identity already used: a letter put twice, or a day closed on another list."""


class PostDayClosed(PostRefused):
    """The manifest of the day is written: the letter belongs to the next working day's post."""


class PostIncomplete(PostRefused):
    """A letter of the list is not in the folder, or is no longer what was put there."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One letter of the day's post: its file in the day's folder, that file's size and SHA-256 in hexadecimal."""

    reference: str
    letter_id: str
    file: str
    pages: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was handed over on a day, ordered by reference; `closed_at` is a business time, with its zone."""

    day: date
    closed_at: datetime
    letters: tuple[Entry, ...]


def add(folder: Path, day: date, letter_id: str, reference: str, pdf: bytes, *, instead: bool = False) -> Entry:
    """Put a letter into the day's post; put twice, it is there once. `instead` of what lies there of the same letter:
    it was sent again, corrected.

    Raises PostConflict when the letter is there with other content, PostDayClosed when it is not there and the day is
    closed, ValueError for an identity that makes no file name or for bytes that are no letter of ours.

    Source: procedures, section 1, step 6.
    """
    entry = _entry(letter_id, reference, pdf)
    path = _folder_of(folder, day) / entry.file
    if path.exists() and not (instead and _is_other(path, entry)):
        return _same_file(path, entry)
    if read(folder, day):
        raise PostDayClosed(f"Le courrier du {day:%d/%m/%Y} est clos : {entry.file} part avec le suivant.")
    write_whole(path, [pdf])
    return entry


def close(folder: Path, day: date, letters: Sequence[Entry], closed_at: datetime) -> Manifest:
    """Close the day's post on exactly these letters; closed again on the same ones, it gives the first manifest.

    What is not on the list is taken out of the folder.

    Raises PostConflict when the day was closed on other letters, PostIncomplete when a file is missing or has
    changed, ValueError when `closed_at` has no zone.

    Source: procedures, section 1, step 6.
    """
    if closed_at.tzinfo is None:
        raise ValueError("the closing time needs its zone")
    manifest = Manifest(day=day, closed_at=closed_at, letters=tuple(sorted(set(letters))))
    if closed := read(folder, day):
        return _same_list(closed, manifest)
    for entry in manifest.letters:
        _check(_folder_of(folder, day) / entry.file, entry)
    _clear(_folder_of(folder, day), {entry.file for entry in manifest.letters})
    return _keep(folder, manifest)


def read(folder: Path, day: date) -> Manifest | None:
    """The manifest of a closed day, or None while the day is open."""
    path = _folder_of(folder, day) / "manifest.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_bytes())
    return Manifest(
        day=date.fromisoformat(kept["day"]),
        closed_at=datetime.fromisoformat(kept["closed_at"]),
        letters=tuple(Entry(**entry) for entry in kept["letters"]),
    )


def _entry(letter_id: str, reference: str, pdf: bytes) -> Entry:
    return Entry(
        reference=reference,
        letter_id=letter_id,
        file=_safe(f"{_safe(reference)}-{_safe(letter_id)}.pdf"),
        pages=page_count(pdf),
        size_bytes=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )


def _safe(name: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise ValueError(f"no file name can be made of {name!r}")
    return name


def _is_other(path: Path, entry: Entry) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256


def _same_file(path: Path, entry: Entry) -> Entry:
    if _is_other(path, entry):
        raise PostConflict(f"{entry.file} est déjà dans ce courrier avec un autre contenu : rien n’a été remplacé.")
    return entry


def _same_list(closed: Manifest, asked: Manifest) -> Manifest:
    others = sorted(entry.file for entry in {*closed.letters} ^ {*asked.letters})
    if others:
        raise PostConflict(
            f"Le courrier du {closed.day:%d/%m/%Y} est déjà clos sur une autre liste ; diffèrent : {', '.join(others)}."
        )
    return closed


def _check(path: Path, entry: Entry) -> None:
    _safe(entry.file)
    if not path.is_file():
        raise PostIncomplete(f"{entry.file} manque dans le courrier : déposez à nouveau la lettre avant la clôture.")
    if _is_other(path, entry):
        raise PostIncomplete(f"{entry.file} a changé depuis son dépôt : retirez-le et déposez à nouveau la lettre.")


def _clear(day_folder: Path, listed: set[str]) -> None:
    """Take out what is not on the list, so that nobody posts it: a letter of ours that leaves another way or another
    day, or half a file that a crash has left. What others have put there is theirs.
    """
    for file in [*day_folder.glob("*.pdf"), *day_folder.glob(".*.part")]:
        is_ours = file.suffix == ".part" or _OURS.fullmatch(file.name)
        if is_ours and file.name not in listed:
            file.unlink()


def _keep(folder: Path, manifest: Manifest) -> Manifest:
    day_folder = _folder_of(folder, manifest.day)
    write_whole(day_folder / "manifest.csv", [_as_csv(manifest)])
    fault_point("post_list_written")
    write_whole(day_folder / "manifest.json", [_as_json(manifest)])
    return manifest


def _as_json(manifest: Manifest) -> bytes:
    kept = asdict(manifest) | {"day": manifest.day.isoformat(), "closed_at": manifest.closed_at.isoformat()}
    return json.dumps(kept, ensure_ascii=False, indent=2).encode()


def _as_csv(manifest: Manifest) -> bytes:
    """Semicolons and a byte order mark: what a French spreadsheet opens without questions."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";")
    writer.writerow(["Référence", "Lettre", "Fichier", "Pages", "Octets", "SHA-256"])
    writer.writerows(asdict(entry).values() for entry in manifest.letters)
    return table.getvalue().encode("utf-8-sig")


def _folder_of(folder: Path, day: date) -> Path:
    return folder / day.isoformat()
