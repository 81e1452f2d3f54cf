"""A time zone of our own making, in which deadlines of a working day fall due soon: then reminders fire in a test.

Deadlines fall at local times of working days, and a test of real programs cannot wait for them. So the policy that the
programs read names a zone that is as far from UTC as it takes. Programs find it by PYTHONTZPATH.
"""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import TZPATH

from db.holidays_source import calendar_from_library
from local.home import PROJECT

ZONE = "Made/Soon"
_FURTHEST = timedelta(hours=23, minutes=59)
_DUE_TIMES = (time(17), time(12), time(6), time(23, 30), time(0, 10))
"""When deadlines fall due, the first that is near enough: on a Sunday, Monday afternoon is too far away."""


@dataclass(frozen=True)
class MadeZone:
    """Files of the zone and of the policy that names it. There, it is `today`, and deadlines fall due at `due_at`."""

    folder: Path
    today: date
    due_at: datetime
    works: bool = True
    """Whether it is a working day there."""

    @property
    def environment(self) -> dict[str, str]:
        """What programs are told."""
        paths = [str(self.folder / "zones"), *TZPATH]
        return {"PYTHONTZPATH": ":".join(paths), "ECHEANCE_POLICY": str(self.folder / "policy.yaml")}


def make_zone(folder: Path, earliest: datetime) -> MadeZone:
    """A zone in which the deadlines of a working day fall due at the next whole minute after an instant; the day's post
    closes a minute before. Offsets of less than a minute exist nowhere, and few formats can write them.

    On a Sunday before a holiday no working day is near enough: then nothing falls due.
    """
    due_at = earliest.replace(second=0, microsecond=0) + timedelta(minutes=1)
    near = _working_time_near(due_at)
    local = near or datetime.combine(due_at.date(), time(17), UTC)
    file = folder / "zones" / ZONE
    file.parent.mkdir(parents=True)
    file.write_bytes(_fixed_offset(round((local - due_at).total_seconds())))
    (folder / "policy.yaml").write_text(_policy(local))
    return MadeZone(folder, local.date(), due_at, works=near is not None)


def _working_time_near(due_at: datetime) -> datetime | None:
    """A due time of a working day that is less than a day away."""
    days = calendar_from_library(due_at.year - 1, due_at.year + 1)
    near = [due_at.date() + timedelta(days=n) for n in (0, 1, -1)]
    times = [datetime.combine(day, at, UTC) for day in near if days.is_working_day(day) for at in _DUE_TIMES]
    return next((one for one in times if abs(one - due_at) < _FURTHEST), None)


def _policy(local: datetime) -> str:
    """The policy of the house, in that zone. Staff can be told at any hour; reminders of one instant fire within a
    minute."""
    text = (PROJECT / "policy.yaml").read_text()
    for pattern, instead in (
        (r"zone: Europe/Paris", f"zone: {ZONE}"),
        (r'due_time: \{at: "17:00"', f'due_time: {{at: "{local:%H:%M}"'),
        (r'post_closes: \{at: "16:30"', f'post_closes: {{at: "{local - timedelta(minutes=1):%H:%M}"'),
        (r'opens_at: "08:00", closes_at: "18:00"', 'opens_at: "00:00", closes_at: "23:59"'),
        (r"spread: \{minutes: 5", "spread: {minutes: 1"),
    ):
        text, found = re.subn(pattern, instead, text)
        assert found, pattern
    return text


def _fixed_offset(seconds: int) -> bytes:
    """A zone file (RFC 8536) that knows one offset from UTC and no change of it."""
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 5)
    block = b"TZif2" + bytes(15) + counts + struct.pack(">lBB", seconds, 0, 0) + b"MADE\0"
    return block + block + b"\n\n"
