"""README's walk as one script: `python -m tests.house.walk | bash -e` takes it against the house that runs."""

import re
import sys

from tests.house.tree import read

HEADING = "## A walk"


def walk() -> str:
    """The commands of README's walk, as they are typed one block after the other."""
    _, found, after = read("README.md").partition(f"\n{HEADING}\n")
    if not found:
        raise LookupError(f"README.md has no heading {HEADING!r}")
    section = re.split(r"^## ", after, flags=re.MULTILINE)[0]
    return "\n".join(re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


if __name__ == "__main__":
    sys.stdout.write(walk())
