"""Programs die while an audit is planned: it is planned once, whoever sends it again."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import faultpoints
from local.sink import Sink
from tests.api.counter import NOON
from tests.factories.audits import AUDITOR
from tests.faults.dying import die, dies
from tests.stories.audit_acts import PLAN
from tests.stories.house import open_house


async def test_whoever_dies_while_an_audit_is_planned_it_is_planned_once(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faultpoints, "die", die)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        first = PLAN | {"launch_at": (NOON + timedelta(days=7)).isoformat()}
        other = first | {"delegate": "LEON", "contracts": ["COL-2020-007"]}
        await dies(house, monkeypatch, "audit_kept", AUDITOR, "/audits", first)
        await dies(house, monkeypatch, "audit_decided", AUDITOR, "/audits", other)
        again = await house.as_(AUDITOR, "POST", "/audits", first, **{"Idempotency-Key": "audit_kept"})
        assert (again.status_code, again.json()["delegate"]) == (201, "ARMOR")
        await house.relay()
        assert len((await house.get(AUDITOR, "/audits"))["audits"]) == 2
        assert len(await house.inbox(AUDITOR, again.json()["reference"])) == 1
