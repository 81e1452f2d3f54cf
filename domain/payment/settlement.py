"""The bank's report is carried out: each line is paid, rejected, or waits on; when none waits, the batch is settled.

Source: procedures, section 2 step 5 (what the bank's words mean: docs/decisions/0027)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.desk import met, withdraw
from domain.events import Event
from domain.payment.bank_words import Verdict
from domain.payment.case import Instruction, Payment, ReportInHand
from domain.payment.events import LineRejected, LinesPaid, LinesWithdrawn, StatusReportRead, become
from domain.payment.report import Finding, findings
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus, PaymentDeadline
from domain.refusals import ReportDisagrees, ReportReadAlready, WrongStep
from domain.tasks import Task

_FINAL = {InstructionStatus.PAID: Verdict.PAID, InstructionStatus.REJECTED: Verdict.REJECTED}
Found = Sequence[tuple[Instruction, Finding]]


@dataclass(frozen=True)
class Reading:
    """What a report means: how many lines of the batch have each verdict, and the lines that it moves."""

    told: ReportInHand
    counts: Mapping[Verdict, int]
    moved: Mapping[Verdict, Found]

    @property
    def counted(self) -> tuple[int, int, int]:
        """Paid, rejected, still to come."""
        return self.counts[Verdict.PAID], self.counts[Verdict.REJECTED], self.counts[Verdict.PENDING]


def reading(case: Payment, told: ReportInHand) -> Reading:
    """What the bank says, whole or not at all. Raises Refusal, naming what does not fit."""
    check_with_the_bank(case)
    _check_not_read(told)
    sent = {line.end_to_end_id: line.amount_cents for line in case.lines}
    found = tuple(zip(case.lines, findings(told.report, case.message_id, sent), strict=True))
    _check_stays(found)
    news = [(line, one) for line, one in found if line.status is InstructionStatus.INSTRUCTED]
    moved = {verdict: [(line, one) for line, one in news if one.verdict is verdict] for verdict in Verdict}
    counts = {verdict: sum(one.verdict is verdict for _, one in found) for verdict in Verdict}
    return Reading(told, counts, moved)


def carry_out(case: Payment, read: Reading, task: Task | None = None) -> list[Event]:
    """Each line goes where the report says; `task` is the one by which somebody has confirmed it."""
    return [
        StatusReportRead(read.told.id, read.told.report.message_id, *read.counted),
        *_paid(read.moved[Verdict.PAID]),
        *_rejected(read.told.id, read.moved[Verdict.REJECTED]),
        *([] if read.moved[Verdict.PENDING] else settled(case, task, anything_paid=bool(read.moved[Verdict.PAID]))),
    ]


def settled(case: Payment, task: Task | None, *, anything_paid: bool) -> list[Event]:
    """Nothing waits any more: settled if anything was paid, else returned; nobody is asked anything about it."""
    if case.state is not PaymentState.HANDED_OVER:
        return []
    paid = anything_paid or any(line.status is InstructionStatus.PAID for line in case.lines)
    others = [one for one in case.open_tasks if task is None or (one.kind == task.kind and one.id != task.id)]
    answered = met(case, PaymentDeadline.BANK_ANSWER)
    return [*withdraw(others), *answered, become(case.state, PaymentState.SETTLED if paid else PaymentState.RETURNED)]


def check_with_the_bank(case: Payment) -> None:
    """The bank has the file. Raises WrongStep."""
    if not case.state.has_reached(PaymentState.HANDED_OVER) or case.state is PaymentState.CANCELLED:
        raise WrongStep(
            f"A batch that is {case.state} is not with the bank: there is nothing that the bank could have answered.",
            "Check which batch the report is about.",
        )


def _check_not_read(told: ReportInHand) -> None:
    if told.read_before is not None:
        raise ReportReadAlready(
            f"This report ({told.read_before}) was read before: it is read once.",
            "Nothing is left to do: the batch shows what it said.",
            field="file",
        )


def _check_stays(found: Found) -> None:
    """What is paid stays paid, what is rejected stays rejected: its claim may be in another batch by now."""
    for line, one in found:
        known = _FINAL.get(line.status)
        if known is not None and one.verdict is not Verdict.PENDING and one.verdict is not known:
            raise ReportDisagrees(
                f"The transfer {line.end_to_end_id} is {line.status} already, and the report says {one.verdict}.",
                "Nothing was read. Money that comes back stands on the account statement: tell your accounting.",
                field="lines",
            )


def _paid(lines: Found) -> Iterable[Event]:
    return [LinesPaid(tuple(line for line, _ in lines))] if lines else []


def _rejected(answer_id: UUID, lines: Found) -> Iterable[Event]:
    """What is rejected for its own sake is controlled again; the lines of a file refused whole are paid anew."""
    whole = [(line, one) for line, one in lines if not one.own]
    own = [(line, one) for line, one in lines if one.own]
    for line, one in own:
        yield LineRejected(line.id, answer_id, line.end_to_end_id, line.amount_cents, one.reason, one.told)
    if whole:
        yield LinesWithdrawn(tuple(line for line, _ in whole), "file_refused", whole[0][1].reason, answer_id)
