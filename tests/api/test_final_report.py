"""Once two people have validated a report, whoever asks for it reads a final one that names them; what they validated
is still there, byte for byte."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import openpyxl
import pikepdf
import pytest

from domain.audit import commands as ask
from domain.audit.words import AuditTask
from tests.factories.audits import AUDITOR, CONTROL, OTHER_AUDITOR, PLANNED_AT, STRANGER, USER, Auditing, an_audit_at
from tests.factories.audits import applied as carried_out
from tests.factories.rules import the_book
from tests.letters.pdf import text_of
from tests.stories.house import StoryHouse

SIDES = [(AUDITOR, ""), (USER, "/delegate")]
NAMES = ("Maïwenn Le Saux", "Katell Rolland")


@dataclass
class Reported:
    """An audit whose report was made by the API, in English, and validated by two people."""

    house: StoryHouse
    reference: str
    draft: dict[str, bytes]

    async def read(self, login: str, side: str, file: str) -> bytes:
        """A file of the report as this person reads it."""
        answer = await self.house.as_(login, "GET", f"{side}/audits/{self.reference}/{file}")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture(scope="module")
async def reported(house: StoryHouse) -> Reported:
    """The report before its validation is kept, to compare."""
    desk = Auditing(house.house.sessions.kw["bind"], house.house.sessions, the_book(), PLANNED_AT)
    case_id = an_audit_at(desk, "reporting")
    [(reference,)] = desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
    made = await house.as_(AUDITOR, "POST", f"/audits/{reference}/report?language=en")
    assert made.status_code == 200, made.text
    found = Reported(house, reference, {})
    found.draft = {kind: await found.read(AUDITOR, "", f"report.{kind}") for kind in ("pdf", "xlsx")}
    read = desk.newest_hash(case_id)
    carried_out(desk.do(case_id, AUDITOR, ask.Submit(report_sha256=read), AuditTask.WRITE_REPORT))
    for login in (OTHER_AUDITOR, CONTROL):
        assert "DRAFT" in text_of(await found.read(AUDITOR, "", "report.pdf"))
        carried_out(desk.do(case_id, login, ask.Validate(report_sha256=read), AuditTask.VALIDATE_REPORT))
    desk.sql("UPDATE delegates SET name = 'Renamed since' WHERE code = 'ARMOR'")
    return found


@pytest.mark.parametrize(("login", "side"), SIDES)
async def test_the_final_document_names_both_validators_and_the_draft_that_they_read(
    reported: Reported, login: str, side: str
) -> None:
    pdf = await reported.read(login, side, "report.pdf")
    words = text_of(pdf)
    assert "DRAFT" in text_of(reported.draft["pdf"])
    assert "DRAFT" not in words
    assert "not validated" not in words
    assert "Renamed since" not in words
    assert all(name in words for name in NAMES)
    assert sha256(reported.draft["pdf"]).hexdigest() in words
    with pikepdf.open(BytesIO(pdf)) as file, file.open_metadata() as about:
        assert "DRAFT" not in str(about["dc:title"])
    assert pdf == await reported.read(login, side, "report.pdf")


@pytest.mark.parametrize(("login", "side"), SIDES)
async def test_the_final_workbook_says_the_same(reported: Reported, login: str, side: str) -> None:
    book = openpyxl.load_workbook(BytesIO(await reported.read(login, side, "report.xlsx")))
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "DRAFT" not in cells
    assert all(name in cells for name in NAMES)


async def test_both_sides_read_the_same_bytes(reported: Reported) -> None:
    for kind in ("pdf", "xlsx"):
        ours, theirs = [await reported.read(login, side, f"report.{kind}") for login, side in SIDES]
        assert ours == theirs


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
async def test_what_they_validated_is_still_there_byte_for_byte(reported: Reported, kind: str) -> None:
    for login, side in SIDES:
        assert await reported.read(login, side, f"report.{kind}?draft=1") == reported.draft[kind]
    assert await reported.read(AUDITOR, "", f"report.{kind}?version=1") == reported.draft[kind]


async def test_another_delegate_finds_neither(reported: Reported) -> None:
    for file in ("report.pdf", "report.pdf?draft=1", "report.xlsx"):
        answer = await reported.house.as_(STRANGER, "GET", f"/delegate/audits/{reported.reference}/{file}")
        assert answer.status_code == 404
