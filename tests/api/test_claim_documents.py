"""Documents that come in: only what they say they are, not too much of them, sealed, and by nobody who may not."""

from collections.abc import AsyncIterator
from itertools import count

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from api.gate import LARGEST_BODY
from api.uploads import LARGEST_DOCUMENT
from db.models import ClaimDocument, CommandRow
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter
from tests.factories.claim_rows import a_claim_row
from tests.factories.uploads import A_JPEG, A_PDF, A_PNG, a_form

HANDLER = "claire.morvan"
_numbers = count(700_001)


@pytest.fixture
def reference(counter: Counter) -> str:
    """A claim with its first controller."""
    return filed(counter)


def filed(counter: Counter, *, controlled: bool = True) -> str:
    """A claim, under control or not."""
    with counter.house.sessions.begin() as session:
        return a_claim_row(session, f"PRE-2031-{next(_numbers)}", NOON, controlled=controlled).reference


async def send(
    counter: Counter, reference: str, content: bytes, name: str = "facture.pdf", kind: str = "invoice", **headers: str
) -> httpx2.Response:
    """A handler adds a document."""
    body, told = a_form(content, name, kind=kind)
    return await counter.send(HANDLER, f"/claims/{reference}/documents", body, told, **headers)


def kept(counter: Counter) -> list[ClaimDocument]:
    """The documents that the register holds."""
    with counter.house.sessions() as session:
        return list(session.scalars(select(ClaimDocument).options(undefer(ClaimDocument.content))))


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (A_PDF, "facture.pdf", "application/pdf"),
        (A_PDF + b"\n" * 900, "FACTURE.PDF", "application/pdf"),
        (A_JPEG, "ordonnance.jpg", "image/jpeg"),
        (A_JPEG, "ordonnance.scan.jpeg", "image/jpeg"),
        (A_PNG, "décompte n° 2 (été).png", "image/png"),
    ],
)
async def test_a_document_is_kept_sealed_while_the_engine_is_away(
    counter: Counter, reference: str, content: bytes, name: str, media_type: str
) -> None:
    before = {row.id for row in kept(counter)}
    answer = await send(counter, reference, content, name)
    assert answer.status_code == 202, answer.text
    [row] = [row for row in kept(counter) if row.id not in before]
    assert str(row.id) == answer.json()["id"]
    assert (row.media_type, row.name, row.size, row.added_at) == (media_type, name, len(content), None)
    assert content not in row.content
    assert (await counter.get(HANDLER, f"/claims/{reference}"))["documents"] == [], "not the claim's yet"
    assert (await counter.ask(HANDLER, "GET", f"/claims/{reference}/documents/{row.id}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "facture.pdf"),
        (b"%PDF", "facture.pdf"),
        (A_PDF[1:], "facture.pdf"),
        (b" " + A_PDF, "facture.pdf"),
        (A_PDF[:-8], "facture.pdf"),
        (A_PDF + b"\n" * 1100, "facture.pdf"),
        (A_JPEG[:-1], "scan.jpg"),
        (A_PNG[:-8], "scan.png"),
        (A_PDF, "facture.jpg"),
        (A_JPEG, "facture.pdf"),
        (A_PNG, "facture.pdf"),
        (A_PDF, "facture"),
        (A_PDF, "facture.pdf.exe"),
        (b"MZ\x90\x00" + bytes(80), "facture.pdf"),
        (b"<html>" + A_PDF, "facture.pdf"),
        (b"PK\x03\x04" + bytes(80), "facture.pdf"),
        (A_PDF, ""),
        (A_PDF, "../"),
        (A_PDF, "x" * 200 + ".pdf"),
    ],
)
async def test_what_is_not_what_its_name_says_is_refused(
    counter: Counter, reference: str, content: bytes, name: str
) -> None:
    before = len(kept(counter))
    answer = await send(counter, reference, content, name)
    assert answer.status_code == 422, answer.text
    assert answer.json().get("field") == "file" or answer.json()["errors"][0]["field"] == "file"
    assert len(kept(counter)) == before


