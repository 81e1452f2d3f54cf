"""Erlang C: how many agents answer so many calls in time, when whoever finds nobody free waits.

Calls arrive at random, last as long as they last, and nobody hangs up. Computed by Erlang B's recursion, every term of
which lies between 0 and 1, so that thousands of agents neither overflow nor lose digits.
Source: procedures, section 4 step 2
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, floor


@dataclass(frozen=True)
class Staffed:
    """What so many agents do with the traffic. `waiting` is the share of callers who wait at all."""

    agents: int
    traffic: float
    waiting: float

    @property
    def occupancy(self) -> float:
        """The share of their time that agents spend on calls."""
        return self.traffic / self.agents

    def late(self, patience: float) -> float:
        """The share who wait longer than `patience`, which is counted in lengths of a call."""
        return self.waiting * exp(-(self.agents - self.traffic) * patience)

    @property
    def mean_wait(self) -> float:
        """How long a caller waits on average, counted in lengths of a call."""
        return self.waiting / (self.agents - self.traffic)


def staffings(traffic: float) -> Iterator[Staffed]:
    """Every number of agents that can carry the traffic (in erlangs), the fewest first, without end.

    With as many agents as erlangs, or fewer, the queue grows for ever.
    """
    enough = floor(traffic) + 1
    lost, agents = 1.0, 0
    while True:
        agents += 1
        lost = traffic * lost / (agents + traffic * lost)
        if agents >= enough:
            yield Staffed(agents, traffic, lost / (1 - traffic / agents * (1 - lost)))


def fewest_agents(traffic: float, patience: float, late_at_most: float) -> tuple[Staffed, Staffed | None]:
    """The fewest agents with whom no more than so large a share waits too long; and what one fewer would do.

    None where one fewer could not carry the traffic at all.
    """
    fewer = None
    for staffed in staffings(traffic):
        if staffed.late(patience) <= late_at_most:
            return staffed, fewer
        fewer = staffed
    raise AssertionError("staffings has no end")
