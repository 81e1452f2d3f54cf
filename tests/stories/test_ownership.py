"""Whose complaint it is: requalified by its owner, reassigned when they are away, never seen by whom it is about.

Source: procedures, section 1 steps 1 and 3
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.stories.acts import (
    acknowledges,
    analyses,
    answers,
    approves,
    deadlines_of,
    drafts,
    enters,
    journal_of,
    kinds_before,
    letters_of,
    state_of,
)
from tests.stories.house import StoryHouse, open_house

PARIS = ZoneInfo("Europe/Paris")
FRONT_DESK, CLAIRE, YANN, MANAGER = "malo.quere", "claire.morvan", "yann.kerloch", "anne.le.goff"
REFERENT, OTHER_MANAGER, ADMINISTRATOR = "gwenola.prigent", "pierre.jaouen", "alexis.cozic"
MONDAY, TUESDAY = datetime(2031, 3, 3, 9, tzinfo=PARIS), datetime(2031, 3, 4, 9, tzinfo=PARIS)


async def test_a_request_is_requalified_by_its_owner_and_stays_searchable(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, MONDAY) as house:
        # Monday. What looked like a complaint asks for a statement of account.
        reference = await enters(house, FRONT_DESK, text="Merci de m’envoyer mon relevé de l’année.")
        requalified = {"requalified_as": "information_request", "reason": "Aucun mécontentement n’est exprimé."}

        # A colleague who is not in charge may not say so; the owner may, once.
        refused = await house.as_(FRONT_DESK, "POST", f"/cases/{reference}/requalify", requalified)
        assert refused.status_code == 403
        said = await house.as_(CLAIRE, "POST", f"/cases/{reference}/requalify", requalified)
        assert (said.status_code, said.json()["state"]) == (200, "requalified")
        again = await house.as_(CLAIRE, "POST", f"/cases/{reference}/requalify", requalified)
        assert again.status_code == 409

        # Nobody has anything left to do, no deadline is open, and it is found among the others with its reason.
        assert await kinds_before(house, CLAIRE, reference) == []
        assert all(one["cancelled_at"] for one in (await deadlines_of(house, CLAIRE, reference)).values())
        found = await house.get(FRONT_DESK, "/complaints?state=requalified")
        assert [line["reference"] for line in found["complaints"]] == [reference]
        complaint = await house.get(FRONT_DESK, f"/complaints/{reference}")
        assert complaint["requalified_as"] == "information_request"
        assert complaint["requalified_reason"] == requalified["reason"]
        events = [(line["event"], line["actor"]) for line in await journal_of(house, CLAIRE, reference)]
        assert ("Requalified", "Mme Claire Morvan") in events
        assert ("CommandRefused", "M. Malo Quéré") in events


@pytest.mark.proof
async def test_a_complaint_whose_owner_falls_ill_goes_to_a_colleague_who_answers_it(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, MONDAY) as house:
        # Monday. Claire owns it and has acknowledged it.
        reference = await enters(house, FRONT_DESK)
        await acknowledges(house, CLAIRE, reference)
        assert await kinds_before(house, YANN, reference) == []

        # Tuesday. She is away for the week: her deputy sees the task; her manager gives him the whole complaint.
        await house.sleep_until(TUESDAY)
        away = {"from_on": "2031-03-04", "back_on": "2031-03-10"}
        assert (await house.as_(ADMINISTRATOR, "POST", f"/people/{CLAIRE}/absences", away)).status_code == 201
        await house.relay()
        assert await kinds_before(house, YANN, reference) == ["analyse"]
        given = {"to": YANN, "reason": "absence"}
        assert (await house.as_(FRONT_DESK, "POST", f"/cases/{reference}/reassign", given)).status_code == 403
        assert (await house.as_(MANAGER, "POST", f"/cases/{reference}/reassign", given)).status_code == 200
        assert (await house.get(YANN, f"/complaints/{reference}"))["owner"] == "M. Yann Kerloch"

        # He carries it on to the answer; back again, Claire has nothing to do on it.
        await analyses(house, YANN, reference)
        await drafts(house, YANN, reference)
        await house.sleep_until(datetime(2031, 3, 10, 10, tzinfo=PARIS))
        assert await kinds_before(house, CLAIRE, reference) == []
        await approves(house, REFERENT, reference)
        assert await approves(house, MANAGER, reference) == "approved"
        await house.sleep_until(datetime(2031, 3, 10, 11, tzinfo=PARIS))
        assert await state_of(house, YANN, reference) == "closed"

        # The trace says from whom, to whom, why, and who decided.
        [moved] = [line for line in await journal_of(house, YANN, reference) if line["event"] == "Reassigned"]
        assert (moved["actor"], moved["facts"]["reason"]) == ("Mme Anne Le Goff", "absence")


@pytest.mark.proof
async def test_nobody_owns_sees_or_decides_a_complaint_about_themselves(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, MONDAY) as house:
        # Monday. Two complaints, about Claire and about the manager of her pole; neither is Claire's own to handle.
        about_claire = await enters(house, FRONT_DESK, about=CLAIRE)
        about_manager = await enters(house, FRONT_DESK, about=MANAGER)
        assert (await house.get(FRONT_DESK, f"/complaints/{about_claire}"))["owner"] == "M. Yann Kerloch"
        await check_hidden(house, CLAIRE, about_claire)
        await check_hidden(house, MANAGER, about_manager)

        # Yann is away: Claire stands in for him, but not on this one.
        own = await enters(house, FRONT_DESK, complainant={"member_number": "M0000043"})
        await house.as_(MANAGER, "POST", f"/cases/{own}/reassign", {"to": YANN, "reason": "conflict_of_interest"})
        away = {"from_on": "2031-03-03", "back_on": "2031-03-04"}
        assert (await house.as_(ADMINISTRATOR, "POST", f"/people/{YANN}/absences", away)).status_code == 201
        await house.relay()
        assert await kinds_before(house, CLAIRE, own) == ["acknowledge"]
        assert await kinds_before(house, MANAGER, about_claire) == ["acknowledge"]
        await check_hidden(house, CLAIRE, about_claire)

        # It cannot be given to her, either.
        given = {"to": CLAIRE, "reason": "absence"}
        refused = await house.as_(MANAGER, "POST", f"/cases/{about_claire}/reassign", given)
        assert (refused.status_code, refused.json()["field"]) == (422, "to")

        # Tuesday. The answer on the manager is approved by others: she is not asked, and not told.
        await house.sleep_until(TUESDAY)
        owner = CLAIRE if await kinds_before(house, CLAIRE, about_manager) else YANN
        await answers(house, owner, about_manager, REFERENT)
        await check_hidden(house, MANAGER, about_manager)
        assert await kinds_before(house, OTHER_MANAGER, about_manager) == ["validate"]
        assert await approves(house, OTHER_MANAGER, about_manager) == "approved"
        await check_hidden(house, MANAGER, about_manager)


async def check_hidden(house: StoryHouse, login: str, reference: str) -> None:
    """For this person the case is not there: in no list, under no address, and no command reaches it."""
    assert await house.inbox(login, reference) == []
    assert reference not in str(await house.get(login, "/tasks?whose=pole"))
    assert reference not in str(await house.get(login, "/complaints"))
    for path in ("/complaints/{}", "/cases/{}/state", "/cases/{}/deadlines", "/cases/{}/journal", "/cases/{}/letters"):
        assert (await house.as_(login, "GET", path.format(reference))).status_code == 404
    for letter in await letters_of(house, FRONT_DESK, reference):
        assert (await house.as_(login, "GET", f"/letters/{letter['id']}.pdf")).status_code == 404
    given = {"to": YANN, "reason": "conflict_of_interest"}
    absent = await house.as_(login, "POST", "/cases/REC-2031-999999/reassign", given)
    hidden = await house.as_(login, "POST", f"/cases/{reference}/reassign", given)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json()["detail"].replace(reference, "…") == absent.json()["detail"].replace("REC-2031-999999", "…")
