"""Recorded histories replay on today's workflow; a reordered one is found out."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import NondeterminismError

from engine.codec import encrypting_converter
from local.sink import Sink
from tests.conftest import Ask
from tests.factories.keys import STORY_KEYS
from tests.servers import INSURER, fresh_database
from tests.workflows.record import HISTORIES, PATHS, free_files, record
from tests.workflows.reordered import REORDERED, REORDERED_CLAIM, RecordedBeforeItIsLaid, Unchanged
from tests.workflows.workshop import open_workshop, own_namespace
from worker import WORKFLOWS

RECORDED = sorted(HISTORIES.glob("*.json"))


RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("domain", "pydantic")
)
"""The rules are not imported anew for every history, which takes a second each: that they read no clock and do no I/O,
the contracts of the imports and a test of the house say."""


def replayer(*workflows: type) -> Replayer:
    """Replays in the sandbox, which production goes without: it tells what a workflow must not touch."""
    return Replayer(
        workflows=workflows or WORKFLOWS,
        data_converter=encrypting_converter(STORY_KEYS),
        workflow_runner=RUNNER,
    )


def read(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text())


async def test_every_recorded_history_replays() -> None:
    for file in RECORDED:
        try:
            await replayer().replay_workflow(read(file))
        except Exception as error:
            error.add_note(f"{file.name}: answer it with workflow.patched(…), never with another recording")
            raise


def test_every_path_is_recorded() -> None:
    missing = {way.__name__ for way in PATHS} - {file.stem.removeprefix("complaint_") for file in RECORDED}
    assert missing == set(), "record them: python -m tests.workflows.record"


@pytest.fixture(scope="module")
async def recorded(engine: str, ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> dict[str, WorkflowHistory]:
    """The histories of every path as they would be recorded today, by name."""
    folder = tmp_path_factory.mktemp("recorded")
    with (
        fresh_database(ask("insurer").open(), INSURER) as database,
        Sink(folder / "mails").listening() as sink,
    ):
        async with open_workshop(await own_namespace(engine), database, sink, folder) as shop:
            files = await record(shop, folder / "histories")
    return {file.stem.removeprefix("complaint_"): read(file) for file in files}


async def test_every_path_can_be_recorded_and_replays(recorded: dict[str, WorkflowHistory]) -> None:
    assert list(recorded) == [way.__name__ for way in PATHS]
    for history in recorded.values():
        await replayer().replay_workflow(history)
        await replayer(Unchanged).replay_workflow(history)


@pytest.mark.parametrize(
    ("workflow", "history"),
    [
        *((workflow, "claim_one_controller_then_paid") for workflow in REORDERED_CLAIM),
        (RecordedBeforeItIsLaid, "payment_settled"),
    ],
)
async def test_a_reordered_claim_or_payment_turns_the_replay_red(workflow: type, history: str) -> None:
    with pytest.raises((NondeterminismError, RuntimeError), match=r"TMPRL1100|workflow machines"):
        await replayer(workflow).replay_workflow(read(HISTORIES / f"{history}.json"))


@pytest.mark.parametrize("workflow", REORDERED)
async def test_two_steps_in_another_order_turn_the_replay_red(
    workflow: type, recorded: dict[str, WorkflowHistory]
) -> None:
    with pytest.raises((NondeterminismError, RuntimeError), match=r"TMPRL1100|workflow machines"):
        await replayer(workflow).replay_workflow(recorded["approved_with_compensation"])


def test_what_is_recorded_is_never_overwritten(tmp_path: Path) -> None:
    taken = free_files(tmp_path)[0]
    taken.write_text("the first recording")
    with pytest.raises(FileExistsError, match=taken.name):
        free_files(tmp_path)
    assert taken.read_text() == "the first recording"
