"""Findings at every step, and an audit whose pieces are awaited, for whoever visits their pages."""

from datetime import timedelta

from tests.factories.uploads import A_PDF
from tests.stories import audit_acts
from tests.stories.finding_acts import (
    AUDITOR,
    BASTIEN,
    CONTROL,
    ENORA,
    GENERAL,
    OPERATIONS,
    STRANGER,
    asks,
    delivers,
    opens,
    proposes,
    refuses,
    says,
)
from tests.stories.house import StoryHouse, settles

Scenery = dict[str, str]


async def set_up_findings(story: StoryHouse) -> Scenery:
    """What the placeholders of their places stand for."""
    found = {f"finding.{name}": reference for name, reference in (await _at_every_step(story)).items()}
    for name, login, kind in (
        ("proposed", AUDITOR, "accept_plan"),
        ("verifying", AUDITOR, "verify"),
        ("confirming", CONTROL, "confirm_remediation"),
        ("postponed", OPERATIONS, "decide_postponement"),
        ("accepted", GENERAL, "accept_risk"),
    ):
        tasks = [one for one in await story.inbox(login, found[f"finding.{name}"]) if one["kind"] == kind]
        found[f"finding.{name}.task"] = tasks[0]["id"]
    return found | {"audit.launched": await _an_audit(story)}


async def _at_every_step(story: StoryHouse) -> dict[str, str]:
    later = (story.house.today() + timedelta(days=120)).isoformat()
    proposed = await opens(story, subject="Délais de réponse", risk="low")
    await proposes(story, ENORA, proposed)
    planned = await _planned(story, "Pièces justificatives")
    postponed, accepted = await _planned(story, "Piste d’audit"), await _planned(story, "Contrat en fin de vie")
    assert (await asks(story, ENORA, postponed, "postponement", later)).status_code == 200
    assert (await asks(story, AUDITOR, accepted, "risk-acceptance", later)).status_code == 200
    await says(story, OPERATIONS, accepted, "accept_risk", "approve")
    verifying, confirming, refused = [await _verifying(story, name) for name in ("Compte", "Radiations", "Indus")]
    await says(story, AUDITOR, confirming, "verify", "verified")
    await refuses(story, AUDITOR, refused, "verify")
    return {
        "proposed": proposed,
        "planned": planned,
        "postponed": postponed,
        "accepted": accepted,
        "verifying": verifying,
        "confirming": confirming,
        "refused": refused,
    }


async def _planned(story: StoryHouse, subject: str) -> str:
    reference = await opens(story, subject=subject)
    await proposes(story, ENORA, reference)
    await says(story, AUDITOR, reference, "accept_plan", "accept")
    return reference


async def _verifying(story: StoryHouse, subject: str) -> str:
    reference = await _planned(story, subject)
    await delivers(story, BASTIEN, reference, A_PDF.replace(b"1 0 obj", subject.encode()))
    return reference


async def _an_audit(story: StoryHouse) -> str:
    launch_at = story.house.now() + timedelta(hours=1)
    reference = str(
        (await audit_acts.plans(story, launch_at, delegate="LEON", contracts=["COL-2020-007"]))["reference"]
    )

    async def waits() -> bool:
        return bool(await story.inbox(AUDITOR, reference))

    await settles(waits, True)
    held_on = story.house.today().isoformat()
    await audit_acts.completes(story, AUDITOR, reference, "hold_launch_meeting", outcome="hold_launch", held_on=held_on)
    await audit_acts.delivers(story, reference, "tariff-table", A_PDF, STRANGER)
    return reference
