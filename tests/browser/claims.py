"""Claims at every step for whoever visits their pages, and what people do on these pages, one act each."""

import re
from datetime import timedelta

import typst

from db.models import GuaranteeLine
from domain.claim.words import CareCategory
from tests.browser.acts import FRONT_DESK
from tests.browser.person import Given, Person
from tests.factories.insured import PROVIDERS, Insured
from tests.factories.reference import an_iban
from tests.stories.claim_acts import adds_document, asks_documents, decides, enters_claim, insured
from tests.stories.house import StoryHouse

EXPERT, OTHER_EXPERT = "soizic.le.dantec", "tangi.riou"
HANDLER_WITH_NO_SKILL = "claire.morvan"
_INVOICE = """
#set page(width: 14.8cm, height: 18cm, margin: 1.6cm)
#set text(size: 10pt)
= Facture acquittée
Clinique de la Rade, 12 quai du Port, 29200 Brest
#v(8mm)
#table(columns: (1fr, auto), [Séjour du 3 au 6 février], [6 840,00 €], [Part obligatoire], [720,00 €],
  [*Reste à charge*], [*6 120,00 €*])
"""
Scenery = dict[str, str]


def an_invoice(form: str = "pdf") -> bytes:
    """An invented invoice, as a PDF or a picture."""
    made = typst.compile(_INVOICE.encode(), format=form, ppi=100)  # type: ignore[call-overload]
    return bytes(made[0] if isinstance(made, list) else made)


def insure_all(story: StoryHouse) -> dict[str, Insured]:
    """One member for each claim of these tests; a line of the guarantee for the hospital."""
    numbers = {"controlled": 410, "double": 411, "confirming": 412, "awaiting": 413, "refused": 414, "cleared": 415}
    found = dict(zip(numbers, insured(story, *numbers.values()), strict=True))
    with story.house.sessions.begin() as session:
        for category, act, cents in (("hospital", "SEJOUR", 640_000), ("optical", "LUNETTES", 42_000)):
            session.merge(GuaranteeLine(guarantee="CONFORT", category=category, act=act, ceiling_cents=cents))
    return found


async def set_up_claims(story: StoryHouse) -> Scenery:
    """Claims at every step, and the tasks on them."""
    people = insure_all(story)

    async def enters(name: str, category: CareCategory, act: str, cents: int) -> str:
        who = people[name]
        of_member = {"member_number": who.member, "beneficiary_number": who.member, "contract_number": who.contract}
        care = {"category": category, "act": act, "provider_number": PROVIDERS[category]}
        told = await enters_claim(story, FRONT_DESK, **of_member, **care, amount_cents=cents, iban=who.iban)
        return str(told["reference"])

    found = {
        "controlled": await enters("controlled", CareCategory.HOSPITAL, "SEJOUR", 612_000),
        "confirming": await enters("confirming", CareCategory.HOSPITAL, "SEJOUR", 731_550),
        "awaiting": await enters("awaiting", CareCategory.OPTICAL, "LUNETTES", 118_000),
        "refused": await enters("refused", CareCategory.OPTICAL, "LUNETTES", 124_000),
        "cleared": await enters("cleared", CareCategory.ROUTINE, "CONSULTATION", 3_500),
        "first": await enters("double", CareCategory.DENTAL, "COURONNE", 48_000),
        "double": await enters("double", CareCategory.DENTAL, "COURONNE", 48_200),
    }
    await _brought_on(story, found)
    for name, login in (("controlled", EXPERT), ("double", EXPERT), ("confirming", OTHER_EXPERT)):
        found[f"{name}.task"] = (await story.inbox(login, found[name]))[0]["id"]
    return {f"claim.{name}": value for name, value in found.items()}


async def _brought_on(story: StoryHouse, found: Scenery) -> None:
    """Documents come, decisions are taken, a document is asked for."""
    for name in ("controlled", "confirming"):
        await adds_document(story, FRONT_DESK, found[name], an_invoice(), "facture.pdf", "invoice")
        await adds_document(story, FRONT_DESK, found[name], an_invoice("png"), "bulletin.png", "admission_form")
    corrected = {"decision": "pay_corrected", "amount_cents": 640_000, "reason": "Le plafond de votre garantie."}
    await decides(story, EXPERT, found["confirming"], **corrected)
    await asks_documents(story, EXPERT, found["awaiting"], "prescription")
    await decides(story, EXPERT, found["refused"], decision="refuse", reason="Le renouvellement est trop proche.")


def a_stay(story: StoryHouse, who: Insured) -> Given:
    """What somebody types into the form of a new claim: a stay at a hospital of 6,120 €."""
    today = story.house.today()
    return {
        "member_number": who.member,
        "category": "hospital",
        "kind": "reimbursement",
        "act": "SEJOUR",
        "care_on": (today - timedelta(days=9)).isoformat(),
        "provider_number": PROVIDERS[CareCategory.HOSPITAL],
        "amount_cents": "6 120,00",
        "iban": who.iban,
        "received_on": today.isoformat(),
        "pole": "benefits",
    }


async def sees_claim(person: Person) -> str:
    """They are on the page of a claim; its reference."""
    found = re.fullmatch(r"/claims/(PRE-\d{4}-\d+)", person.path)
    assert found, await person.reads()
    return found[1]


async def goes_through(person: Person, answers: Given) -> Given:
    """What they answer to a checklist that is in order, and what they decide."""
    names = await person.page.locator("input[name^='checklist.']").evaluate_all("all => all.map(one => one.name)")
    return dict.fromkeys(dict.fromkeys(names), "ok") | dict(answers)


def another_account() -> str:
    """An account that no member of these tests has."""
    return an_iban(9_999)
