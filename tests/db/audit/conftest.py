"""Each test has a register of its own: a delegate is audited once a year."""

from collections.abc import Iterator

import pytest

from tests.db.audit.stages import Stages
from tests.factories.audits import Auditing, open_auditing


@pytest.fixture
def auditing(insurer: str, stages: Stages) -> Iterator[Auditing]:
    """A desk before a register of this test alone."""
    with open_auditing(insurer) as desk:
        desk.bring = stages.bring
        yield desk
