"""Nothing about people reaches the engine: what it keeps of a whole story is searched for every personal word."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import select
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from db.commands.command import Ask, receive
from db.models import Case, JournalLine, LetterRow
from db.queries.people import staff_on
from local.demo_staff import STAFF, person_id
from local.engine import start_engine
from local.sink import Sink
from tests.servers import require
from tests.stories import acts
from tests.stories.house import StoryHouse, open_house
from tests.stories.scan import Finding, Text, found, found_in_bytes, personal, stored
from tests.workflows.workshop import own_namespace

OWNER, REFERENT, MANAGER = "claire.morvan", "gwenola.prigent", "anne.le.goff"
PATIENCE = 60.0

NAME = "Mme Philippine Quélennec-Strzelecki"
EMAIL = "philippine.quelennec@courriel-perso.example"
CORRECTED = "p.quelennec@autre-courriel.example"
ADDRESS = ["Lieu-dit Kervéguenn", "17 venelle des Hortensias", "29970 Trémévenec"]
NUMBER = "M0000042"
SUBJECT = "Prothèse auditive refusée sans motif"
TEXT = "Depuis février votre gestionnaire me raccroche au nez. Téléphone : 06 12 34 56 78. Diabétique, j'attends."
FACTS = "L'audioprothésiste avait transmis l'ordonnance le 3 février."
CAUSE = "Ordonnance classée dans un autre dossier"
ANSWER = {
    "asked": "Vous contestez le rejet de votre prothèse auditive.",
    "found": "Votre ordonnance avait été classée ailleurs.",
    "decision": "Nous prenons en charge votre prothèse.",
    "reasons": "Votre garantie Horizon la couvre entièrement.",
    "next_steps": "Le virement vous parviendra vendredi.",
}
AMENDED = "Le virement vous parviendra jeudi matin."
SENT_BACK = "Présentez des excuses à madame pour l'attente."
REQUALIFIED = "Madame voulait seulement connaître ses garanties."
CALL = "Voici un renseignement sur ma cotisation, s'il vous plaît."
PAYMENT = "VIR-PHILIPPINE-7"
PEOPLE = [one for person in STAFF for one in (person.name, person.login)]
EVERYTHING_PERSONAL = personal(
    *(NAME, EMAIL, CORRECTED, *ADDRESS, NUMBER, "06 12 34 56 78", SUBJECT, TEXT, FACTS, CAUSE),
    *(*ANSWER.values(), AMENDED, SENT_BACK, REQUALIFIED, CALL, *PEOPLE, PAYMENT),
)
"""The words of the story, and everybody who works in the house."""
WORDS = EVERYTHING_PERSONAL - personal("courriel-perso", *PEOPLE)
"""Without who works in the house, whom the journal names; it also writes `person:` before an id."""


async def a_story_with_every_incident(house: StoryHouse) -> None:
    """Three complaints: one up to the payment, by every detour; one requalified; one with a command of ours that is
    broken.
    """
    later = iter([f"451 4.3.0 {plain(NAME)} <{EMAIL}>: later"])
    house.sink.on_data = lambda mail: next(later, f"550 5.1.1 <{EMAIL}> unknown") if EMAIL in mail.rcpt_tos else None
    who = {"member_number": NUMBER, "name": NAME, "email": EMAIL, "address": ADDRESS}
    arrived = {"complainant": who, "subject": SUBJECT, "text": TEXT, "skills": ["english"]}
    reference = await acts.enters(house, "malo.quere", **arrived)
    await acts.acknowledges(house, OWNER, reference, "email")
    await acts.analyses(house, OWNER, reference, facts=FACTS, cause=CAUSE)
    await acts.drafts(house, OWNER, reference, **ANSWER)
    await acts.approves(house, REFERENT, reference)
    await acts.sends_back(house, MANAGER, reference, SENT_BACK)
    await acts.drafts(house, OWNER, reference, **ANSWER)
    await acts.amends(house, REFERENT, reference, **{**ANSWER, "next_steps": AMENDED, "compensation_cents": 100})
    await acts.approves(house, MANAGER, reference)
    paid = {"outcome": "paid", "payment_reference": PAYMENT}
    await acts.completes(house, "solene.guivarch", reference, "pay_compensation", paid)
    await a_requalified_one(house, await acts.enters(house, "malo.quere", **arrived | {"subject": CALL, "text": CALL}))
    await a_broken_command(house, await acts.enters(house, "malo.quere", **arrived))
    for _ in range(2):
        await until(lambda: asks_to_repair(house, reference))
        again = {"outcome": "resend", "dispatch": "email", "email": CORRECTED}
        await acts.completes(house, OWNER, reference, "repair_delivery", again)
    await until(lambda: stands_at(house, reference, "closed"))


async def a_requalified_one(house: StoryHouse, reference: str) -> None:
    said = {"requalified_as": "information_request", "reason": REQUALIFIED}
    to = {"to": "yann.kerloch", "reason": "conflict_of_interest"}
    assert (await house.as_(MANAGER, "POST", f"/cases/{reference}/reassign", to)).status_code == 200
    assert (await house.as_("malo.quere", "POST", f"/cases/{reference}/requalify", said)).status_code == 403
    assert (await house.as_(MANAGER, "POST", f"/cases/{reference}/requalify", said)).status_code == 200


async def a_broken_command(house: StoryHouse, reference: str) -> None:
    """A body that nobody understands any more, with somebody's words in it: the engine keeps its failure."""
    with house.house.sessions.begin() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        actor = staff_on(session, house.house.today()).actor(person_id(OWNER))
        receive(session, case.id, Ask("acknowledge", {"dispatch": TEXT}, "broken"), actor, house.house.now())
    await house.relay()
    waiting = (await house.get(OWNER, f"/cases/{reference}/state"))["waiting"]
    assert [command["attempts"] for command in waiting] == [1]


