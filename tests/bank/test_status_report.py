"""Reading what the bank answers: every shape that banks write, and every way in which a file can be wrong."""

import re
from time import perf_counter

import pytest

from bank.stand_in import VERSIONS, accept_all, refuse_whole, reject_some
from bank.status_report import LARGEST_BYTES, read
from domain.payment.bank_words import VERDICTS
from domain.payment.report import StatusLine, StatusReport
from domain.refusals import UnreadableReport
from tests.factories.bank import ANSWERED, MESSAGE, a_file

ONE, TWO, THREE = (f"PRE-2026-{n:06d}-1" for n in (1, 2, 3))


def accepted(status: str = "ACSC") -> str:
    """A report in which the bank has taken everything."""
    return accept_all(a_file(), "BANK-1", ANSWERED, status).decode()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_was_taken_whole_has_one_status(version: str) -> None:
    report = read(accept_all(a_file(), "BANK-1", ANSWERED, version=version))
    assert report == StatusReport("BANK-1", MESSAGE, 3, 502_151, "ACSC")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_was_refused_whole_says_why(version: str) -> None:
    report = read(refuse_whole(a_file(), "BANK-1", ANSWERED, "FF01", version))
    assert (report.status, report.reasons, report.lines) == ("RJCT", ("FF01",), ())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_was_taken_in_part_tells_each_line(version: str) -> None:
    report = read(reject_some(a_file(), "BANK-1", ANSWERED, {TWO: "AC04"}, version=version))
    assert report.status == "PART"
    assert report.lines == (
        StatusLine(ONE, "ACSC", (), None, 100),
        StatusLine(TWO, "RJCT", ("AC04",), None, 2_050),
        StatusLine(THREE, "ACSC", (), None, 500_001),
    )
    assert {(one.status, one.count) for one in report.counts} == {("ACSC", 2), ("RJCT", 1)}


@pytest.mark.parametrize("status", VERDICTS)
def test_every_status_is_read_as_it_is_written(status: str) -> None:
    assert read(accepted(status).encode()).status == status


def test_a_status_of_the_only_group_is_the_files() -> None:
    told = accepted().replace(
        "<GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts>",
        "</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>VIR-2026-000001-1</OrgnlPmtInfId>"
        "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Prtry>X9</Prtry></Rsn><AddtlInf>Contact us</AddtlInf></StsRsnInf>"
        "</OrgnlPmtInfAndSts>",
    )
    report = read(told.encode())
    assert (report.status, report.reasons, report.told) == ("RJCT", ("X9",), "Contact us")


def test_a_prefix_a_byte_order_mark_and_comments_change_nothing() -> None:
    told = re.sub(r"<(/?)([A-Z])", r"<\1p:\2", accepted()).replace("xmlns=", "xmlns:p=")
    told = told.replace("<p:GrpHdr>", "<!-- from the bank --><p:GrpHdr>").replace(
        "<?xml version='1.0' encoding='UTF-8'?>", ""
    )
    assert read(b"\xef\xbb\xbf" + told.encode()) == read(accepted().encode())


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
WRONG: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is not XML"),
    "no XML": (b"Bonjour", "is not XML"),
    "cut off": (accepted().encode()[:-20], "is not XML"),
    "a PDF": (b"%PDF-1.7 \xff\xfe", "not written in UTF-8"),
    "UTF-16": (accepted().encode("utf-16"), "not written in UTF-8"),
    "UTF-16 without a mark": ('<?xml version="1.0"?><a/>'.encode("utf-16-le"), "document type or entities"),
    "a billion laughs": (f"{LAUGHS}<Document>&j;</Document>".encode(), "document type or entities"),
    "an attribute that laughs": (f'{LAUGHS}<Document a="&j;"/>'.encode(), "document type or entities"),
    "another file's words": (
        b'<!doctype x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document>&e;</Document>',
        "document type or entities",
    ),
    "hidden in another encoding": (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x+AD4-<Document/>',
        "is not XML",
    ),
    "an undeclared entity": (accepted().replace("BANK-1", "&bank;").encode(), "is not XML"),
    "too large": (b" " * (LARGEST_BYTES + 1), "over 16 MiB"),
    "another message": (accepted().replace("pain.002.001.10", "camt.053.001.08").encode(), "no pain.002"),
    "an older version": (accepted().replace("pain.002.001.10", "pain.002.001.02").encode(), "no pain.002"),
    "a file of ours": (a_file(), "no pain.002"),
    "no report in it": (accepted().replace("CstmrPmtStsRpt", "Other").encode(), "CstmrPmtStsRpt is missing"),
    "no id": (accepted().replace("<MsgId>BANK-1</MsgId>", "").encode(), "MsgId is missing"),
    "an endless id": (accepted().replace("BANK-1", "B" * 36).encode(), "MsgId is missing, or longer"),
    "about nothing": (accepted().replace(f"<OrgnlMsgId>{MESSAGE}</OrgnlMsgId>", "").encode(), "OrgnlMsgId is missing"),
    "no number": (accepted().replace("<OrgnlNbOfTxs>3<", "<OrgnlNbOfTxs>three<").encode(), "no number"),
    "a number of other figures": (accepted().replace("<OrgnlNbOfTxs>3<", "<OrgnlNbOfTxs>٣<").encode(), "no number"),
    "a negative sum": (accepted().replace("5021.51", "-5021.51").encode(), "none in euros and cents"),
    "half a cent": (accepted().replace("5021.51", "5021.515").encode(), "none in euros and cents"),
    "a sum in words": (accepted().replace("5021.51", "1e3").encode(), "none in euros and cents"),
    "dollars": (
        reject_some(a_file(), "BANK-1", ANSWERED, {}).replace(b'Ccy="EUR"', b'Ccy="USD"'),
        "not in euros",
    ),
    "two groups": (
        accepted().replace("</CstmrPmtStsRpt>", "<OrgnlPmtInfAndSts/><OrgnlPmtInfAndSts/></CstmrPmtStsRpt>").encode(),
        "several groups",
    ),
    "refused and taken": (
        accepted("RJCT")
        .replace(
            "</CstmrPmtStsRpt>",
            "<OrgnlPmtInfAndSts><PmtInfSts>ACSC</PmtInfSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
        )
        .encode(),
        "says RJCT of the file, and ACSC",
    ),
    "a line without an id": (
        reject_some(a_file(), "BANK-1", ANSWERED, {}).replace(b"OrgnlEndToEndId", b"OrgnlInstrId"),
        "OrgnlEndToEndId is missing",
    ),
}


@pytest.mark.parametrize(("content", "why"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_read_is_explained_at_once(content: bytes, why: str) -> None:
    began = perf_counter()
    with pytest.raises(UnreadableReport) as refused:
        read(content)
    assert why in refused.value.rule
    assert refused.value.remedy
    assert refused.value.field == "file"
    assert perf_counter() - began < 1


def test_nesting_without_end_is_no_report() -> None:
    with pytest.raises(UnreadableReport):
        read(b"<a>" * 100_000 + b"</a>" * 100_000)
