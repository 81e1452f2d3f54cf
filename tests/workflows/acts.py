"""What people do in a workshop, in one line each."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.commands import CommandStatus
from domain.complaint.commands import Amend, Approve, ConfirmPayment, SendBack
from domain.correspondence import Resend
from domain.outgoing import Dispatch
from tests.factories.complaints import (
    ACCOUNTANT,
    AUTHOR,
    MANAGER,
    REFERENT,
    a_draft,
    an_acknowledgement,
    an_analysis,
    what_is_said,
)
from tests.workflows.workshop import Workshop


async def does(shop: Workshop, case_id: UUID, login: str, task_kind: str, body: BaseModel) -> None:
    """The task is done, and the engine knows."""
    assert await shop.do(case_id, login, body, task_kind) is CommandStatus.APPLIED


async def acknowledges(shop: Workshop, case_id: UUID, dispatch: Dispatch = Dispatch.EMAIL) -> None:
    """The owner acknowledges."""
    await does(shop, case_id, AUTHOR, "acknowledge", an_acknowledgement(dispatch))


async def analyses(shop: Workshop, case_id: UUID) -> None:
    """The owner finds it founded."""
    await does(shop, case_id, AUTHOR, "analyse", an_analysis())


async def drafts(shop: Workshop, case_id: UUID, **said: Any) -> None:
    """The owner drafts the answer."""
    await does(shop, case_id, AUTHOR, "draft_answer", a_draft(**said))


async def approves(shop: Workshop, case_id: UUID, *logins: str) -> None:
    """These validators approve, one after the other."""
    for login in logins or (REFERENT, MANAGER):
        await does(shop, case_id, login, "validate", Approve(version_hash=shop.desk.version_hash(case_id)))


async def amends(shop: Workshop, case_id: UUID, login: str, **said: Any) -> None:
    """A validator amends."""
    amended = {"version_hash": shop.desk.version_hash(case_id), **what_is_said(**said)}
    await does(shop, case_id, login, "validate", Amend.model_validate(amended))


async def sends_back(shop: Workshop, case_id: UUID, login: str) -> None:
    """A validator sends the answer back."""
    back = SendBack(version_hash=shop.desk.version_hash(case_id), reason="Les motifs manquent.")
    await does(shop, case_id, login, "validate", back)


async def resends(shop: Workshop, case_id: UUID, **way: Any) -> None:
    """The owner makes a letter leave another way."""
    await does(shop, case_id, AUTHOR, "repair_delivery", Resend.model_validate(way))


async def pays(shop: Workshop, case_id: UUID) -> None:
    """Accounting pays."""
    await does(shop, case_id, ACCOUNTANT, "pay_compensation", ConfirmPayment(payment_reference="VIR-1"))
