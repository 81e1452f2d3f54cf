"""Fault points: named places between two durable acts, at which a test lets a program die as if it were killed.

`ECHEANCE_FAULT=letter_taken:2`, set when a program starts, kills it the second time it comes to that point. Nothing
that a running program is asked can arm one. Unarmed, a point is one comparison. docs/reliability.md says what becomes
of a house that dies at each of them.
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

POINTS = {
    "intake_kept": "the complaint and its command are committed; nobody has brought it to the engine",
    "intake_decided": "the complaint has its owner; whoever entered it has no answer",
    "claim_kept": "the claim is committed, and its command if it is controlled; nobody has brought it to the engine",
    "claim_decided": "the claim has its controller, or is to be paid; whoever entered it has no answer",
    "command_kept": "the command is committed; nobody has brought it to the engine",
    "command_leased": "the command is leased; the engine does not know it",
    "command_decided": "the command is decided; whoever gave it has no answer",
    "command_failed": "the engine has not decided the command; its lease is not given back",
    "decision_written": "the decision is written; its transaction is not committed",
    "decision_committed": "the decision is committed; the workflow does not know it",
    "letter_kept": "the letter is kept; the engine does not know it",
    "letter_begun": "the attempt is counted; the mail server has not been asked",
    "letter_failed": "the mail server has refused the letter; that is not recorded",
    "letter_taken": "the mail server has taken the letter; that is not recorded: the window of doubles",
    "letter_accepted": "it is recorded that the mail server has the letter; the case does not know it",
    "post_file_written": "the letter lies in the day's folder; the register does not know it",
    "post_laid": "the register knows that the letter lies in the post; the engine does not",
    "post_list_written": "the list for people is written; the manifest that closes the day is not",
    "post_manifest_written": "the manifest is written; the register does not know that the day is closed",
    "post_closed": "the day is closed, its letters are to be recorded; the engine does not know it",
    "claims_file_begun": "it is kept what a day's file of claims was found to be; none of its claims",
    "claims_file_part_kept": "some claims of a day's file are committed; the next ones are not",
    "batch_kept": "the batch and its command are committed; nobody has brought it to the engine",
    "batch_decided": "the batch has its first releaser; whoever built it has no answer",
    "audit_kept": "the audit and its command are committed; nobody has brought it to the engine",
    "audit_decided": "the launch meeting is asked for; whoever planned the audit has no answer",
    "finding_kept": "the finding and its command are committed; nobody has brought it to the engine",
    "finding_decided": "the finding's delegate is asked; whoever opened it has no answer",
    "operation_kept": "the operation and its command are committed; nobody has brought it to the engine",
    "operation_decided": "the operation is before its first director; whoever proposed it has no answer",
    "place_taken": "the place is taken; whoever signed up has no answer",
    "cases_dispatched": "the cases are given out, and asked to lend themselves; nobody has brought that to the engine",
    "bank_file_claimed": "it is written that the bank file is being laid, and that nobody stops it; nothing is laid",
    "bank_file_made": "an attempt has made the bank file; it is not known which attempt counts",
    "bank_file_ready": "it is known which attempt's file counts; it is not laid",
    "bank_file_laid": "the bank file is laid; the case does not know it",
    "bank_report_kept": "the bank's report is kept; its command is not",
    "message_begun": "the attempt is counted; the mail server has not been asked",
    "message_taken": "the mail server has taken the message to staff; that is not recorded: the window of doubles",
    "message_accepted": "it is recorded that the mail server has the message; the engine does not know it",
    "message_recorded": "it is recorded when the message left; the engine does not know it",
    "day_begun": "the morning's digests are written; the engine does not know which",
    "checkpoint_made": "the day's checkpoint is in the register; its file is not laid",
    "checkpoint_laid": "the checkpoint's file is laid; the engine does not know it",
    "canary_recorded": "the canary has fired; the engine does not know that it is recorded",
}
"""Each point, and how far things are when a program dies there."""


@dataclass(frozen=True)
class Fault:
    """A point that is armed, and which passage through it is the last."""

    name: str
    nth: int = 1
    passages: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def read(cls, text: str) -> "Fault | None":
        """What `name` or `name:nth` arms, or nothing. Raises ValueError for a point that there is not."""
        if not text:
            return None
        name, _, nth = text.partition(":")
        if name not in POINTS:
            raise ValueError(f"ECHEANCE_FAULT: there is no fault point {name}")
        return cls(name, int(nth or 1))


def die() -> None:
    """End as `kill -9` ends a program: nothing is flushed, closed or said."""
    os.kill(os.getpid(), signal.SIGKILL)


def fault_point(name: str) -> None:
    """Die here if a test has armed this point, at the passage that it asked for."""
    if armed is not None and armed.name == name and next(armed.passages) == armed.nth:
        die()


armed = Fault.read(os.environ.get("ECHEANCE_FAULT", ""))
