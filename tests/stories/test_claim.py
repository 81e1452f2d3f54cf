"""Claims as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.claim.words import CareCategory
from local.sink import Sink
from tests.api.contract import rule_of
from tests.factories.bodies import a_confirmation
from tests.factories.insured import PROVIDERS
from tests.factories.uploads import A_JPEG, A_PDF
from tests.stories.acts import deadlines_of, journal_of, kinds_before, letters_of, state_of
from tests.stories.claim_acts import (
    adds_document,
    asks_documents,
    claim_of,
    confirms,
    decides,
    enters_claim,
    insured,
    read_by,
    sends_claim_back,
)
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")
HANDLER, REFERENT, MANAGER, ADMINISTRATOR = "claire.morvan", "gwenola.prigent", "anne.le.goff", "alexis.cozic"
EXPERT, OTHER_EXPERT = "soizic.le.dantec", "tangi.riou"
DENTAL: dict[str, Any] = {
    "category": "dental",
    "act": "IMPLANT",
    "provider_number": PROVIDERS[CareCategory.DENTAL],
    "amount_cents": 740_000,
}
REASON = "Le plafond annuel de la garantie est de 6 900 €."
TELLING = {
    *("ClaimRegistered", "DecisionTaken", "DecisionApproved", "DecisionSentBack", "ClaimDecided", "StateReached"),
    *("DocumentsAsked", "DocumentAdded", "MemberReminded", "ClaimAbandoned", "LetterHandedOver"),
}
NAMES = {
    "Mme Claire Morvan": "the handler",
    "Mme Soizic Le Dantec": "the expert",
    "M. Tangi Riou": "the other expert",
    "Mme Gwenola Prigent": "the referent",
    None: "the system",
}


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2031 in Paris. March has no holiday; 3 March is a Monday."""
    return datetime(2031, month, day, hour, minute, tzinfo=PARIS)