async def test_of_a_name_only_the_last_part_is_kept(counter: Counter, reference: str) -> None:
    await send(counter, reference, A_PDF, "C:\\Users\\M\u202e\x07\u0300\\..\\fac\x00ture.pdf".replace("\x00", ""))
    assert {row.name for row in kept(counter)} >= {"facture.pdf"}
    assert not any("\\" in row.name or "/" in row.name for row in kept(counter))


@pytest.mark.parametrize("kind", ["", "receipt ", "passport", "invoice,receipt"])
async def test_a_document_says_of_which_kind_it_is(counter: Counter, reference: str, kind: str) -> None:
    answer = await send(counter, reference, A_PDF, kind=kind)
    assert (answer.status_code, answer.json()["field"]) == (422, "kind")


async def test_the_same_key_is_the_same_document(counter: Counter, reference: str) -> None:
    first = await send(counter, reference, A_PDF, Idempotency_Key="once")
    before = len(kept(counter))
    again = await send(counter, reference, A_PDF, Idempotency_Key="once")
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    other = await send(counter, reference, A_PDF + b"\n", Idempotency_Key="once")
    assert (other.status_code, rule_of(other)) == (409, "key_reused")
    assert len(kept(counter)) == before


async def test_a_large_document_comes_in_and_a_larger_one_does_not(counter: Counter, reference: str) -> None:
    assert LARGEST_DOCUMENT > LARGEST_BODY
    whole = A_PDF[:5] + bytes(LARGEST_DOCUMENT - len(A_PDF)) + A_PDF[5:]
    assert (await send(counter, reference, whole)).status_code == 202
    for too_large in (whole[:5] + b"\0" + whole[5:], whole + whole):
        answer = await send(counter, reference, too_large)
        assert (answer.status_code, rule_of(answer)) == (413, "file_too_large")
    body, told = a_form(whole + whole, kind="invoice")

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    headers = {**counter.pass_of(HANDLER), "Content-Type": told}
    answer = await counter.http.post(f"/api/v1/claims/{reference}/documents", content=in_pieces(), headers=headers)
    assert answer.status_code == 413, "nobody has said how much it is"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"kind": "invoice"}', "application/json", 415),
        (b"kind=invoice", "application/x-www-form-urlencoded", 415),
        (A_PDF, "application/pdf", 415),
        (A_PDF, "multipart/form-data", 422),
        (A_PDF, "multipart/form-data; boundary=frontier", 422),
        (b"", "multipart/form-data; boundary=frontier", 422),
        (a_form(A_PDF, kind="invoice")[0][:-30], "multipart/form-data; boundary=frontier", 422),
        (a_form(A_PDF, kind="invoice")[0] * 2, "multipart/form-data; boundary=other", 422),
        (a_form(A_PDF, **{f"f{n}": "x" for n in range(9)})[0], "multipart/form-data; boundary=frontier", 422),
    ],
)
async def test_only_a_form_with_one_file_comes_in(
    counter: Counter, reference: str, body: bytes, kind: str, status: int
) -> None:
    answer = await counter.send(HANDLER, f"/claims/{reference}/documents", body, kind)
    assert answer.status_code == status, answer.text


async def test_no_other_site_sends_a_document(counter: Counter, reference: str) -> None:
    answer = await send(counter, reference, A_PDF, Sec_Fetch_Site="cross-site")
    assert (answer.status_code, rule_of(answer)) == (403, "cross_site")


async def test_what_nobody_controls_takes_no_documents(counter: Counter) -> None:
    answer = await send(counter, filed(counter, controlled=False), A_PDF)
    assert (answer.status_code, rule_of(answer)) == (409, "wrong_step")


async def test_no_word_of_a_document_stands_in_its_command_but_its_name_and_hash(
    counter: Counter, reference: str
) -> None:
    answer = await send(counter, reference, A_PDF)
    with counter.house.sessions() as session:
        row = session.scalars(select(CommandRow).where(CommandRow.id == answer.json()["id"])).one()
        assert set(row.body) == {"kind", "name", "sha256"}
