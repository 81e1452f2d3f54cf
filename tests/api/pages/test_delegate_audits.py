"""A delegate's audit before a browser: pieces delivered in place, the report, the answer to each recommendation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from domain.commands import CommandRef
from domain.risk import RiskLevel
from tests.api.counter import Counter, open_counter
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.factories.audits import HEAD, SOME_PIECES, STRANGER, USER, Auditing, an_audit_at, applied, open_auditing
from tests.factories.uploads import A_CSV, A_PDF
from tests.servers import INSURER, fresh_database

PIECE = SOME_PIECES[0]


@dataclass
class Audited:
    """The API and an auditors' desk before one register, without an engine."""

    counter: Counter
    desk: Auditing
    launched: UUID
    answering: UUID

    def space(self, case_id: UUID) -> str:
        """Where its delegate sees it."""
        [(reference,)] = self.desk.sql("SELECT reference FROM cases WHERE id = :id", id=case_id)
        return f"/delegate/audits/{reference}"

    def kept(self, case_id: UUID) -> list[tuple[str, dict[str, object]]]:
        """What was asked on pages, and nobody has decided yet."""
        wanted = "SELECT kind, body FROM commands WHERE case_id = :id AND status = 'received' ORDER BY \"order\""
        return [(kind, body) for kind, body in self.desk.sql(wanted, id=case_id)]


@pytest.fixture(scope="module")
async def audited(postgres: str, ask: Ask) -> AsyncIterator[Audited]:
    """Armor's audit of 2027 waits for its answers, Léon's for its pieces."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            with open_auditing(url) as desk:
                risks = (RiskLevel.MEDIUM, RiskLevel.HIGH)
                answering = an_audit_at(desk, "restituting", risks)
                at = desk.at
                launched = an_audit_at(desk, "launched", delegate="LEON", contracts=["COL-2020-007"])
                desk.at = counter.clock.at = at
                yield Audited(counter, desk, launched, answering)


def key() -> str:
    """One that no form has had."""
    return str(uuid4())


async def test_the_pieces_are_listed_by_domain_with_what_each_is_looked_at_for(audited: Audited) -> None:
    space = audited.space(audited.launched)
    async with browser_of(audited.counter, STRANGER) as browser:
        home = text_of(await browser.open("/delegate"))
        told = text_of(await browser.open(space))
        other = await browser.open(audited.space(audited.answering))
    assert "Remettre les pièces de l’audit" in home
    assert "pièces pour le lun. 1er mars 2027" in home
    assert "5 pièces sont encore attendues." in told
    assert told.index("Adhésions") < told.index("Cotisations") < told.index("Prestations")
    assert "Ce qui y est vérifié :" in told
    assert "Une liste de personnes : seulement celles du contrat audité, COL-2020-007." in told
    assert other.status_code == 404


async def test_files_are_delivered_in_place_and_a_wrong_one_is_explained_beside_its_piece(audited: Audited) -> None:
    space = audited.space(audited.launched)
    place = f"{space}/pieces/{PIECE}"
    async with browser_of(audited.counter, STRANGER) as browser:
        await browser.open(space)
        cut = await browser.send_file(place, "convention.pdf", A_PDF[:30], key=key())
        other = await browser.send_file(place, "convention.exe", b"MZ" + bytes(40), key=key())
        sent = await browser.send_file(place, "convention.pdf", A_PDF, key=key())
        more = await browser.send_file(place, "suivi.csv", A_CSV, key=key())
        led = await browser.open(place)
        no_such = await browser.send_file(f"{space}/pieces/no-such-piece", "a.pdf", A_PDF, key=key())
    assert (cut.status_code, "il manque sa fin" in text_of(cut)) == (422, True)
    assert f'id="{PIECE}" open' in cut.text
    assert (other.status_code, "Un fichier est un PDF" in text_of(other)) == (422, True)
    assert str(sent.url.path) == str(more.url.path) == str(led.url.path) == space
    assert no_such.status_code in {404, 422}
    names = [body["name"] for kind, body in audited.kept(audited.launched) if kind == "deliver_piece"]
    assert names == ["convention.pdf", "suivi.csv"]


async def test_each_recommendation_is_accepted_or_disputed_and_a_dispute_has_its_argument(audited: Audited) -> None:
    space = audited.space(audited.answering)
    task = f"/delegate/tasks/{audited.desk.task(audited.answering, 'answer_findings').id}"
    first = {"answers.0.number": "1", "answers.0.reply": "accept", "answers.0.proposed_on": "2027-06-01"}
    second = {"answers.1.number": "2", "answers.1.reply": "dispute", "answers.1.argument": ""}
    async with browser_of(audited.counter, HEAD) as browser:
        page = await browser.open(space)
        begun = second | {"answers.1.argument": "Fait en mai"}
        await browser.send("/drafts", form=f"{task}?do=answer", **first, **begun)
        again = await browser.open(space)
        lacking = await browser.send(task, outcome="answer", **first, **second, key=key())
        sent = await browser.send(
            task, outcome="answer", **first, **second | {"answers.1.argument": "Fait en mai."}, key=key()
        )
    assert f'action="{task}?do=answer"' in page.text
    assert "Une équipe stable et formée." in text_of(page)
    assert "Fait en mai</textarea>" in again.text
    assert (lacking.status_code, "Recommandation 2" in text_of(lacking)) == (422, True)
    assert 'value="2027-06-01"' in lacking.text
    assert sent.url.path == space
    [(kind, body)] = audited.kept(audited.answering)
    assert kind == "answer"
    assert [
        {name: value for name, value in one.items() if value is not None}
        for one in body["answers"]  # type: ignore[attr-defined]
    ] == [
        {"number": 1, "reply": "accept", "proposed_on": "2027-06-01"},
        {"number": 2, "reply": "dispute", "argument": "Fait en mai."},
    ]


async def test_the_report_is_read_as_it_was_validated(audited: Audited) -> None:
    space = audited.space(audited.answering)
    async with browser_of(audited.counter, USER, "en") as browser:
        kept = await browser.open(f"{space}/report.pdf")
        told = text_of(await browser.open(space))
    async with browser_of(audited.counter, STRANGER) as browser:
        others = await browser.open(f"{space}/report.pdf")
        not_yet = await browser.open(f"{audited.space(audited.launched)}/report.xlsx")
    assert (kept.status_code, kept.headers["content-type"]) == (200, "application/pdf")
    assert "What we do well" in told
    assert (others.status_code, not_yet.status_code) == (404, 404)


async def test_the_same_file_again_is_said_to_have_been_there_and_another_to_have_come(audited: Audited) -> None:
    place, case_id = f"{audited.space(audited.launched)}/pieces/{SOME_PIECES[1]}", audited.launched
    newest = 'SELECT id FROM commands WHERE case_id = :id ORDER BY "order" DESC LIMIT 1'
    told = []
    async with browser_of(audited.counter, STRANGER) as browser:
        await browser.open(audited.space(case_id))
        for key_of_form in (key(), key()):
            await browser.send_file(place, "suivi.csv", A_CSV, key=key_of_form)
            [(command_id,)] = audited.desk.sql(newest, id=case_id)
            applied(audited.desk.settle(CommandRef(command_id, case_id, "deliver_piece")))
            told.append(text_of(await browser.send_file(place, "suivi.csv", A_CSV, key=key_of_form)))
    assert "Le fichier est remis." in told[0]
    assert "C’était déjà là : rien n’a changé." in told[1]
