"""Whoever looks on passes on what a program says, and where to read why it failed."""

import sys
from pathlib import Path

from local.onlooker import Onlooker
from local.process import start
from tests.local.processes import wait_until


def looked_on(folder: Path, program: str) -> list[str]:
    """What was said of a program, from its start to its end."""
    said: list[str] = []
    onlooker = Onlooker(start([sys.executable, "-c", program], log=folder / "once.log"), said.append)
    wait_until(lambda: onlooker.child.exit_code is not None)
    onlooker.look()
    onlooker.look()
    return said


def test_each_line_of_progress_is_passed_on_once(folder: Path) -> None:
    assert looked_on(folder, "print('Demo: 1 of 2'); print('other'); print('Demo: 2 of 2')") == [
        "Demo: 1 of 2",
        "Demo: 2 of 2",
    ]


def test_a_failure_is_told_with_its_last_words_and_the_log(folder: Path) -> None:
    [said] = looked_on(folder, "print('Demo: 1 of 2'); raise SystemExit('no register')")
    assert "(no register)" in said
    assert str(folder / "once.log") in said
