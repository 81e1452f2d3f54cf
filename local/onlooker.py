"""Look on while a program does something once: what it says is passed on, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass

from local.process import Child


@dataclass
class Onlooker:
    """Passes on each line that `child` writes; when it has failed, says where to read why."""

    child: Child
    say: Callable[[str], None]
    _passed_on: int = 0
    _is_over: bool = False

    def look(self) -> None:
        """Pass on what is new."""
        if self._is_over:
            return
        code = self.child.exit_code  # before its words are read: it writes none after its end
        self._is_over = code is not None
        if code:
            self.say(
                f"The demo is not whole ({self.child.last_words()}): see {self.child.log}. The next start goes on."
            )
            return
        lines = [line for line in self.child.words().splitlines() if line.startswith("Demo: ")]
        for line in lines[self._passed_on :]:
            self.say(line)
        self._passed_on = len(lines)
