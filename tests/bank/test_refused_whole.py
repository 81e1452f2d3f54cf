"""What a refusal means for each line, from the bank's bytes: nothing leaves twice, nobody is controlled for all."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.stand_in import Answer, receive, write
from bank.status_report import read
from domain.events import Event
from domain.payment.bank_words import VERDICTS
from domain.payment.case import ReportInHand
from domain.payment.commands import ConfirmAnswer, ReadStatusReport
from domain.payment.decide import decide
from domain.payment.events import LineRejected, LinesWithdrawn, PaymentReached, ReportToConfirm
from domain.payment.report import findings
from domain.payment.states import PaymentState
from local.demo_staff import person_id
from tests.factories.bank import ANSWERED, MESSAGE, a_file
from tests.factories.batches import a_batch, opened, some_lines
from tests.factories.complaints import a_house, some_staff

SENT = {"PRE-2026-000001-1": 100, "PRE-2026-000002-1": 2_050, "PRE-2026-000003-1": 500_001}
REASONS = st.lists(st.sampled_from(["NARR", "AM04", "AC04", "MS03"]), max_size=2)


def why(*reasons: str, word: str = "Cd") -> str:
    """Reasons as a bank writes them, each in an element of its own."""
    return "".join(f"<StsRsnInf><Rsn><{word}>{one}</{word}></Rsn></StsRsnInf>" for one in reasons)


def a_report(
    file: str = "", group: str = "", lines: tuple[str, ...] = (), status: str = "RJCT", line_status: str = "RJCT"
) -> bytes:
    """An answer that gives these reasons for the file, its group of transfers, and each line that it lists."""
    listed = {one: (line_status, None) for one, _ in zip(SENT, lines, strict=False)}
    told = write(receive(a_file()), Answer("BANK-1", ANSWERED, status, lines=listed, counted=False)).decode()
    told = told.replace(f"<GrpSts>{status}</GrpSts>", f"<GrpSts>{status}</GrpSts>{file}")
    if group and not listed:
        told = told.replace("</CstmrPmtStsRpt>", f"<OrgnlPmtInfAndSts>{group}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>")
    told = told.replace("</OrgnlPmtInfId>", f"</OrgnlPmtInfId>{group}")
    before, *after = told.split(mark := f"<TxSts>{line_status}</TxSts>")
    return (before + "".join(f"{mark}{own}{rest}" for own, rest in zip(lines, after, strict=True))).encode()


def verdicts(report: bytes) -> list[str]:
    """What it means, line by line."""
    return [one.verdict.value for one in findings(read(report), MESSAGE, SENT)]


def settled(report: bytes) -> list[Event]:
    """What follows for a batch that was handed over, once a second person has confirmed what rejects anything."""
    lines = tuple(
        replace(line, end_to_end_id=one, amount_cents=cents)
        for line, (one, cents) in zip(some_lines(*["instructed"] * 3), SENT.items(), strict=True)
    )
    solene, ronan = (some_staff().actor(person_id(login)) for login in ("solene.guivarch", "ronan.postec"))
    batch = a_batch(
        PaymentState.HANDED_OVER,
        message_id=MESSAGE,
        look_up_lines=lambda: lines,
        look_up_report=lambda report_id: ReportInHand(report_id, read(report), solene.id),
    )
    given = list(decide(batch, ReadStatusReport(report_id=UUID(int=1)), None, solene, a_house()))
    if not any(isinstance(one, ReportToConfirm) for one in given):
        return given
    task = opened(given, "confirm_answer")
    return list(decide(batch, ConfirmAnswer(answer_id=UUID(int=1)), task, ronan, a_house()))


def outcome(report: bytes) -> tuple[list[tuple[str, str | None]], list[str], str | None]:
    """Who is controlled again and why, who is paid by another batch, and why."""
    events = settled(report)
    cases = [(one.end_to_end_id, one.code) for one in events if isinstance(one, LineRejected)]
    freed = [one for one in events if isinstance(one, LinesWithdrawn)]
    ids = [line.end_to_end_id for one in freed for line in one.lines]
    return cases, ids, freed[0].code if freed else None


FIRST, SECOND, THIRD = SENT
NONE = ("", "", "")
TWICE = {
    "the file": a_report(why("DUPL")),
    "the file, each line without a reason": a_report(why("DUPL"), lines=NONE),
    "the file, each line in words": a_report(why("AM05"), lines=(why("NARR"),) * 3),
    "the file, each line for another reason": a_report(why("DUPL"), lines=(why("AC04"),) * 3),
    "the file, some lines not listed": a_report(why("DUPL"), lines=(why("NARR"),)),
    "the file, after another reason": a_report(why("NARR", "DUPL")),
    "the file, in one element with another": a_report(
        "<StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>x</AddtlInf></StsRsnInf>" + why("DUPL", word="Prtry")
    ),
    "the file, while the group says otherwise": a_report(why("DUPL"), why("NARR")),
    "the file, while group and lines say otherwise": a_report(why("DUPL"), why("NARR"), (why("AC04"),) * 3),
    "the group": a_report(why("NARR"), why("AM05")),
    "the group, each line without a reason": a_report(group=why("DUPL"), lines=NONE),
    "the file, in the bank's own code": a_report(why("AM05", word="Prtry"), lines=NONE),
    "a file taken in part": a_report(why("DUPL"), lines=(why("NARR"),) * 3, status="PART"),
    "a file taken in part, lines paid": a_report(why("DUPL"), lines=NONE, status="PART", line_status="ACSC"),
    "a line of a file refused whole": a_report(why("NARR"), lines=("", why("DUPL"), "")),
    "a line that is not the first, others not listed": a_report(lines=("", why("NARR", "AM05"))),
    "a line without a status": a_report(lines=(why("DUPL"),)).replace(b"<TxSts>RJCT</TxSts>", b""),
}


@pytest.mark.parametrize("report", TWICE.values(), ids=TWICE)
def test_what_was_sent_twice_waits_whoever_says_so_and_whatever_else_is_said(report: bytes) -> None:
    assert verdicts(report) == ["pending"] * 3
    assert outcome(report) == ([], [], None)
    assert not [one for one in settled(report) if isinstance(one, PaymentReached)]


@given(REASONS, REASONS, st.lists(REASONS, max_size=3), st.sampled_from(["DUPL", "AM05"]), st.data())
def test_no_other_word_hides_that_a_file_was_sent_twice(
    file: list[str], group: list[str], lines: list[list[str]], twice: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from([file, group]))
    place.insert(data.draw(st.integers(0, len(place))), twice)
    report = a_report(why(*file), why(*group), tuple(why(*own) for own in lines))
    assert verdicts(report) == ["pending"] * 3


def test_a_line_of_a_partly_taken_file_that_was_sent_twice_holds_up_no_other() -> None:
    report = a_report(lines=(why("AC04"), why("NARR", "DUPL"), why("AC06")), status="PART")
    assert verdicts(report) == ["rejected", "pending", "rejected"]


REFUSED = {
    "no reason at all": (a_report(lines=NONE), [], None),
    "the file's reason, none of its own": (a_report(why("AM04"), lines=NONE), [], "AM04"),
    "the same reason again": (a_report(why("AM04"), lines=(why("AM04"),) * 3), [], "AM04"),
    "the second of the file's": (a_report(why("FF01", "AM04"), lines=(why("AM04"),) * 3), [], "FF01"),
    "the group's": (a_report(why("FF01"), why("AM04"), (why("AM04", "FF01"),) * 3), [], "AM04"),
    "one for its own sake": (a_report(why("AM04"), lines=("", why("AC04"), why("AM04"))), [(SECOND, "AC04")], "AM04"),
    "one with both": (a_report(why("AM04"), lines=(why("AM04", "AC04"),)), [(FIRST, "AC04")], "AM04"),
    "one without a status": (
        a_report(why("AM04"), lines=(why("AC04"),)).replace(b"<TxSts>RJCT</TxSts>", b""),
        [(FIRST, "AC04")],
        "AM04",
    ),
    "a cancelled file": (a_report(why("CUST"), lines=NONE, status="CANC"), [], "CUST"),
}


@pytest.mark.parametrize(("report", "cases", "code"), REFUSED.values(), ids=REFUSED)
def test_of_a_file_refused_whole_only_what_has_a_reason_of_its_own_is_controlled_again(
    report: bytes, cases: list[tuple[str, str]], code: str | None
) -> None:
    own = {one for one, _ in cases}
    assert outcome(report) == (cases, [one for one in SENT if one not in own], code)


def test_a_line_of_a_partly_taken_file_is_rejected_for_its_own_sake_with_or_without_a_reason() -> None:
    report = a_report(why("AM04"), lines=("", why("AM04"), why("AC04")), status="PART")
    assert outcome(report) == ([(FIRST, None), (SECOND, "AM04"), (THIRD, "AC04")], [], None)


@given(st.sampled_from(sorted(VERDICTS)))
def test_a_line_that_is_told_in_no_other_way_has_the_files_status(status: str) -> None:
    assert verdicts(a_report(status=status)) == [VERDICTS[status].value] * 3
