"""What every procedure's workflow does alike: commit a command, make and hand over a letter, wait or be late.

Activities are reached by the names that they are registered under.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow

from domain.commands import CommandRef, MachineCommand
from domain.outgoing import HandOver, LetterToSend, MessageToSend
from domain.payment.handover import FileToHandOver
from workflows.options import COMMIT, HAND_OVER, PRODUCE


async def commit(command: CommandRef | MachineCommand, outcome_type: Any) -> Any:
    """Decide and write one command in one transaction; the outcome holds the position after it.

    The activity carries the command's id: otherwise all commits look alike to the engine, and a replay that swaps two
    of them would not be found out. What waited for its turn is told when that is.
    """
    if isinstance(command, CommandRef):
        command = replace(command, turn_at=workflow.now())
    return await workflow.execute_local_activity(
        "commit", command, result_type=outcome_type, activity_id=str(command.id), summary=command.kind, **COMMIT
    )


async def produce_letter(letter_id: UUID, letter_round: int) -> None:
    """Make the letter from its template and keep it byte for byte."""
    asked = LetterToSend(letter_id, letter_round, workflow.now())
    await workflow.execute_activity("produce_letter", asked, **PRODUCE)


async def hand_over_letter(letter_id: UUID, letter_round: int) -> HandOver:
    """Give the letter to the mail server, or lay it in the day's post."""
    asked = LetterToSend(letter_id, letter_round, workflow.now())
    handed: HandOver = await workflow.execute_activity("hand_over_letter", asked, result_type=HandOver, **HAND_OVER)
    return handed


async def hand_over_bank_file(case_id: UUID) -> None:
    """Lay a released bank file in the bank's folder, however long that takes."""
    await workflow.execute_activity("hand_over_bank_file", FileToHandOver(case_id), **HAND_OVER)


async def send_staff_message(message_id: UUID) -> None:
    """Send a message to staff, however long it takes, and record when it left."""
    await workflow.execute_activity("send_staff_message", MessageToSend(message_id, workflow.now()), **HAND_OVER)
    await workflow.execute_activity("record_staff_message", MessageToSend(message_id, workflow.now()), **HAND_OVER)


async def happens_within(happened: Callable[[], bool], patience: timedelta, name: str) -> bool:
    """Wait for something, but not longer than `patience`: lateness is an answer."""
    if happened():
        return True
    if patience <= timedelta(0):
        return False
    try:
        await workflow.wait_condition(happened, timeout=patience, timeout_summary=name)
    except TimeoutError:
        return happened()
    return True


async def sleep_until(instant: datetime, name: str) -> None:
    """Sleep until an instant of business time; at once when it is past."""
    left = instant - workflow.now()
    if left > timedelta(0):
        await workflow.sleep(left, summary=name)
