"""Each test has a register of its own: a delegate is audited once a year."""

from collections.abc import Iterator

import pytest

from tests.conftest import Ask
from tests.db.audit.stages import Stages, open_stages
from tests.factories.audits import Auditing, open_auditing


@pytest.fixture(scope="session")
def stages(ask: Ask) -> Iterator[Stages]:
    """The stages that audits have come to, in this process."""
    with open_stages(ask("insurer").open()) as stages:
        yield stages


@pytest.fixture
def auditing(insurer: str, stages: Stages) -> Iterator[Auditing]:
    """A desk before a register of this test alone."""
    with open_auditing(insurer) as desk:
        desk.bring = stages.bring
        yield desk
