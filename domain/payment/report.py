"""A bank's status report (pain.002) as we read it, and what it means for each line of the file that it is about.

A report is read whole or not at all: one line that cannot be right, and nothing of it is carried out.
Source: procedures, section 2 step 5 (what the bank's words mean: docs/decisions/0027)
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.payment.bank_words import PER_TRANSACTION, VERDICTS, Verdict, sent_twice
from domain.refusals import ReportDisagrees


@dataclass(frozen=True)
class StatusLine:
    """What the bank says of one credit transfer, with all its reasons; `told` is what it adds in its own words."""

    end_to_end_id: str
    status: str | None
    reasons: tuple[str, ...] = ()
    told: str | None = None
    amount_cents: int | None = None


@dataclass(frozen=True)
class StatusCount:
    """How many transfers the bank counts under a status, and their sum where it tells it."""

    status: str
    count: int
    cents: int | None = None


@dataclass(frozen=True)
class StatusReport:
    """A bank's answer to one file. `message_id` is the bank's own, `original_*` speak of the file that we sent.

    `status` is that of the whole file; lines that are not listed share it. `reasons` are all that are given for it.
    """

    message_id: str
    original_message_id: str
    original_count: int | None = None
    original_cents: int | None = None
    status: str | None = None
    reasons: tuple[str, ...] = ()
    told: str | None = None
    counts: tuple[StatusCount, ...] = ()
    lines: tuple[StatusLine, ...] = ()

    @property
    def refuses_whole(self) -> bool:
        """No line of the file was taken."""
        return VERDICTS.get(self.status or "") is Verdict.REJECTED


@dataclass(frozen=True)
class Finding:
    """What a report means for one line; `own`: what it says is of this very line, not of the whole file."""

    end_to_end_id: str
    verdict: Verdict
    reason: str | None = None
    told: str | None = None
    own: bool = False


def findings(report: StatusReport, message_id: str, orders: Mapping[str, int]) -> tuple[Finding, ...]:
    """What the report means for each line that was sent (end-to-end id → cents), in their order.

    A line's own status counts before that of the whole file; a line of a partly accepted file that is neither listed
    nor counted waits, and so does whatever was sent twice. Raises ReportDisagrees, naming what does not fit.

    Source: procedures, section 2 step 5
    """
    _check_is_about(report, message_id, orders)
    _check_lines(report, orders)
    _check_counts(report, orders)
    lines = {line.end_to_end_id: line for line in report.lines}
    others = _of_the_others(report, len(orders) - sum(line.status is not None for line in report.lines))
    if sent_twice(_reasons_for_all(report)):
        return tuple(Finding(one, Verdict.PENDING) for one in orders)
    return tuple(_of(report, lines.get(one, StatusLine(one, None)), others) for one in orders)


def _reasons_for_all(report: StatusReport) -> Iterator[str]:
    """What is said of the file; where it is refused whole, what is said of any line may be meant for all of them."""
    yield from report.reasons
    for line in report.lines if report.refuses_whole else ():
        yield from line.reasons


def _of(report: StatusReport, line: StatusLine, others: Verdict) -> Finding:
    """Of a file refused whole, a line is refused for its own sake only where it has a reason that is not the file's."""
    reasons = tuple(one for one in line.reasons if not report.refuses_whole or one not in report.reasons)
    own = bool(reasons) if report.refuses_whole else line.status is not None
    said = others if line.status is None else VERDICTS[line.status]
    reason = next(iter(reasons if own else report.reasons), None)
    told = line.told if own else report.told
    return Finding(line.end_to_end_id, Verdict.PENDING if sent_twice(line.reasons) else said, reason, told, own)


def _of_the_others(report: StatusReport, unlisted: int) -> Verdict:
    """What the lines without a status of their own share: the file's, or the one whose count they make up."""
    if report.status is not None and report.status != PER_TRANSACTION:
        return VERDICTS[report.status]
    listed = Counter(line.status for line in report.lines)
    left = {one.status: one.count - listed[one.status] for one in report.counts}
    alone = [status for status, count in left.items() if count]
    return VERDICTS.get(alone[0], Verdict.PENDING) if alone and left[alone[0]] == unlisted else Verdict.PENDING