async def test_a_dental_claim_of_7400_euros_goes_through_two_experts_to_payable(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March, 9:00. The house has two experts in dental care from today on. A handler enters 7,400 €.
        insured(house, 42)
        skills = {"skills": ["optical", "dental", "hospital"]}
        assert (await house.as_(ADMINISTRATOR, "PATCH", f"/people/{OTHER_EXPERT}", skills)).status_code == 200
        entered = await enters_claim(house, HANDLER, **DENTAL)
        reference = entered["reference"]
        assert reference.startswith("PRE-2031-")
        assert ([one["reason"] for one in entered["reasons"]], entered["links"]) == (["threshold"], 2)
        assert {one["result"] for one in entered["checks"]} == {"pass"}
        assert (await deadlines_of(house, HANDLER, reference))["decision"]["due_on"] == "2031-03-10"

        # It lies before the experts, by what it is and its amount; not before whoever entered it, nor any manager.
        for login, kinds in {EXPERT: ["control"], OTHER_EXPERT: ["control"], HANDLER: [], MANAGER: []}.items():
            assert await kinds_before(house, login, reference) == kinds
        [task] = await house.inbox(EXPERT, reference)
        assert (task["subject"], task["what"]) == (
            "dentaire · 7\u202f400,00\u00a0€",
            "Contrôler la demande de prestation",
        )

        # Tuesday 4 March. The first expert goes through the checklist; an item that is left out is no whole control.
        await house.sleep_until(at(4, 10))
        incomplete = {"outcome": "decide", "decision": "pay", "checklist": []}
        refused = await house.complete(EXPERT, reference, "control", **incomplete)
        assert (refused.status_code, refused.json()["field"]) == (422, "checklist")
        corrected = {"decision": "pay_corrected", "amount_cents": 700_000, "reason": REASON}
        assert await decides(house, EXPERT, reference, **corrected) == "confirming"
        assert await kinds_before(house, EXPERT, reference) == []
        assert await kinds_before(house, OTHER_EXPERT, reference) == ["confirm"]
        first_hash = await read_by(house, OTHER_EXPERT, reference)

        # Wednesday 5 March. The second one sends it back; whoever sent it back does not decide it.
        await house.sleep_until(at(5, 10))
        assert await sends_claim_back(house, OTHER_EXPERT, reference, "Le plafond est de 6 900 €.") == "in_control"
        assert await kinds_before(house, OTHER_EXPERT, reference) == []
        again = corrected | {"amount_cents": 690_000}
        assert await decides(house, EXPERT, reference, **again) == "confirming"
        stale = await house.complete(OTHER_EXPERT, reference, "confirm", **a_confirmation(first_hash))
        assert (stale.status_code, rule_of(stale)) == (409, "stale_version")
        assert (await claim_of(house, HANDLER, reference))["payable_cents"] is None, "one of two is not enough"

        # Thursday 6 March. They confirm the version that they have read: it is payable, in time.
        await house.sleep_until(at(6, 10))
        assert await confirms(house, OTHER_EXPERT, reference) == "payable"
        claim = await claim_of(house, HANDLER, reference)
        assert (claim["payable_cents"], claim["amount_cents"]) == (690_000, 740_000)
        counting, former = claim["decisions"]
        assert [one["person"] for one in counting["approvals"]] == ["Mme Soizic Le Dantec", "M. Tangi Riou"]
        assert (former["sent_back_by"], former["sent_back_reason"]) == ("M. Tangi Riou", "Le plafond est de 6 900 €.")
        assert (await deadlines_of(house, HANDLER, reference))["decision"]["met_at"] is not None
        listed = await house.get(HANDLER, "/claims?state=payable")
        assert [line["reference"] for line in listed["claims"]] == [reference]

        # The journal tells the story.
        assert told_by(await journal_of(house, HANDLER, reference)) == [
            ("ClaimRegistered", "the handler"),
            ("in_control", "the handler"),
            ("DecisionTaken", "the expert"),
            ("DecisionApproved", "the expert"),
            ("confirming", "the expert"),
            ("DecisionSentBack", "the other expert"),
            ("in_control", "the other expert"),
            ("DecisionTaken", "the expert"),
            ("DecisionApproved", "the expert"),
            ("confirming", "the expert"),
            ("DecisionApproved", "the other expert"),
            ("ClaimDecided", "the other expert"),
            ("payable", "the other expert"),
        ]


@pytest.mark.proof
async def test_a_member_who_sends_no_documents_is_reminded_twice_and_the_claim_is_closed(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March. 1,500 € for a hearing aid; on Tuesday the referent asks for the prescription.
        insured(house, 42)
        reference = (await enters_claim(house, HANDLER))["reference"]
        await house.sleep_until(at(4, 10))
        note = "L’ordonnance jointe n’est pas lisible."
        assert await asks_documents(house, REFERENT, reference, "prescription", note=note) == "awaiting_documents"
        await house.sleep_until(at(4, 11))
        assert await kinds_of_letters(house, reference) == ["documents_request"]
        deadlines = await deadlines_of(house, HANDLER, reference)
        assert deadlines["decision"]["cancelled_at"] is not None, "its clock stands still"
        assert deadlines["documents"]["due_on"] == "2031-05-03"

        # Friday 14 March, 8:00, ten days after: the first reminder. Monday 24 March: the second. Nobody else is told.
        for day, so_many in ((14, 1), (24, 2)):
            await house.sleep_until(at(day, 7, 59))
            assert len(await kinds_of_letters(house, reference)) == so_many
            await house.sleep_until(at(day, 8, 10))
            reminders = ["documents_reminder"] * so_many
            assert await kinds_of_letters(house, reference) == ["documents_request", *reminders]
        for login in (HANDLER, REFERENT, MANAGER):
            assert await kinds_before(house, login, reference) == []

        # Saturday 3 May, 17:00, sixty days after: it is closed without payment, with notice.
        await house.sleep_until(at(3, 16, 59, month=5))
        assert await state_of(house, HANDLER, reference) == "awaiting_documents"
        await house.sleep_until(at(3, 17, 10, month=5))
        assert await state_of(house, HANDLER, reference) == "abandoned"
        letters = await letters_of(house, HANDLER, reference)
        assert [one["kind"] for one in letters][-1] == "claim_closed"
        assert all(one["handed_over_at"] for one in letters)
        assert len(sink.mailbox.mails()) == 4
        claim = await claim_of(house, HANDLER, reference)
        assert (claim["state"], claim["payable_cents"]) == ("abandoned", None)
        assert [pause["until_at"] is not None for pause in claim["pauses"]] == [True]

        # What arrives after that is too late.
        late = await adds_document(house, HANDLER, reference, A_PDF, "ordonnance.pdf", "prescription")
        assert (late.status_code, rule_of(late)) == (409, "wrong_step")
        assert (await claim_of(house, HANDLER, reference))["documents"] == []
        assert told_by(await journal_of(house, HANDLER, reference)) == [
            ("ClaimRegistered", "the handler"),
            ("in_control", "the handler"),
            ("DocumentsAsked", "the referent"),
            ("awaiting_documents", "the referent"),
            ("LetterHandedOver", "the system"),
            ("MemberReminded", "the system"),
            ("LetterHandedOver", "the system"),
            ("MemberReminded", "the system"),
            ("LetterHandedOver", "the system"),
            ("MemberReminded", "the system"),
            ("ClaimAbandoned", "the system"),
            ("abandoned", "the system"),
            ("LetterHandedOver", "the system"),
        ]


@pytest.mark.proof
async def test_the_last_document_that_was_asked_for_resumes_the_control_where_its_clock_stopped(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        # Monday 3 March, due on Monday 10. On Wednesday, with three days left, two documents are asked for.
        insured(house, 42)
        reference = (await enters_claim(house, HANDLER))["reference"]
        await house.sleep_until(at(5, 10))
        assert await asks_documents(house, REFERENT, reference, "prescription", "receipt") == "awaiting_documents"

        # Friday 14 March, just after the reminder. The first of them changes nothing, nor does its next version.
        await house.sleep_until(at(14, 10))
        for content in (A_JPEG, A_JPEG[:-2] + b"\0\xff\xd9"):
            added = await adds_document(house, HANDLER, reference, content, "ordonnance.jpg", "prescription")
            assert (added.status_code, added.json()["state"]) == (200, "awaiting_documents")
        strange = await adds_document(house, HANDLER, reference, A_JPEG, "preuve.pdf", "receipt")
        assert (strange.status_code, strange.json()["field"]) == (422, "file")

        # Monday 17 March. The second one is there: three working days are left, so that it is due on Thursday 20.
        await house.sleep_until(at(17, 10))
        added = await adds_document(house, HANDLER, reference, A_PDF, "preuve.pdf", "receipt")
        assert (added.status_code, added.json()["state"]) == (200, "in_control")
        claim = await claim_of(house, REFERENT, reference)
        told = [(one["kind"], one["version"], one["media_type"]) for one in claim["documents"]]
        assert told == [
            ("prescription", 1, "image/jpeg"),
            ("prescription", 2, "image/jpeg"),
            ("receipt", 1, "application/pdf"),
        ]
        [goes_on] = [one for one in claim["deadlines"] if one["name"] == "decision" and not one["cancelled_at"]]
        assert (goes_on["generation"], goes_on["due_on"]) == (2, "2031-03-20")
        read = await house.as_(REFERENT, "GET", claim["documents"][2]["link"].removeprefix("/api/v1"))
        assert (read.content, read.headers["content-type"]) == (A_PDF, "application/pdf")
        assert read.headers["content-disposition"].startswith("attachment")
        assert await kinds_before(house, REFERENT, reference) == ["control"]

        # Tuesday 18 March. Something else is lacking; a week later she decides on what is there: a refusal, by letter.
        await house.sleep_until(at(18, 10))
        assert await asks_documents(house, REFERENT, reference, "quote") == "awaiting_documents"
        stranger = await house.as_(OTHER_EXPERT, "POST", f"/claims/{reference}/stop-waiting")
        assert (stranger.status_code, rule_of(stranger)) == (403, "role_missing")
        own = await house.as_(HANDLER, "POST", f"/claims/{reference}/stop-waiting")
        assert (own.status_code, rule_of(own)) == (403, "four_eyes")
        await house.sleep_until(at(25, 10))
        stopped = await house.as_(REFERENT, "POST", f"/claims/{reference}/stop-waiting")
        assert stopped.json()["state"] == "in_control"
        assert await decides(house, REFERENT, reference, decision="refuse", reason="Appareil non garanti.") == "refused"
        await house.sleep(timedelta(minutes=10))
        letters = await letters_of(house, HANDLER, reference)
        assert [(one["kind"], one["handed_over_at"] is not None) for one in letters][-1] == ("claim_refused", True)
        assert await kinds_before(house, REFERENT, reference) == []


async def kinds_of_letters(house: StoryHouse, reference: str) -> list[str]:
    """The letters of the claim so far."""
    return [letter["kind"] for letter in await letters_of(house, HANDLER, reference)]


def told_by(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The lines that tell the story, each with who did it; of a step reached, its name."""
    telling = [line for line in lines if line["event"] in TELLING]
    return [
        (line["facts"]["state"] if line["event"] == "StateReached" else line["event"], NAMES[line["actor"]])
        for line in telling
    ]
