"""How many people it takes: files can wait and are counted by the day, calls cannot and are counted by Erlang C.

Source: procedures, section 4 step 2
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from domain.backlog.erlang import Staffed, fewest_agents
from domain.backlog.numbers import above_zero, hours_of_a_day, rounded, share_below_one, zero_or_more
from domain.backlog.sizing_told import SizedStep
from domain.backlog.words import SizingStep
from domain.refusals import Invalid
from domain.sources import Source

MINUTES = 60
SECONDS = 3600
MOST_AT_ONCE = 100_000


@dataclass(frozen=True)
class FilesAsked:
    """Files a day, minutes per file, hours a day per person, and the share of the staff who are away."""

    volume: Decimal
    minutes: Decimal
    hours: Decimal
    absence: Decimal


@dataclass(frozen=True)
class CallsAsked:
    """Calls an hour, seconds per call; and the share of them (`service`) that is answered within so many seconds."""

    per_hour: Decimal
    seconds: Decimal
    target_seconds: Decimal
    service: Decimal


@dataclass(frozen=True)
class SizedFiles:
    """Full-time staff, exact; `people` is the whole number that it takes."""

    asked: FilesAsked
    staff: Fraction
    steps: tuple[SizedStep, ...]

    source = Source.MEMO

    @property
    def people(self) -> int:
        """Nobody is a part of a person."""
        return ceil(self.staff)

    def as_json(self, language: str) -> dict[str, Any]:
        """As command line and API tell it; numbers are rounded to hundredths."""
        found = {"staff": float(rounded(self.staff)), "people": self.people}
        return {"asked": _plain(self.asked), **found, **_told(self.steps, self.source, language)}


@dataclass(frozen=True)
class SizedCalls:
    """Agents on the phones at once, and what they reach; `service` is the share that is answered in time."""

    asked: CallsAsked
    staffed: Staffed
    service: float
    steps: tuple[SizedStep, ...]

    source = Source.POLICY

    def as_json(self, language: str) -> dict[str, Any]:
        """As command line and API tell it; shares and times are rounded."""
        found = {
            "agents": self.staffed.agents,
            "traffic_erlangs": float(rounded(self.staffed.traffic)),
            "waiting": float(rounded(self.staffed.waiting, 4)),
            "service": float(rounded(self.service, 4)),
            "occupancy": float(rounded(self.staffed.occupancy, 4)),
            "mean_wait_seconds": float(rounded(self.staffed.mean_wait * float(self.asked.seconds))),
        }
        return {"asked": _plain(self.asked), **found, **_told(self.steps, self.source, language)}


def size_files(asked: FilesAsked) -> SizedFiles:
    """Staff needed = volume × handling time ÷ (daily hours × (1 − absence)); raises Invalid.

    Source: Memo; procedures, section 4 step 2
    """
    volume, minutes = above_zero(asked.volume, "volume"), above_zero(asked.minutes, "minutes")
    hours, absence = hours_of_a_day(asked.hours, "hours"), share_below_one(asked.absence, "absence")
    work, per_person = volume * minutes / MINUTES, hours * (1 - absence)
    staff = work / per_person
    steps = (
        SizedStep(SizingStep.WORK, work, {"volume": volume, "minutes": minutes}),
        SizedStep(SizingStep.TIME_PER_PERSON, per_person, {"hours": hours}, {"absence": absence}),
        SizedStep(SizingStep.STAFF, staff, {"work": work, "per_person": per_person, "people": Fraction(ceil(staff))}),
    )
    return SizedFiles(asked, staff, steps)


def size_calls(asked: CallsAsked) -> SizedCalls:
    """The fewest agents who answer the wanted share of calls within the target, by Erlang C; raises Invalid.

    Source: procedures, section 4 step 2
    """
    traffic = _traffic(asked)
    patience = float(zero_or_more(asked.target_seconds, "target_seconds") / Fraction(asked.seconds))
    late_at_most = float(1 - _service(asked.service))
    staffed, fewer = fewest_agents(traffic, patience, late_at_most)
    reached = 1 - staffed.late(patience)
    return SizedCalls(asked, staffed, reached, _steps_of_calls(asked, staffed, fewer, patience))


def _traffic(asked: CallsAsked) -> float:
    erlangs = above_zero(asked.per_hour, "per_hour") * above_zero(asked.seconds, "seconds") / SECONDS
    if erlangs > MOST_AT_ONCE:
        raise Invalid(
            f"That is more than {MOST_AT_ONCE} calls at once, and taken for a mistake.",
            "Check the calls an hour, and that their length is in seconds.",
            field="per_hour",
        )
    return float(erlangs)


def _service(service: Decimal) -> Fraction:
    share = above_zero(service, "service")
    if share >= 1:
        raise Invalid(
            f"No number of agents answers a share of {service} of all calls in time.",
            "Give a share below 1: 0.80 for 80 %.",
            field="service",
        )
    return share


def _steps_of_calls(
    asked: CallsAsked, staffed: Staffed, fewer: Staffed | None, patience: float
) -> tuple[SizedStep, ...]:
    calls, seconds, target = Fraction(asked.per_hour), Fraction(asked.seconds), Fraction(asked.target_seconds)
    agents, wanted = Fraction(staffed.agents), {"wanted": Fraction(asked.service)}
    one_fewer = SizedStep(
        SizingStep.ONE_FEWER,
        1 - fewer.late(patience) if fewer else 0.0,
        {"agents": agents - 1, "target": target},
        {"reached": 1 - fewer.late(patience)} if fewer else {},
    )
    return (
        SizedStep(
            SizingStep.TRAFFIC, staffed.traffic, {"calls": calls, "seconds": seconds, "traffic": staffed.traffic}
        ),
        SizedStep(SizingStep.AGENTS, agents, {"agents": agents, "target": target}, wanted),
        SizedStep(SizingStep.WAITING, staffed.waiting, {}, {"waiting": staffed.waiting}),
        SizedStep(
            SizingStep.SERVICE,
            1 - staffed.late(patience),
            {"target": target},
            {"reached": 1 - staffed.late(patience)},
        ),
        one_fewer,
        SizedStep(SizingStep.OCCUPANCY, staffed.occupancy, {}, {"occupancy": staffed.occupancy}),
        SizedStep(
            SizingStep.MEAN_WAIT, staffed.mean_wait * float(seconds), {"wait": staffed.mean_wait * float(seconds)}
        ),
    )


def _plain(asked: FilesAsked | CallsAsked) -> Mapping[str, float]:
    return {name: float(value) for name, value in vars(asked).items()}


def _told(steps: tuple[SizedStep, ...], source: Source, language: str) -> dict[str, Any]:
    return {"steps": [step.as_json(language) for step in steps], "source": source.citation}
