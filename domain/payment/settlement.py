"""The bank answers: each line is paid, rejected, or waits on; when none waits any more, the batch is settled.

Source: procedures, section 2 step 5 (what the bank's words mean: docs/decisions/0027)
"""

from collections.abc import Iterable, Sequence

from domain.events import Event
from domain.house import House
from domain.payment.bank_words import Verdict
from domain.payment.case import Instruction, Payment, ReportInHand
from domain.payment.commands import ReadStatusReport
from domain.payment.events import LineRejected, LinesPaid, LinesWithdrawn, PaymentReached, StatusReportRead, become
from domain.payment.report import Finding, findings
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus
from domain.people import Actor
from domain.refusals import ReportDisagrees, ReportReadAlready, WrongStep

_FINAL = {InstructionStatus.PAID: Verdict.PAID, InstructionStatus.REJECTED: Verdict.REJECTED}
Found = Sequence[tuple[Instruction, Finding]]


def read_status_report(case: Payment, _command: ReadStatusReport, _actor: Actor, _house: House) -> list[Event]:
    """Carry out what the bank says, whole or not at all. Raises Refusal, naming what does not fit."""
    told = _in_hand(case)
    sent = {line.end_to_end_id: line.amount_cents for line in case.lines}
    found = tuple(zip(case.lines, findings(told.report, case.message_id, sent), strict=True))
    _check_stays(found)
    news = [(line, one) for line, one in found if line.status is InstructionStatus.INSTRUCTED]
    moved = {verdict: [(line, one) for line, one in news if one.verdict is verdict] for verdict in Verdict}
    counted = {verdict: sum(one.verdict is verdict for _, one in found) for verdict in Verdict}
    return [
        StatusReportRead(
            told.id,
            told.report.message_id,
            counted[Verdict.PAID],
            counted[Verdict.REJECTED],
            counted[Verdict.PENDING],
        ),
        *_paid(moved[Verdict.PAID]),
        *_rejected(moved[Verdict.REJECTED]),
        *_settled(case, moved),
    ]


def _in_hand(case: Payment) -> ReportInHand:
    """The report, if it can be read now. Raises WrongStep, ReportReadAlready."""
    if not case.state.has_reached(PaymentState.HANDED_OVER) or case.state is PaymentState.CANCELLED:
        raise WrongStep(
            f"A batch that is {case.state} is not with the bank: there is nothing that the bank could have answered.",
            "Check which batch the report is about.",
        )
    assert case.report is not None
    if case.report.read_before is not None:
        raise ReportReadAlready(
            f"This report ({case.report.read_before}) was read before: it is read once.",
            "Nothing is left to do: the batch shows what it said.",
            field="file",
        )
    return case.report


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


def _rejected(lines: Found) -> Iterable[Event]:
    """What is rejected for its own sake is controlled again; the lines of a file refused whole are paid anew."""
    whole = [(line, one) for line, one in lines if not one.own]
    own = [(line, one) for line, one in lines if one.own]
    for line, one in own:
        yield LineRejected(line.id, line.end_to_end_id, line.amount_cents, one.reason, one.told)
    if whole:
        yield LinesWithdrawn(tuple(line for line, _ in whole), "file_refused", whole[0][1].reason)


def _settled(case: Payment, moved: dict[Verdict, list[tuple[Instruction, Finding]]]) -> list[PaymentReached]:
    """Nothing waits any more: settled if anything was paid, else returned."""
    if moved[Verdict.PENDING] or case.state is not PaymentState.HANDED_OVER:
        return []
    paid = moved[Verdict.PAID] or any(line.status is InstructionStatus.PAID for line in case.lines)
    return [become(case.state, PaymentState.SETTLED if paid else PaymentState.RETURNED)]
