"""The crew: who is started again, when, and in which order all are stopped."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.errors import LocalError
from local.process import Child, start
from local.supervisor import Crew, Member
from tests.local.processes import wait_until

SLEEPS = "import time; time.sleep(60)"


@dataclass
class Watch:
    """A clock moved by hand, and what was said."""

    now: float = 0.0
    said: list[str] = field(default_factory=list)

    def crew(self) -> Crew:
        """A crew that lives by this clock."""
        return Crew(say=self.said.append, clock=lambda: self.now)


def python(code: str, log: Path) -> Callable[[], Child]:
    """A launcher of some Python code."""
    return lambda: start([sys.executable, "-c", code], log=log)


def ended(child: Child) -> Child:
    """A child, once it has ended."""
    child.process.wait(10)
    return child


def test_a_member_that_ends_is_started_again_and_it_is_said(tmp_path: Path) -> None:
    watch = Watch()
    crew, log = watch.crew(), tmp_path / "relay.log"
    member = Member("relay", python("print('no engine'); raise SystemExit(3)", log))
    ended(crew.join(member))
    crew.tend()
    assert watch.said == [f"relay ended (code 3: no engine; see {log}). Starting it again in 1 s."]
    watch.now += 1
    crew.tend()
    assert member.child is not None
    crew.dismiss()


def test_each_end_in_a_row_doubles_the_delay_up_to_half_a_minute(tmp_path: Path) -> None:
    watch = Watch()
    crew = watch.crew()
    member = Member("api", python("", tmp_path / "log"))
    ended(crew.join(member))
    delays = []
    for _ in range(7):
        crew.tend()
        delays.append(member.moment - watch.now)
        watch.now = member.moment
        crew.tend()
        assert member.child is not None
        ended(member.child)
    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_a_member_that_stays_up_for_a_minute_is_forgiven(tmp_path: Path) -> None:
    watch = Watch()
    crew = watch.crew()
    member = Member("api", python(SLEEPS, tmp_path / "log"), ends=5)
    crew.join(member)
    watch.now += 61
    crew.tend()
    assert member.ends == 0
    crew.dismiss()


def test_a_launch_that_fails_later_is_said_and_tried_again(tmp_path: Path) -> None:
    watch = Watch()
    crew = watch.crew()
    member = Member("postgres", python("", tmp_path / "log"))
    ended(crew.join(member))
    crew.tend()
    member.launch = refuse
    watch.now += 1
    crew.tend()
    assert watch.said[-1] == "The disk is full: make room. Starting it again in 2 s."


def test_a_first_launch_that_fails_is_an_error() -> None:
    with pytest.raises(LocalError, match="disk is full"):
        Watch().crew().join(Member("postgres", refuse))


def test_the_last_started_is_stopped_first(tmp_path: Path) -> None:
    crew, notes = Watch().crew(), tmp_path / "notes"
    for name in ("engine", "worker", "api"):
        crew.join(Member(name, python(notes_its_end(name, notes), tmp_path / f"{name}.log")))
        wait_for(notes, f"{name} up")
    crew.dismiss()
    assert notes.read_text().split("\n")[3:] == ["api down", "worker down", "engine down", ""]


def test_a_member_that_will_not_end_is_killed_when_patience_is_over(tmp_path: Path) -> None:
    crew, notes = Watch().crew(), tmp_path / "notes"
    deaf = f"import signal; signal.signal(15, signal.SIG_IGN); open({str(notes)!r}, 'a').write('up'); {SLEEPS}"
    child = crew.join(Member("worker", python(deaf, tmp_path / "log"), patience=0.2))
    wait_for(notes, "up")
    crew.dismiss()
    assert child.exit_code == -9


def refuse() -> Child:
    """A launch that does not succeed."""
    raise LocalError("The disk is full: make room.")


def notes_its_end(name: str, notes: Path) -> str:
    """A program that notes when it is up and when it is told to end."""
    return (
        "import signal, sys, time\n"
        f"note = lambda event: open({str(notes)!r}, 'a').write(f'{name} {{event}}\\n')\n"
        "signal.signal(15, lambda *_: (note('down'), sys.exit()))\n"
        "note('up')\ntime.sleep(60)"
    )


def wait_for(notes: Path, text: str) -> None:
    """Wait until a file holds a text."""
    wait_until(lambda: notes.exists() and text in notes.read_text())