async def asks_to_repair(house: StoryHouse, reference: str) -> bool:
    return "repair_delivery" in await acts.kinds_before(house, OWNER, reference)


async def stands_at(house: StoryHouse, reference: str, state: str) -> bool:
    return await acts.state_of(house, OWNER, reference) == state


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    give_up_at = monotonic() + PATIENCE
    while not await happened():
        assert monotonic() < give_up_at, "it does not happen"
        await asyncio.sleep(0.1)


def plain(words: str) -> str:
    """Without accents, as SMTP replies are."""
    return normalize("NFD", words).encode("ascii", "ignore").decode()


async def test_nothing_about_people_reaches_the_engine(insurer: str, sink: Sink, tmp_path: Path) -> None:
    require("engine")
    engine = start_engine(tmp_path / "temporal.db", log=tmp_path / "engine.log")
    try:
        client = await own_namespace(engine.address)
        environment = WorkflowEnvironment.from_client(client)
        async with open_house(environment, insurer, sink, tmp_path, failing=[Exception]) as house:
            await a_story_with_every_incident(house)
            no_letter_s_words_lie_in_the_register(house)
            texts = await everything_listed(client, workflows=4)
            assert found(texts, EVERYTHING_PERSONAL) == []
            the_scan_has_read_what_matters(texts)
    finally:
        engine.stop()
    nothing_personal_is_in_its_file(tmp_path)


def no_letter_s_words_lie_in_the_register(house: StoryHouse) -> None:
    """Neither those of letters and e-mails, nor those of the journal: whoever copies these tables reads nothing."""
    with house.house.sessions() as session:
        letters = session.execute(select(LetterRow.pdf, LetterRow.message).where(LetterRow.pdf.is_not(None))).all()
        lines = session.execute(select(JournalLine.facts, JournalLine.private)).all()
    assert len(letters) >= 2
    assert any(line.private for line in lines)
    kept = b"".join(part for letter in letters for part in letter if part)
    assert b"%PDF" not in kept
    assert b"Message-ID" not in kept
    assert found_in_bytes(kept, EVERYTHING_PERSONAL, "letters") == []
    said = b"".join(json.dumps(line.facts).encode() + (line.private or b"") for line in lines)
    assert found_in_bytes(said, WORDS, "journal") == []


def nothing_personal_is_in_its_file(folder: Path) -> None:
    files = {file.name: file.read_bytes() for file in folder.glob("temporal.db*")}
    assert any(b"produce_letter" in content for content in files.values())
    for name, content in files.items():
        assert found_in_bytes(content, EVERYTHING_PERSONAL, name) == []


async def everything_listed(client: Client, workflows: int) -> list[Text]:
    """What the engine keeps, once its list is complete: it is late by design."""

    async def complete() -> bool:
        return len([one async for one in client.list_workflows()]) == workflows

    await until(complete)
    return await stored(client)


def the_scan_has_read_what_matters(texts: list[Text]) -> None:
    """It would find nothing either if it read nothing: these stand there, each in another kind of place."""
    decrypted = [text.words for text in texts if "decrypted" in text.where]
    told = {text.words for text in texts}
    assert {"decide", "produce_letter", "hand_over_letter", "commit"} <= told | set(" ".join(decrypted).split('"'))
    assert any("record_handover" in words for words in decrypted)
    assert any("the mail server did not take the letter" in words for words in decrypted), "no failure was read"
    assert any("the command could not be decided" in words for words in decrypted), "no failed update was read"
    assert any('"validate"' in words or "answer_founded" in words for words in decrypted)
    assert any(text.where.endswith("workflow_id") for text in texts)


# A planted name turns the scan red, wherever it is planted.

PLANTED = personal(NAME)


async def plant(client: Client, **where: Any) -> None:
    await client.start_workflow(
        where.pop("workflow", "complaint"), id=where.pop("id", "planted"), task_queue="nobody-listens", **where
    )


async def in_the_reason_of_an_end(client: Client) -> None:
    await plant(client)
    await client.get_workflow_handle("planted").terminate(f"{NAME} called")


async def in_a_signal(client: Client) -> None:
    await plant(client)
    await client.get_workflow_handle("planted").signal("told", {"name": NAME})


PLACES: dict[str, Callable[[Client], Awaitable[None]]] = {
    "the workflow's id": lambda client: plant(client, id=f"complaint-{NAME}"),
    "its type": lambda client: plant(client, workflow=NAME),
    "its position": lambda client: plant(client, arg={"recipient": NAME}),
    "a word of its position": lambda client: plant(client, arg=["…", {"x": "dear strzelecki"}]),
    "its memo": lambda client: plant(client, memo={"recipient": NAME}),
    "a memo's key": lambda client: plant(client, memo={NAME: 1}),
    "its summary": lambda client: plant(client, static_summary=NAME),
    "its details": lambda client: plant(client, static_details=f"**{NAME}**"),
    "escaped JSON": lambda client: plant(client, arg=json.dumps({"name": "Mme Quélennec-Strzelecki"})),
    "the reason of an end": in_the_reason_of_an_end,
    "a signal": in_a_signal,
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_planted_name_is_found(engine: str, place: str) -> None:
    client = await own_namespace(engine)
    await PLACES[place](client)
    texts = await everything_listed(client, workflows=1)
    assert found(texts, PLANTED) != []
    assert found(texts, personal("Mme Personne d’Autre")) == []


def test_a_planted_name_is_found_in_a_file() -> None:
    content = b"\x00\xff\xc3" + NAME.upper().encode() + b"\xe9\x00"
    assert Finding("temporal.db", NAME.casefold()) in found_in_bytes(content, PLANTED, "temporal.db")
