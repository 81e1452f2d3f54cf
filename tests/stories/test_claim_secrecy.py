"""Nothing about people reaches the engine with a claim or a payment: no name, no account, no act, nobody's words."""

from pathlib import Path

from sqlalchemy import select, update
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from bank.stand_in import Answer, receive, write
from db.models import JournalLine, Member
from db.queries.calendar import calendar
from local.engine import start_engine
from local.sink import Sink
from tests.factories.bodies import some_documents
from tests.factories.payments import FIRST, SECOND
from tests.factories.reference import an_iban
from tests.factories.uploads import A_PDF
from tests.servers import require
from tests.stories.acts import completes, kinds_before, state_of
from tests.stories.claim_acts import adds_document, confirms, decides, enters_claim, insured, sends_claim_back
from tests.stories.house import StoryHouse, open_house
from tests.stories.payment_acts import builds, hands_over, reads
from tests.stories.scan import Text, accounts, found, found_in_bytes, personal
from tests.stories.test_claim import DENTAL, EXPERT, HANDLER, OTHER_EXPERT
from tests.stories.test_claim_payment import a_second_expert, changes_iban
from tests.stories.test_secrecy import ADDRESS, EMAIL, NAME, NUMBER, PEOPLE, everything_listed, plain, until
from tests.workflows.workshop import own_namespace

ACT = "OSTEOPLASTIE-ZYGOMATIQUE"
NOTE = "Radiographie panoramique floue, merci de la refaire."
FILE = "radiographie-strzelecki.pdf"
SENT_BACK = "Recomptez les couronnes provisoires."
CUT = "Votre forfait implantologie est consommé."
REFUSED = "Implantologie exclue par votre garantie Horizon."
BANK_SAYS = "Titulaire injoignable rue des Hortensias"
OLD, NEW = an_iban(42), an_iban(4_242)
ACCOUNTS = accounts(OLD, NEW)
WORDS = personal(
    *(NAME, EMAIL, *ADDRESS, NUMBER, ACT, NOTE, FILE, SENT_BACK, CUT, REFUSED, BANK_SAYS, "IMPLANT-POSTERIEUR")
) - personal("courriel-perso", "merci", "votre")
EVERYTHING_PERSONAL = WORDS | personal(*PEOPLE) | ACCOUNTS


async def a_story_of_money(house: StoryHouse) -> None:
    """A claim by every detour: a document, a decision sent back, a batch, a rejection, another account, a refusal."""
    insured(house, 42)
    await a_second_expert(house)
    later = iter([f"451 4.3.0 {plain(NAME)} <{EMAIL}>: later"])
    house.sink.on_data = lambda mail: next(later, None) if EMAIL in mail.rcpt_tos else None
    with house.house.sessions.begin() as session:
        session.execute(update(Member).where(Member.number == NUMBER).values(name=NAME, email=EMAIL, address=ADDRESS))
    reference = (await enters_claim(house, HANDLER, **DENTAL | {"act": ACT, "iban": OLD}))["reference"]
    await completes(house, EXPERT, reference, "control", some_documents("quote", note=NOTE))
    assert (await adds_document(house, HANDLER, reference, A_PDF, FILE, "quote")).status_code == 200
    cut = {"decision": "pay_corrected", "amount_cents": 700_000, "reason": CUT}
    await decides(house, EXPERT, reference, **cut)
    await sends_claim_back(house, OTHER_EXPERT, reference, SENT_BACK)
    await decides(house, EXPERT, reference, **cut)
    assert await confirms(house, OTHER_EXPERT, reference) == "payable"
    await is_rejected(house)
    await changes_iban(house, iban=NEW)
    await house.relay()
    assert await kinds_before(house, EXPERT, reference) == ["control"]
    await decides(house, EXPERT, reference, decision="refuse", reason=REFUSED)
    assert await confirms(house, OTHER_EXPERT, reference) == "refused"
    await until(lambda: has_left(house, reference))


