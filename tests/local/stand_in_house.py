"""The house with its real servers and with stand-ins for its programs: `python -m tests.local.stand_in_house`."""

import sys

from local.errors import LocalError
from local.programs import Program
from local.run import run

NAMES = ("sink", "worker", "relay", "api")


def main() -> None:
    """Run it as `echeance run` does."""
    prepare = Program("prepare", "tests.local.stand_in", ("prepare",))
    try:
        run([Program(name, "tests.local.stand_in", (name,)) for name in NAMES], preparations=[prepare])
    except LocalError as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
