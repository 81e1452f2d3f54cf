"""What people do with a finding in a story, one act each, over HTTP: who does it comes first, as in a sentence."""

from typing import Any

import httpx2

from tests.factories.uploads import A_PDF, a_form
from tests.stories.acts import completes
from tests.stories.house import StoryHouse, space_of

AUDITOR, OTHER_AUDITOR, CONTROL = "gildas.madec", "maiwenn.le.saux", "katell.rolland"
OPERATIONS, GENERAL = "isabelle.kermarrec", "francois.le.bihan"
ENORA, BASTIEN, SABINE = "enora.lagadec", "bastien.cloarec", "sabine.trevidic"
"""Armor's two users, and its director."""
STRANGER = "corentin.falhun"
"""A user of Léon's."""
WHY = "Le contrôle mensuel n’est pas prouvé."


def what_is_found(house: StoryHouse, **changes: Any) -> dict[str, Any]:
    """Something that Armor has to put right, agreed today."""
    return {
        "delegate": "ARMOR",
        "contract": "COL-2019-014",
        "subject": "Contrôle des bordereaux de cotisations",
        "words": "Le contrôle mensuel des bordereaux n’est pas formalisé.",
        "risk": "high",
        "agreed_on": house.house.today().isoformat(),
    } | changes


async def opens(house: StoryHouse, login: str = AUDITOR, **changes: Any) -> str:
    """A finding that came from elsewhere is opened; its reference."""
    answer = await house.as_(login, "POST", "/findings", what_is_found(house, **changes))
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


async def finding_of(house: StoryHouse, reference: str, login: str = AUDITOR) -> dict[str, Any]:
    """Everything on the file."""
    told: dict[str, Any] = await house.get(login, f"/findings/{reference}")
    return told


async def state(house: StoryHouse, reference: str) -> str:
    """Where the finding stands."""
    told: str = (await finding_of(house, reference))["state"]
    return told


async def proposes(house: StoryHouse, login: str, reference: str) -> str:
    """The delegate says what it will do."""
    return await completes(
        house, login, reference, "propose_plan", {"outcome": "propose", "plan": "Formaliser le contrôle mensuel."}
    )


async def says(house: StoryHouse, login: str, reference: str, kind: str, outcome: str) -> str:
    """A task is done with an outcome that needs no words."""
    return await completes(house, login, reference, kind, {"outcome": outcome})


async def refuses(house: StoryHouse, login: str, reference: str, kind: str, outcome: str = "refuse") -> str:
    """No, with the reason."""
    return await completes(house, login, reference, kind, {"outcome": outcome, "reason": WHY})


async def brings(
    house: StoryHouse, login: str, reference: str, content: bytes = A_PDF, name: str = "preuve.pdf"
) -> httpx2.Response:
    """Somebody brings a file."""
    body, kind = a_form(content, name)
    return await house.sends(login, f"{space_of(login)}/findings/{reference}/evidence", body, kind)


async def delivers(house: StoryHouse, login: str, reference: str, content: bytes, name: str = "preuve.pdf") -> str:
    """Somebody brings a file, and delivers the round."""
    answer = await brings(house, login, reference, content, name)
    assert answer.status_code == 200, answer.text
    return await says(house, login, reference, "deliver_evidence", "deliver")


async def asks(house: StoryHouse, login: str, reference: str, what: str, until: str) -> httpx2.Response:
    """Somebody asks for a later date, or that a risk be accepted."""
    own = space_of(login) if what == "postponement" else ""
    path = f"{own}/findings/{reference}/{what}" if own else f"/findings/{reference}/request-{what}"
    return await house.as_(login, "POST", path, {"until": until, "reason": WHY})
