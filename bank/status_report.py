"""Read a bank's status report (pain.002), as an untrusted file: no entity, no network, no more than its size allows.

What cannot be read is explained; whether it fits the file that was sent, `domain.payment.report` decides.
Source: procedures, section 2 step 5
"""

import re
from decimal import Decimal

from lxml import etree

from domain.payment.bank_words import PER_TRANSACTION
from domain.payment.report import StatusCount, StatusLine, StatusReport
from domain.refusals import UnreadableReport

LARGEST_BYTES = 16 * 1024 * 1024
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1[0-4])")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_LONGEST_ID = 35


def read(content: bytes) -> StatusReport:
    """The report, in our words. Raises UnreadableReport, naming what is wrong with the file."""
    body = _body(_parsed(content))
    about, group = _one(body, "OrgnlGrpInfAndSts"), _group(body)
    of_file, of_group = _text(about, "GrpSts"), _text(group, "PmtInfSts")
    _check_agree(of_file, of_group)
    return StatusReport(
        message_id=_id(body, "GrpHdr/MsgId"),
        original_message_id=_id(about, "OrgnlMsgId"),
        original_count=_count(_text(about, "OrgnlNbOfTxs") or _text(group, "OrgnlNbOfTxs")),
        original_cents=_cents(_text(about, "OrgnlCtrlSum") or _text(group, "OrgnlCtrlSum")),
        status=of_group or of_file,
        reasons=_reasons(group) + _reasons(about),
        told=_told(group) or _told(about),
        counts=tuple(_counted(one) for one in group.findall("{*}NbOfTxsPerSts") or about.findall("{*}NbOfTxsPerSts")),
        lines=tuple(_line(one) for one in group.iterfind("{*}TxInfAndSts")),
    )


def _group(body: etree._Element) -> etree._Element:
    """What is said of the one group of transfers in a file of ours; an empty element, where nothing is."""
    groups = body.findall("{*}OrgnlPmtInfAndSts")
    if len(groups) > 1:
        raise _wrong("The report speaks of several groups of transfers, and a file of ours has one.")
    return groups[0] if groups else etree.Element("OrgnlPmtInfAndSts")


def _check_agree(of_file: str | None, of_group: str | None) -> None:
    """A file of one group is not refused while its group is taken, wholly or in part, nor the other way round.

    The file's status speaks of all its groups: of a file that is refused, no group is accepted in part.
    """
    if of_file == "RJCT" and of_group == PER_TRANSACTION:
        raise _wrong(f"The report says {of_file} of the file, and {of_group} of its only group of transfers.")
    refused = {one == "RJCT" for one in (of_file, of_group) if one not in (None, PER_TRANSACTION)}
    if len(refused) > 1:
        raise _wrong(f"The report says {of_file} of the file, and {of_group} of its only group of transfers.")


def _parsed(content: bytes) -> etree._Element:
    """A document type is refused before anything is parsed: entities would be declared in it."""
    if len(content) > LARGEST_BYTES:
        raise _wrong(f"A report of over {LARGEST_BYTES // 1024 // 1024} MiB is not read.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong("The report is not written in UTF-8.") from None
    if "\0" in text or re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _wrong("The report declares a document type or entities, which no bank's report does.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _wrong(f"The report is not XML (line {error.lineno}).") from None


def _body(root: etree._Element) -> etree._Element:
    namespace, _, name = root.tag.removeprefix("{").rpartition("}")
    if name != "Document" or not _NAMESPACE.fullmatch(namespace):
        raise _wrong("The file is no pain.002 in a version from 001.03 to 001.14.")
    return _one(root, "CstmrPmtStsRpt")


def _line(element: etree._Element) -> StatusLine:
    status = _text(element, "TxSts")
    return StatusLine(
        end_to_end_id=_id(element, "OrgnlEndToEndId"),
        status=status,
        reasons=_reasons(element),
        told=_told(element),
        amount_cents=_amount(element),
    )


def _amount(line: etree._Element) -> int | None:
    instructed = _find(line, "OrgnlTxRef/Amt/InstdAmt")
    if instructed is None:
        return None
    if instructed.get("Ccy") != "EUR":
        raise _wrong("The report speaks of an amount that is not in euros.")
    return _cents(instructed.text)


def _counted(element: etree._Element) -> StatusCount:
    count = _count(_text(element, "DtldNbOfTxs"))
    status = _text(element, "DtldSts")
    if count is None or status is None:
        raise _wrong("In the report, NbOfTxsPerSts lacks its status or its number.")
    return StatusCount(status, count, _cents(_text(element, "DtldCtrlSum")))


def _reasons(element: etree._Element) -> tuple[str, ...]:
    """All that the bank gives, in its order: the one that decides need not be the first."""
    codes = (one for rsn in element.iterfind("{*}StsRsnInf/{*}Rsn") for one in rsn.iterfind("{*}*"))
    found = ((one.text or "").strip() for one in codes if etree.QName(one).localname in ("Cd", "Prtry"))
    return tuple(one for one in found if one)


def _told(element: etree._Element) -> str | None:
    told = " ".join((one.text or "").strip() for one in element.iterfind("{*}StsRsnInf/{*}AddtlInf"))
    return told[:500] or None


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise _wrong("A number of transfers in the report is no number.")
    return int(text)


def _cents(text: str | None) -> int | None:
    """Exact, without ever being a fraction."""
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise _wrong("An amount in the report is none in euros and cents.")
    return int(Decimal(text) * 100)


def _id(element: etree._Element, path: str) -> str:
    text = _text(element, path)
    if text is None or len(text) > _LONGEST_ID:
        raise _wrong(f"In the report, {path.split('/')[-1]} is missing, or longer than {_LONGEST_ID} characters.")
    return text


def _one(element: etree._Element, name: str) -> etree._Element:
    found = _find(element, name)
    if found is None:
        raise _wrong(f"In the report, {name} is missing.")
    return found


def _find(element: etree._Element, path: str) -> etree._Element | None:
    return element.find("/".join(f"{{*}}{name}" for name in path.split("/")))


def _text(element: etree._Element, path: str) -> str | None:
    found = _find(element, path)
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def _wrong(rule: str) -> UnreadableReport:
    return UnreadableReport(rule, "Send the bank's file as it came (pain.002, UTF-8), unchanged.", field="file")