def _check_is_about(report: StatusReport, message_id: str, orders: Mapping[str, int]) -> None:
    """The file that it names is this one, with its count and its sum."""
    if report.original_message_id != message_id:
        raise ReportDisagrees(
            f"This report is about another file ({report.original_message_id}), not about {message_id}.",
            "Read it on the payment whose message id it names.",
            field="original_message_id",
        )
    if report.original_count not in (None, len(orders)):
        raise ReportDisagrees(
            f"The report is about {report.original_count} transfers, and {len(orders)} were sent.",
            "Nothing was read. Ask the bank which file it answers.",
            field="original_count",
        )
    if report.original_cents not in (None, sum(orders.values())):
        raise ReportDisagrees(
            f"The report is about {report.original_cents} cents, and {sum(orders.values())} were sent.",
            "Nothing was read. Ask the bank which file it answers.",
            field="original_cents",
        )


def _check_lines(report: StatusReport, orders: Mapping[str, int]) -> None:
    """Every line is one that was sent, once, with its amount and a status that we know."""
    for status in (report.status, *(line.status for line in report.lines), *(one.status for one in report.counts)):
        _check_status(status)
    seen = Counter(line.end_to_end_id for line in report.lines)
    for line in report.lines:
        if line.end_to_end_id not in orders:
            raise ReportDisagrees(
                f"The file that was sent has no transfer {line.end_to_end_id}.",
                "Nothing was read. Ask the bank which file it answers.",
                field="lines",
            )
        if seen[line.end_to_end_id] > 1:
            raise ReportDisagrees(
                f"The report lists the transfer {line.end_to_end_id} twice.",
                "Nothing was read. Ask the bank for a new report.",
                field="lines",
            )
        if line.amount_cents not in (None, orders[line.end_to_end_id]):
            raise ReportDisagrees(
                f"The report gives the transfer {line.end_to_end_id} another amount than was sent.",
                "Nothing was read. Ask the bank which file it answers.",
                field="lines",
            )
        _check_not_contradicted(report, line)


def _check_status(status: str | None) -> None:
    if status is not None and status not in VERDICTS and status != PER_TRANSACTION:
        raise ReportDisagrees(
            f"The status {status} is not one that we know, and what it means for the money is not guessed.",
            "Nothing was read. Ask the bank for its meaning, and tell your administrator.",
            field="status",
        )


def _check_not_contradicted(report: StatusReport, line: StatusLine) -> None:
    if line.status == PER_TRANSACTION:
        raise ReportDisagrees(
            f"The transfer {line.end_to_end_id} has the status PART, which only a whole file can have.",
            "Nothing was read. Ask the bank for a new report.",
            field="lines",
        )
    if report.refuses_whole and line.status is not None and VERDICTS[line.status] is not Verdict.REJECTED:
        raise ReportDisagrees(
            f"The report rejects the whole file, and says {line.status} of its transfer {line.end_to_end_id}.",
            "Nothing was read. Ask the bank for a new report.",
            field="lines",
        )


def _check_counts(report: StatusReport, orders: Mapping[str, int]) -> None:
    """What the bank counts per status fits what it lists, and is not more than was sent."""
    if sum(one.count for one in report.counts) > len(orders):
        raise ReportDisagrees(
            "The report counts more transfers than were sent.",
            "Nothing was read. Ask the bank for a new report.",
            field="counts",
        )
    for one in report.counts:
        listed = [line for line in report.lines if line.status == one.status]
        cents = sum(orders[line.end_to_end_id] for line in listed)
        if len(listed) > one.count or (_lists_all(report, one) and not _fits(one, len(listed), cents)):
            raise ReportDisagrees(
                f"The report counts {one.count} transfers as {one.status}, and lists {len(listed)}.",
                "Nothing was read. Ask the bank for a new report.",
                field="counts",
            )


def _lists_all(report: StatusReport, one: StatusCount) -> bool:
    """Rejections are always listed, unless the whole file is rejected; what was accepted may be left out."""
    return VERDICTS.get(one.status) is Verdict.REJECTED and report.status != one.status


def _fits(one: StatusCount, count: int, cents: int) -> bool:
    return one.count == count and one.cents in (None, cents)
