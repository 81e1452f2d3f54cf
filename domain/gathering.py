"""Several checks of what somebody has given: all that is wrong is told at once, not one thing after the other.

Source: policy
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from domain.refusals import Mistakes, Refusal

_T = TypeVar("_T")


class Gathering:
    """Makes checks one by one, keeps what each refuses, and refuses all of it together."""

    def __init__(self) -> None:
        self._found: list[Refusal] = []

    def of(self, check: Callable[[], _T], place: Callable[[str | None], str | None] = lambda field: field) -> _T | None:
        """What the check gives, or None where it refuses; `place` says where in the whole its field is."""
        try:
            return check()
        except Refusal as refusal:
            self._found += [_placed(one, place(one.field)) for one in refusal.each]
            return None

    def __iter__(self) -> Iterator[Refusal]:
        return iter(self._found)

    def tell(self) -> None:
        """Raises what was found: the one refusal as it is, several as Mistakes; nothing where all is well."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise Mistakes(self._found)


def _placed(refusal: Refusal, field: str | None) -> Refusal:
    return refusal if field is None else refusal.at(field)
