"""The test itself is the program that dies at a fault point: nobody learns what was done by then."""

from typing import Any

import pytest

import faultpoints
from faultpoints import Fault
from tests.stories.house import StoryHouse


class Killed(Exception):
    """Stands in for the end of a program that the test itself is."""


def die() -> None:
    """End here; put in the place of `faultpoints.die`."""
    raise Killed


async def dies(
    house: StoryHouse, patch: pytest.MonkeyPatch, point: str, login: str, path: str, body: dict[str, Any]
) -> None:
    """The API dies at this point of a request, whose key is the point's name."""
    patch.setattr(faultpoints, "armed", Fault(point))
    with pytest.raises(AssertionError, match="answered 500"):  # as if the line were cut: nobody learns what was done
        await house.as_(login, "POST", path, body, **{"Idempotency-Key": point})
    patch.setattr(faultpoints, "armed", None)