async def is_rejected(house: StoryHouse) -> None:
    """It is paid with a batch, and the bank rejects it in words of its own."""
    with house.house.sessions() as session:
        day = calendar(session).next_working_day(house.house.today())
    batch = (await builds(house, executes_on=day.isoformat()))["reference"]
    await house.relay()
    received = receive(await hands_over(house, batch, FIRST, SECOND))
    lines = dict.fromkeys(received.orders, ("RJCT", "AC04"))
    report = write(received, Answer("BANK-1", house.house.now(), "PART", lines=lines))
    told = report.replace(b"<Cd>AC04</Cd></Rsn>", f"<Cd>AC04</Cd></Rsn><AddtlInf>{BANK_SAYS}</AddtlInf>".encode())
    assert (await reads(house, batch, told)).status_code == 200
    await house.relay()


async def has_left(house: StoryHouse, reference: str) -> bool:
    """Whether the claim has ended, and its last letter has left."""
    lines = (await house.get(HANDLER, f"/cases/{reference}/letters"))[-1]
    return lines["handed_over_at"] is not None and await state_of(house, HANDLER, reference) == "refused"


async def test_nothing_about_a_claim_or_its_payment_reaches_the_engine(
    insurer: str, sink: Sink, tmp_path: Path
) -> None:
    require("engine")
    engine = start_engine(tmp_path / "temporal.db", log=tmp_path / "engine.log")
    try:
        client = await own_namespace(engine.address)
        environment = WorkflowEnvironment.from_client(client)
        async with open_house(environment, insurer, sink, tmp_path, failing=[Exception]) as house:
            await a_story_of_money(house)
            the_journal_tells_no_words(house)
            texts = await everything_listed(client, workflows=3)
            assert found(texts, EVERYTHING_PERSONAL) == []
            the_scan_has_read_what_matters(texts)
    finally:
        engine.stop()
    nothing_personal_is_in_its_file(tmp_path)


def nothing_personal_is_in_its_file(folder: Path) -> None:
    """The engine's own file, byte for byte."""
    files = {file.name: file.read_bytes() for file in folder.glob("temporal.db*")}
    assert any(b"hand_over_bank_file" in content for content in files.values())
    for name, content in files.items():
        assert found_in_bytes(content, EVERYTHING_PERSONAL, name) == []


def the_journal_tells_no_words(house: StoryHouse) -> None:
    """What people wrote lies in it sealed; accounts do not lie in it at all."""
    with house.house.sessions() as session:
        lines = session.execute(select(JournalLine.facts, JournalLine.private)).all()
    said = b"".join(str(line.facts).encode() + (line.private or b"") for line in lines)
    assert any(line.private for line in lines)
    assert found_in_bytes(said, WORDS | ACCOUNTS, "journal") == []


def the_scan_has_read_what_matters(texts: list[Text]) -> None:
    """It would find nothing either if it read nothing: these stand there."""
    decrypted = " ".join(text.words for text in texts if "decrypted" in text.where)
    wanted = ("in_control", "awaiting_documents", "claim_refused", "handed_over", "record_bank_handover", "reopen")
    assert [one for one in wanted if one not in decrypted] == []
    assert "the mail server did not take the letter" in decrypted, "no failure was read"


async def test_an_account_is_found_however_it_is_written(engine: str) -> None:
    client = await own_namespace(engine)
    for number, told in enumerate((OLD, " ".join(OLD[n : n + 4] for n in range(0, len(OLD), 4)), OLD[14:])):
        await plants(client, str(number), told)
    texts = await everything_listed(client, workflows=3)
    seen = {finding.word for finding in found(texts, ACCOUNTS)}
    assert {OLD.casefold(), OLD[14:].casefold()} < seen
    assert found(texts, accounts(an_iban(7))) == []


async def plants(client: Client, name: str, words: str) -> None:
    """Somebody writes this into a workflow's position."""
    await client.start_workflow("claim", id=name, task_queue="nobody-listens", arg={"about": words})
