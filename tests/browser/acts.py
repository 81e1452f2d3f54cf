"""What people do on pages, one act each; who does it comes first, as in a sentence."""

import asyncio
import re
from time import monotonic

from tests.browser.person import Given, Person
from tests.stories.house import StoryHouse

FRONT_DESK, OWNER, REFERENT, MANAGER = "malo.quere", "claire.morvan", "gwenola.prigent", "anne.le.goff"
ACCOUNTANT = "solene.guivarch"
ADMINISTRATOR = "alexis.cozic"
COMPLAINT: Given = {
    "channel": "letter",
    "complainant.member_number": "M0000042",
    "subject": "Remboursement de lunettes en attente",
    "text": "J’attends depuis six semaines le remboursement de mes lunettes.\n\nJ’ai appelé deux fois.",
    "pole": "benefits",
    "skills": ["english"],  # that is Mme Morvan's alone
}
ANALYSIS: Given = {
    "category": "business",
    "finding": "founded",
    "theme": "reimbursement_delay",
    "cause": "Dossier resté sans suite après la demande de pièce",
    "facts": "Le devis a été reçu le 2 février et n’a pas été traité.",
}
ANSWER: Given = {
    "asked": "Vous demandez le remboursement de vos lunettes.",
    "found": "Votre dossier est resté sans suite pendant six semaines.",
    "decision": "Nous vous remboursons sans délai.",
    "reasons": "Le retard est de notre fait.",
    "next_steps": "Le virement part cette semaine.",
    "apology": "apologies",
    "compensation_cents": "45,50",
    "dispatch": "email",
}


async def enters(person: Person, **changes: str) -> str:
    """They enter a complaint; its reference."""
    await person.goes_to("/complaints/new")
    await person.sends(person.page.locator("form.paper"), {**COMPLAINT, **changes})
    found = re.fullmatch(r"/complaints/(REC-\d{4}-\d+)", person.path)
    assert found, await person.reads()
    return found[1]


async def opens_task(person: Person, reference: str) -> None:
    """They open a complaint, and from it what they are asked to do."""
    await person.goes_to(f"/complaints/{reference}")
    link = person.page.locator("nav.row a.button.main")
    assert await link.count(), await person.reads()
    await person.presses(link.first)
    assert person.path.startswith("/tasks/")


async def does(person: Person, reference: str, outcome: str, given: Given | None = None) -> None:
    """They do what they are asked, with this outcome; then they see the complaint again."""
    await opens_task(person, reference)
    await person.sends(person.form(outcome), given or {})
    assert person.path == f"/complaints/{reference}", await person.reads()


async def writes_to_the_validators(person: Person, reference: str) -> None:
    """The owner acknowledges, looks into it, and writes the answer."""
    await does(person, reference, "acknowledge", {"dispatch": "recorded_call"})
    await does(person, reference, "analyse", ANALYSIS)
    await does(person, reference, "draft", ANSWER)


async def letter_to(story: StoryHouse, reference: str, kind: str = "answer") -> str:
    """The words of the letter that has left about a complaint, once it is there, with plain spaces."""
    give_up_at = monotonic() + 15
    while True:
        for mail in story.sink.mailbox.mails():
            if any(one.name.startswith(f"{reference}-{kind}") for one in mail.attachments):
                return " ".join(mail.text.split())
        assert monotonic() < give_up_at, "no letter has left"
        await asyncio.sleep(0.05)
