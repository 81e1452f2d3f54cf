"""The Temporal dev server, started, killed and started again for real."""

import os
import signal
import socket
import sysconfig
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from local.engine import dev_server, start_engine
from local.errors import LocalError
from tests.local.processes import starter_that_dies, wait_until_gone


async def test_closed_runs_are_kept_for_ninety_days(engine: str) -> None:
    client = await Client.connect(engine)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    kept_for = described.config.workflow_execution_retention_ttl
    assert kept_for.ToTimedelta() == timedelta(days=90)


async def test_what_was_started_is_there_after_a_kill(folder: Path) -> None:
    first = start_engine(folder / "temporal.db", log=folder / "engine.log")
    client = await Client.connect(first.address)
    await client.start_workflow("Unknown", id="kept", task_queue="nobody-listens")
    os.kill(first.child.pid, signal.SIGKILL)
    first.child.process.wait()
    second = start_engine(folder / "temporal.db", log=folder / "engine.log")
    try:
        client = await Client.connect(second.address)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
    finally:
        second.stop()


def test_it_ends_with_the_process_that_started_it(folder: Path) -> None:
    started = "from local.engine import start_engine; server = start_engine(None, log=folder / 'engine.log')"
    wait_until_gone(starter_that_dies(started, folder))


def test_a_taken_port_is_said_in_one_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"^Port {port} is taken"):
            start_engine(None, log=folder / "engine.log", port=port)


def test_a_file_that_is_not_its_own_is_said_in_one_sentence(folder: Path) -> None:
    (folder / "temporal.db").write_text("not a database")
    with pytest.raises(LocalError, match=r"Temporal does not start .* see .*engine\.log"):
        start_engine(folder / "temporal.db", log=folder / "engine.log")


def test_a_missing_program_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LocalError, match="temporal is missing: run `make install`"):
        dev_server()
