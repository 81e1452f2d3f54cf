"""A crew of programs: started in order, started again when one ends by itself, stopped in the reverse order."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from local.errors import LocalError
from local.process import Child

_LONGEST_DELAY = 30.0
_STEADY_AFTER = 60.0


@dataclass
class Member:
    """One program of a crew: how it is launched, and how many seconds it may take to end."""

    name: str
    launch: Callable[[], Child]
    patience: float = 10.0
    child: Child | None = None
    ends: int = 0
    moment: float = 0.0
    """When it was launched while it runs, when it will be launched again while it does not."""


class Crew:
    """Programs that are watched together. `say` tells the person at the keyboard."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._members: list[Member] = []

    def join(self, member: Member) -> Child:
        """Launch a program and watch it from now on. Raises LocalError when it cannot be launched."""
        child = self._launch(member)
        self._members.append(member)
        return child

    def tend(self) -> None:
        """Launch again those whose delay is over; notice those that have ended."""
        for member in self._members:
            if member.child is None:
                self._launch_again(member)
            elif member.child.exit_code is not None:
                self._notice_end(member, member.child)
            elif self._clock() - member.moment > _STEADY_AFTER:
                member.ends = 0

    def unsteady(self, ends: int) -> Member | None:
        """A member that has ended at least so many times without staying up for a minute in between."""
        return next((member for member in self._members if member.ends >= ends), None)

    def dismiss(self) -> None:
        """Stop all, the last launched first, each with its patience."""
        while self._members:
            member = self._members.pop()
            if member.child is not None:
                member.child.stop(member.patience)

    def _launch(self, member: Member) -> Child:
        member.child = member.launch()
        member.moment = self._clock()
        return member.child

    def _launch_again(self, member: Member) -> None:
        if self._clock() < member.moment:
            return
        try:
            self._launch(member)
        except LocalError as refusal:
            self._plan(member, str(refusal))

    def _notice_end(self, member: Member, child: Child) -> None:
        self._plan(member, f"{member.name} ended (code {child.exit_code}: {child.last_words()}; see {child.log}).")

    def _plan(self, member: Member, reason: str) -> None:
        """Choose when it is launched again: each end in a row doubles the delay."""
        delay = min(2.0**member.ends, _LONGEST_DELAY)
        member.child, member.ends, member.moment = None, member.ends + 1, self._clock() + delay
        self._say(f"{reason} Starting it again in {delay:.0f} s.")
