"""Each test has a register of its own: a batch takes whatever is to be paid."""

from collections.abc import Iterator

import pytest

from tests.factories.payments import Cashier, open_cashier


@pytest.fixture
def cashier(insurer: str) -> Iterator[Cashier]:
    """A cashier before a register of this test alone."""
    with open_cashier(insurer) as cashier:
        yield cashier
