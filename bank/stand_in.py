"""The stand-in bank: answers a credit transfer file as real banks do, for tests, rehearsal and demo.

It reads the file that it was sent, and writes a pain.002 about it: all accepted, some rejected, or the whole refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from bank.credit_transfer import SCHEMA, check_schema

VERSIONS = ("03", "10")


@dataclass(frozen=True)
class Answer:
    """What the bank says: `status` of the whole file (None: it tells line by line), and of lines (id → status, code).

    `counted` adds how many lines have each status, `amounts` the amount of each line that is listed.
    """

    message_id: str
    created_at: datetime
    status: str | None = None
    reason: str | None = None
    lines: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    version: str = "10"
    counted: bool = True
    amounts: bool = True


@dataclass(frozen=True)
class Received:
    """What the stand-in bank has read of a file: ids and cents."""

    message_id: str
    payment_information_id: str
    orders: Mapping[str, str]
    total: str


def receive(file: bytes) -> Received:
    """Read a credit transfer file as a bank would: against its schema first. Raises UnfitForBank."""
    root = etree.fromstring(file)
    check_schema(root)
    orders = {
        _text(one, "PmtId/EndToEndId"): _text(one, "Amt/InstdAmt")
        for one in root.iterfind("{*}CstmrCdtTrfInitn/{*}PmtInf/{*}CdtTrfTxInf")
    }
    header, group = root.find("{*}CstmrCdtTrfInitn/{*}GrpHdr"), root.find("{*}CstmrCdtTrfInitn/{*}PmtInf")
    return Received(_text(header, "MsgId"), _text(group, "PmtInfId"), orders, _text(header, "CtrlSum"))


def accept_all(file: bytes, message_id: str, at: datetime, status: str = "ACSC", version: str = "10") -> bytes:
    """The whole file has this status; no line is listed."""
    return write(receive(file), Answer(message_id, at, status, version=version))


def reject_some(
    file: bytes, message_id: str, at: datetime, rejected: Mapping[str, str], others: str = "ACSC", version: str = "10"
) -> bytes:
    """Some lines (end-to-end id → reason code) are rejected, each other one has the status `others`."""
    received = receive(file)
    lines = {one: ("RJCT", rejected[one]) if one in rejected else (others, None) for one in received.orders}
    return write(received, Answer(message_id, at, "PART", lines=lines, version=version))


def refuse_whole(file: bytes, message_id: str, at: datetime, reason: str = "FF01", version: str = "10") -> bytes:
    """The whole file is refused, for one reason."""
    return write(receive(file), Answer(message_id, at, "RJCT", reason, version=version))


def write(received: Received, answer: Answer) -> bytes:
    """The bank's answer to a file, in a version of pain.002 that banks write."""
    root = etree.Element("Document", xmlns=f"urn:iso:std:iso:20022:tech:xsd:pain.002.001.{answer.version}")
    report = etree.SubElement(root, "CstmrPmtStsRpt")
    header = etree.SubElement(report, "GrpHdr")
    _add(header, "MsgId", answer.message_id)
    _add(header, "CreDtTm", answer.created_at.isoformat(timespec="seconds"))
    _write_group(report, received, answer)
    if answer.lines:
        _write_lines(report, received, answer)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _write_group(report: etree._Element, received: Received, answer: Answer) -> None:
    group = etree.SubElement(report, "OrgnlGrpInfAndSts")
    _add(group, "OrgnlMsgId", received.message_id)
    _add(group, "OrgnlMsgNmId", SCHEMA)
    _add(group, "OrgnlNbOfTxs", str(len(received.orders)))
    _add(group, "OrgnlCtrlSum", received.total)
    if answer.status:
        _add(group, "GrpSts", answer.status)
    _add_reason(group, answer.reason)


def _write_lines(report: etree._Element, received: Received, answer: Answer) -> None:
    group = etree.SubElement(report, "OrgnlPmtInfAndSts")
    _add(group, "OrgnlPmtInfId", received.payment_information_id)
    if answer.counted:
        _write_counts(group, (status for status, _ in answer.lines.values()))
    for end_to_end_id, (status, reason) in answer.lines.items():
        line = etree.SubElement(group, "TxInfAndSts")
        _add(line, "OrgnlEndToEndId", end_to_end_id)
        _add(line, "TxSts", status)
        _add_reason(line, reason)
        if answer.amounts and end_to_end_id in received.orders:
            amount = etree.SubElement(etree.SubElement(etree.SubElement(line, "OrgnlTxRef"), "Amt"), "InstdAmt")
            amount.set("Ccy", "EUR")
            amount.text = received.orders[end_to_end_id]


def _write_counts(group: etree._Element, statuses: Iterable[str]) -> None:
    told = list(statuses)
    for status in sorted(set(told)):
        counted = etree.SubElement(group, "NbOfTxsPerSts")
        _add(counted, "DtldNbOfTxs", str(told.count(status)))
        _add(counted, "DtldSts", status)


def _add_reason(element: etree._Element, reason: str | None) -> None:
    if reason:
        _add(etree.SubElement(etree.SubElement(element, "StsRsnInf"), "Rsn"), "Cd", reason)


def _add(element: etree._Element, name: str, text: str) -> None:
    etree.SubElement(element, name).text = text


def _text(element: etree._Element, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return str(found.text)
