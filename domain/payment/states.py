"""Where a batch of payments can stand, and where it can go from there."""

from enum import StrEnum
from typing import Self


class PaymentState(StrEnum):
    """The step that a batch has reached."""

    BUILT = "built"
    RELEASING = "releasing"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    @classmethod
    def ended(cls) -> frozenset[Self]:
        """The states in which nothing more is to come."""
        return frozenset({cls.SETTLED, cls.RETURNED, cls.CANCELLED})

    def has_reached(self, step: "PaymentState") -> bool:
        """Whether the step is behind; a batch that has ended has passed them all."""
        return self in self.ended() or _ORDER.index(self) >= _ORDER.index(step)

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _LABELS[self]


_ORDER = [
    PaymentState.BUILT,
    PaymentState.RELEASING,
    PaymentState.RELEASED,
    PaymentState.HANDED_OVER,
    PaymentState.SETTLED,
]


def steps(state: str) -> tuple[list[str], list[str]]:
    """The steps that are behind a state, and those to come."""
    stands = PaymentState(state)
    if stands in PaymentState.ended() - {PaymentState.SETTLED}:
        return [stands], []
    return [s for s in _ORDER if stands.has_reached(s)], [s for s in _ORDER if not stands.has_reached(s)]


TRANSITIONS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.BUILT: frozenset({PaymentState.RELEASING}),
    PaymentState.RELEASING: frozenset({PaymentState.RELEASED, PaymentState.CANCELLED}),
    PaymentState.RELEASED: frozenset({PaymentState.HANDED_OVER, PaymentState.CANCELLED}),
    PaymentState.HANDED_OVER: frozenset({PaymentState.SETTLED, PaymentState.RETURNED}),
    PaymentState.SETTLED: frozenset(),
    PaymentState.RETURNED: frozenset(),
    PaymentState.CANCELLED: frozenset(),
}

_LABELS = {
    PaymentState.BUILT: "constitué",
    PaymentState.RELEASING: "à libérer",
    PaymentState.RELEASED: "libéré",
    PaymentState.HANDED_OVER: "remis à la banque",
    PaymentState.SETTLED: "soldé",
    PaymentState.RETURNED: "refusé par la banque",
    PaymentState.CANCELLED: "annulé",
}
