"""How long a rehearsal takes: `python -m bench.rehearsal [times]`.

Each round runs the command on an empty scenario (servers, imports, register: what every rehearsal pays) and on one
complaint from arrival to letter, one after the other, so that a busy machine slows both. Printed: median and range of
each in seconds, and the median ratio.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

ONE_COMPLAINT = Path(__file__).parents[1] / "docs" / "scenarios" / "in-time.yaml"
EMPTY = "title: Nothing\nstarts: 2031-03-03 08:30\nends: 2031-03-03 08:31\n"


def seconds(scenario: Path) -> float:
    """The wall time of one rehearsal, from the shell's point of view."""
    begin = perf_counter()
    command = [sys.executable, "-m", "cli", "rehearse", str(scenario)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return perf_counter() - begin


def told(name: str, figures: list[float]) -> str:
    """Median and range."""
    return f"{name:<22} {median(figures):6.2f} s   ({min(figures):.2f} to {max(figures):.2f})\n"


def main(times: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.yaml"
        empty.write_text(EMPTY)
        rounds = [(seconds(empty), seconds(ONE_COMPLAINT)) for _ in range(times)]
    bare, whole = [one for one, _ in rounds], [other for _, other in rounds]
    sys.stdout.write(told("nothing happens", bare) + told("one complaint", whole))
    sys.stdout.write(told("the complaint itself", [b - a for a, b in rounds]))
    sys.stdout.write(f"ratio                  {median(b / a for a, b in rounds):6.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
