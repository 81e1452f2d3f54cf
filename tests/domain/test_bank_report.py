"""What a bank's report means for each line, and when it is refused whole: it does not fit what was sent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payment.bank_words import REASONS, VERDICTS, Verdict, reason_in_words
from domain.payment.report import Finding, StatusCount, StatusLine, StatusReport, findings
from domain.refusals import ReportDisagrees

FILE = "VIR-2026-000001"
SENT = {"PRE-1": 100, "PRE-2": 2_050, "PRE-3": 500_001}


def a_report(status: str | None, *lines: StatusLine, counts: dict[str, int] | None = None) -> StatusReport:
    """A bank's report about the file."""
    counted = tuple(StatusCount(one, count) for one, count in (counts or {}).items())
    return StatusReport("BANK-1", FILE, 3, 502_151, status, counts=counted, lines=lines)


def verdicts(report: StatusReport) -> list[str]:
    """What it means, line by line."""
    return [one.verdict.value for one in findings(report, FILE, SENT)]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((one, "pending") for one in ("RCVD", "PDNG", "PATC", "ACTC", "ACCP", "ACFC", "ACWC", "ACWP", "ACSP")),
        *((one, "paid") for one in ("ACSC", "ACCC")),
        *((one, "rejected") for one in ("RJCT", "CANC")),
    ],
)
def test_only_money_that_has_moved_is_paid(status: str, verdict: str) -> None:
    assert verdicts(a_report(status)) == [verdict] * 3
    assert verdicts(a_report("PART", *(StatusLine(one, status) for one in SENT))) == [verdict] * 3


def test_a_report_without_any_status_says_nothing() -> None:
    assert verdicts(a_report(None)) == ["pending"] * 3
    assert verdicts(a_report("PART")) == ["pending"] * 3


def test_a_line_counts_before_the_file() -> None:
    assert verdicts(a_report("ACSC", StatusLine("PRE-2", "RJCT", ("AC04",)))) == ["paid", "rejected", "paid"]
    assert verdicts(a_report("ACCP", StatusLine("PRE-2", "ACSC"))) == ["pending", "paid", "pending"]


def test_a_line_without_a_status_shares_the_files() -> None:
    assert verdicts(a_report("ACSC", StatusLine("PRE-2", None))) == ["paid"] * 3


def test_a_line_of_a_partly_taken_file_that_is_not_listed_waits() -> None:
    assert verdicts(a_report("PART", StatusLine("PRE-2", "RJCT", ("AC04",)))) == ["pending", "rejected", "pending"]


@pytest.mark.parametrize(("status", "verdict"), [("ACSC", "paid"), ("ACCP", "pending")])
def test_lines_that_are_counted_but_not_listed_have_the_status_that_they_make_up(status: str, verdict: str) -> None:
    report = a_report("PART", StatusLine("PRE-2", "RJCT"), counts={status: 2, "RJCT": 1})
    assert verdicts(report) == [verdict, "rejected", verdict]


def test_counts_that_leave_two_statuses_open_decide_nothing() -> None:
    report = a_report("PART", StatusLine("PRE-2", "RJCT"), counts={"ACSC": 1, "PDNG": 1, "RJCT": 1})
    assert verdicts(report) == ["pending", "rejected", "pending"]


@pytest.mark.parametrize("reason", ["DUPL", "AM05"])
def test_what_the_bank_has_already_is_not_paid_anew(reason: str) -> None:
    assert verdicts(replace(a_report("RJCT"), reasons=(reason,))) == ["pending"] * 3
    assert verdicts(a_report("PART", StatusLine("PRE-2", "RJCT", (reason,)))) == ["pending"] * 3


def test_the_reason_of_the_file_is_that_of_its_lines() -> None:
    report = replace(a_report("RJCT"), reasons=("FF01",), told="sent on Monday")
    found = findings(report, FILE, SENT)
    assert found[0] == Finding("PRE-1", Verdict.REJECTED, "FF01", "sent on Monday")
    listed = findings(a_report("RJCT", StatusLine("PRE-1", "RJCT", ("AC04",))), FILE, SENT)
    assert [one.own for one in listed] == [True, False, False]


LISTED = StatusLine("PRE-2", "RJCT", ("AC04",))
DISAGREES = {
    "about another file": (replace(a_report("ACSC"), original_message_id="VIR-2"), "about another file"),
    "another count": (replace(a_report("ACSC"), original_count=4), "about 4 transfers, and 3"),
    "another sum": (replace(a_report("ACSC"), original_cents=502_150), "about 502150 cents, and 502151"),
    "an unknown line": (a_report("PART", StatusLine("PRE-4", "RJCT")), "no transfer PRE-4"),
    "a line twice": (a_report("PART", LISTED, LISTED), "lists the transfer PRE-2 twice"),
    "another amount": (a_report("PART", replace(LISTED, amount_cents=2_051)), "another amount"),
    "an unknown status": (a_report("OKAY"), "The status OKAY"),
    "an unknown status of a line": (a_report("PART", StatusLine("PRE-2", "okay")), "The status okay"),
    "an unknown status that is counted": (a_report("PART", counts={"GOOD": 1}), "The status GOOD"),
    "a line in part": (a_report("PART", StatusLine("PRE-2", "PART")), "only a whole file"),
    "refused, but not a line": (a_report("RJCT", StatusLine("PRE-2", "ACSC")), "rejects the whole file"),
    "cancelled, but not a line": (a_report("CANC", StatusLine("PRE-2", "PDNG")), "rejects the whole file"),
    "more counted than sent": (a_report("PART", counts={"ACSC": 4}), "counts more transfers"),
    "more listed than counted": (a_report("PART", LISTED, counts={"RJCT": 0}), "counts 0 transfers as RJCT"),
    "a rejection that is not listed": (a_report("PART", LISTED, counts={"RJCT": 2}), "counts 2 transfers as RJCT"),
    "another sum of rejections": (
        replace(a_report("PART", LISTED), counts=(StatusCount("RJCT", 1, 2_049),)),
        "counts 1 transfers as RJCT",
    ),
}


@pytest.mark.parametrize(("report", "why"), DISAGREES.values(), ids=DISAGREES)
def test_a_report_that_does_not_fit_is_read_in_no_part(report: StatusReport, why: str) -> None:
    with pytest.raises(ReportDisagrees, match=why) as refused:
        findings(report, FILE, SENT)
    assert refused.value.remedy


@given(st.dictionaries(st.sampled_from(list(SENT)), st.sampled_from(sorted(VERDICTS)), max_size=3))
def test_every_line_gets_one_verdict_and_a_listed_one_its_own(listed: dict[str, str]) -> None:
    found = findings(a_report("PART", *(StatusLine(*one) for one in listed.items())), FILE, SENT)
    assert [one.end_to_end_id for one in found] == list(SENT)
    assert {one.end_to_end_id: one.verdict for one in found if one.end_to_end_id in listed} == {
        one: VERDICTS[status] for one, status in listed.items()
    }


def test_a_reason_is_told_in_words_in_both_languages() -> None:
    assert reason_in_words("AC04") == "compte clos (AC04)"
    assert reason_in_words("AC04", "en") == "closed account (AC04)"
    assert reason_in_words("ZZ99") == "ZZ99"
    assert reason_in_words(None) is None
    for code in ("AC01", "AC04", "AC06", "AG01", "AM04", "BE05", "MS03", "RR04", "FF01", "DUPL"):
        assert REASONS[code].fr != REASONS[code].en
