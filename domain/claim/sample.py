"""The sample: which claims up to the threshold are controlled all the same, drawn so that the draw can be audited.

Source: procedures, section 2 (3 %, the draw is reproducible: seeded, recorded)
"""

from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

from domain.policy.claim import WHOLE, SampleRates


@dataclass(frozen=True)
class Draw:
    """One claim's lot: `number` from 0 to 9,999, drawn when it is below `rate` (so many of ten thousand)."""

    number: int
    rate: int

    @property
    def is_drawn(self) -> bool:
        """Whether the claim is controlled."""
        return self.number < self.rate


def draw(seed: str, content_hash: str, pole: str, handler: str | None, rates: SampleRates) -> Draw:
    """The lot of a claim under the seed of its day: the same whenever and in whatever order it is drawn again.

    `content_hash` is the claim's, so that its number in our register, which depends on the order of arrival, plays no
    part. The seed is made by the register, kept with its day, and told to nobody before the day is over: who knew it
    could write a claim that is not drawn.
    Source: procedures, section 2
    """
    lot = digest(seed.encode(), content_hash.encode(), sha256)
    return Draw(int.from_bytes(lot[:8]) * WHOLE >> 64, rates.rate(pole, handler))
