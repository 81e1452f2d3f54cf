"""How long things may take and how they are tried again: said once, used by every workflow."""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy

PROCEDURES_QUEUE = "procedures"
"""Workflows and the transactions that decide their commands."""
OUTGOING_QUEUE = "outgoing"
"""Letters, mails and the post: slow or failing servers there hold up no decision."""

COMMIT: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "schedule_to_close_timeout": None,
    "local_retry_threshold": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)),
}
"""One transaction. While the database is away it is tried for ever: the case waits, nothing is lost."""

PRODUCE: dict[str, Any] = {
    "task_queue": OUTGOING_QUEUE,
    "start_to_close_timeout": timedelta(minutes=2),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
}
"""A letter is made: tried until its template or its data are mended."""

HAND_OVER: dict[str, Any] = {
    "task_queue": OUTGOING_QUEUE,
    "start_to_close_timeout": timedelta(minutes=2),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=5), backoff_coefficient=2, maximum_interval=timedelta(minutes=5)
    ),
}
"""A letter leaves: a server that is away is asked again, ever more rarely, until it answers."""

DRAINING = timedelta(seconds=30)
"""How long a reminder waits before it looks again whether older commands have been decided…"""
DRAINING_ENDS = timedelta(minutes=10)
"""…and when it judges without them."""

ROUND: dict[str, Any] = {
    "task_queue": OUTGOING_QUEUE,
    "start_to_close_timeout": timedelta(minutes=5),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=1)),
}
"""A round of the mailroom: tried until it is done."""

CHECKPOINT: dict[str, Any] = {
    "task_queue": OUTGOING_QUEUE,
    "start_to_close_timeout": timedelta(minutes=30),
    "schedule_to_close_timeout": timedelta(hours=4),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5)),
}
"""The night's checkpoint: on its first night it reads every case. Given up before the morning."""
