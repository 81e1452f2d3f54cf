"""The worker: the only file that sees every workflow and every activity. `python worker.py` runs it until it is told
to stop, then lets what it has begun end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.checkpoints import Checkpoints
from activities.letters import Letters
from activities.mail import MailServer, Outgoing
from activities.payments import BankFiles
from activities.post import Post
from activities.register import Register
from activities.rounds import Rounds
from activities.staff_mail import StaffMail
from api.logs import write_plain_lines
from db.policy_file import PolicyFileError
from db.policy_in_force import check_versions_in_use, open_policy
from db.session import NoDatabaseError, Sessions, open_engine, open_sessions
from domain.policy import PolicyBook
from engine.client import connect
from keys.ring import Keys, KeysError
from tracing.switch import traces_of
from workflows.audit import AuditWorkflow
from workflows.backlog import BacklogWorkflow
from workflows.canary import CanaryWorkflow
from workflows.claim import ClaimWorkflow
from workflows.complaint import ComplaintWorkflow
from workflows.finding import FindingWorkflow
from workflows.mailroom import MailroomWorkflow
from workflows.options import OUTGOING_QUEUE, PROCEDURES_QUEUE
from workflows.payment import PaymentWorkflow

WORKFLOWS = [
    *(ComplaintWorkflow, ClaimWorkflow, PaymentWorkflow, AuditWorkflow, FindingWorkflow),
    *(BacklogWorkflow, MailroomWorkflow, CanaryWorkflow),
]
THREADS = 16
GRACE = timedelta(seconds=25)
BUILD = f"echeance-{version('echeance')}"
"""What the engine notes of who did the work. Left out, the SDK hashes every loaded module: 3 s at each start."""


@dataclass(frozen=True)
class Means:
    """What the activities work with."""

    sessions: Sessions
    book: PolicyBook
    mail: MailServer
    post_folder: Path
    checkpoints_folder: Path
    bank_folder: Path


@asynccontextmanager
async def workers(
    client: Client,
    means: Means,
    *,
    runner: WorkflowRunner | None = None,
    failing: Iterable[type[BaseException]] = (),
) -> AsyncIterator[None]:
    """Run the two workers: one decides commands, the other sends letters, so that neither waits for the other."""
    post = Post(means.sessions, means.post_folder, means.book)
    outgoing = Outgoing(means.sessions, means.mail, post)
    letters = Letters(means.sessions, means.book)
    rounds = Rounds(means.sessions, means.book)
    checkpoints = Checkpoints(means.sessions, means.checkpoints_folder)
    staff = StaffMail(means.sessions, means.mail, means.book)
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(THREADS))
        common = {"activity_executor": threads, "graceful_shutdown_timeout": GRACE, "build_id": BUILD}
        decides = Worker(
            client,
            task_queue=PROCEDURES_QUEUE,
            workflows=WORKFLOWS,
            activities=[
                Register(means.sessions, means.book).commit,
                rounds.coming_rounds,
                rounds.begin_day,
                post.close_post,
            ],
            workflow_runner=runner or UnsandboxedWorkflowRunner(),
            workflow_failure_exception_types=list(failing),
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
            **common,  # type: ignore[arg-type]
        )
        sends = Worker(
            client,
            task_queue=OUTGOING_QUEUE,
            activities=[
                letters.produce_letter,
                outgoing.hand_over_letter,
                staff.send_staff_message,
                staff.record_sent,
                staff.record_canary,
                checkpoints.make,
                BankFiles(means.sessions, means.bank_folder).hand_over,
            ],
            **common,  # type: ignore[arg-type]
        )
        await stack.enter_async_context(sends)
        await stack.enter_async_context(decides)
        yield


async def open_house(client: Client, names: Iterable[str] = ("mailroom", "canary")) -> None:
    """The insurer's one mailroom and its canary run for ever: start them unless they do."""
    for name in names:
        await client.start_workflow(
            name,
            id=name,
            task_queue=PROCEDURES_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )


def means_from_environment() -> Means:
    """What the environment says: DATABASE_URL, ECHEANCE_KEYS, SMTP_URL, ECHEANCE_POLICY, the three folders."""
    sessions, book = open_sessions(open_engine(pool=THREADS), Keys.from_environment()), open_policy()
    check_versions_in_use(sessions, book)
    return Means(
        sessions=sessions,
        book=book,
        mail=MailServer.parse(os.environ.get("SMTP_URL", "")),
        post_folder=Path(os.environ.get("ECHEANCE_POST_FOLDER", "post")),
        checkpoints_folder=Path(os.environ.get("ECHEANCE_CHECKPOINTS_FOLDER", "checkpoints")),
        bank_folder=Path(os.environ.get("ECHEANCE_BANK_FOLDER", "bank-files")),
    )


async def main() -> None:
    """Work until SIGINT or SIGTERM."""
    write_plain_lines()
    means = means_from_environment()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with traces_of("worker"):
        client = await connect()
        async with workers(client, means):
            await open_house(client)
            await stop.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (KeysError, NoDatabaseError, PolicyFileError, ValueError) as error:
        sys.exit(f"The worker cannot start: {error}")
