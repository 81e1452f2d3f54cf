"""What people and the bank do with a claim in a workshop, in one line each."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from db.commands.claim_document import Document, keep_document
from domain.claim.commands import AddDocument, AskDocuments, Confirm, SendBack
from domain.claim.words import DocumentKind
from domain.commands import CommandStatus
from tests.factories.claim_desk import (
    COLLEAGUE,
    MANAGER,
    REFERENT,
    a_decision,
    current_hash,
    registered,
    the_claim,
)
from tests.factories.uploads import A_PDF
from tests.workflows.acts import does
from tests.workflows.workshop import Workshop


async def enters(shop: Workshop, **changes: Any) -> UUID:
    """A controlled claim arrives, and its workflow has offered its control."""
    command = await asyncio.to_thread(registered, shop.desk, **changes)
    assert await shop.decided(command) is CommandStatus.APPLIED
    return command.case_id


async def decides(shop: Workshop, case_id: UUID, **said: Any) -> None:
    """The first controller decides."""
    await does(shop, case_id, REFERENT, "control", a_decision(shop.desk, **said))


async def confirms(shop: Workshop, case_id: UUID) -> None:
    """The second controller stands for it."""
    await does(shop, case_id, MANAGER, "confirm", Confirm(decision_hash=current_hash(shop.desk, case_id)))


async def sends_back(shop: Workshop, case_id: UUID) -> None:
    """The second controller wants another decision."""
    body = SendBack(decision_hash=current_hash(shop.desk, case_id), reason="Le plafond n’est pas le bon.")
    await does(shop, case_id, MANAGER, "confirm", body)


async def asks_documents(shop: Workshop, case_id: UUID, *kinds: DocumentKind) -> None:
    """The member is asked for these."""
    await does(shop, case_id, REFERENT, "control", AskDocuments(documents=kinds or (DocumentKind.PRESCRIPTION,)))


async def adds(shop: Workshop, case_id: UUID, kind: DocumentKind = DocumentKind.PRESCRIPTION) -> None:
    """A document comes in."""
    body = AddDocument(kind=kind, name="piece.pdf", sha256="0" * 64)
    command = await shop.give(case_id, COLLEAGUE, body, None, "add_document")
    with shop.desk.sessions.begin() as session:
        told = Document(kind, "piece.pdf", "application/pdf", "0" * 64, A_PDF, shop.desk.actor(COLLEAGUE).id)
        keep_document(session, case_id, command.id, told)
    assert await shop.decided(command) is CommandStatus.APPLIED


async def is_instructed(shop: Workshop, case_id: UUID) -> str:
    """It becomes a line of a bank batch; which."""
    line = str(uuid4())
    await shop.by_machine(case_id, "instruct", payment_id=str(uuid4()), instruction_id=line)
    assert the_claim(shop.desk, case_id).state == "instructed"
    return line


async def is_paid(shop: Workshop, case_id: UUID) -> None:
    """It becomes a line of a batch, and the bank pays it."""
    line = await is_instructed(shop, case_id)
    await shop.by_machine(case_id, "record_payment", instruction_id=line)


async def is_rejected(shop: Workshop, case_id: UUID) -> None:
    """It becomes a line of a batch, and the bank rejects it."""
    line = await is_instructed(shop, case_id)
    await shop.by_machine(case_id, "reopen", reason="rejected_by_bank", instruction_id=line, code="AC04")


async def is_withdrawn(shop: Workshop, case_id: UUID) -> None:
    """It becomes a line of a batch that is cancelled: it can be in another."""
    line = await is_instructed(shop, case_id)
    await shop.by_machine(case_id, "withdraw", instruction_id=line, reason="batch_cancelled")
