"""Audits before a browser: planned, delivered to, graded domain by domain, written, validated, ruled on, agreed on."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.pages.fields import said_in
from api.pages.typed import Typed
from db.models import Draft
from domain.audit import commands as asks
from domain.audit.commands import OUTCOMES
from domain.audit.words import AuditTask
from domain.commands import CommandRef
from domain.risk import RiskLevel
from tests.api.pages.audits_office import Office, open_office
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.db.audit.stages import Stages
from tests.factories.audits import (
    AUDITOR,
    CONTROL,
    DIRECTOR,
    LAUNCH_AT,
    OTHER_AUDITOR,
    PLANNED_AT,
    USER,
    all_accepted,
    applied,
)
from tests.factories.uploads import A_PDF

GRADES = ("conformity", "up_to_date", "relevance", "presentation")


@pytest.fixture
async def office(postgres: str, ask: Ask, stages: Stages) -> AsyncIterator[Office]:
    """The morning on which audits are planned."""
    async with open_office(ask, stages) as opened:
        yield opened


async def test_whoever_plans_sees_the_conflict_and_what_each_piece_is_checked_for(office: Office) -> None:
    async with browser_of(office.counter, AUDITOR) as browser:
        first = await browser.open("/audits/new")
        form = await browser.open("/audits/new?delegate=ARMOR")
    assert 'href="/audits/new?delegate=LEON"' in first.text
    told = text_of(form)
    assert "Armor Gestion est aussi le courtier de ces contrats" in told
    assert "Signée par les deux parties, en vigueur" in told
    assert form.text.count('name="pieces"') == 38
    assert 'value="2027-01-25T10:00"' in form.text


async def test_what_is_wrong_with_a_plan_is_said_and_nothing_typed_is_lost(office: Office) -> None:
    said = {"delegate": "ARMOR", "contracts": "COL-2019-014", "themes": "benefits", "pieces": "benefits-procedure"}
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        await browser.open("/audits/new?delegate=ARMOR")
        sunday = await browser.send("/audits/new", **said, launch_at="2027-01-24T10:00", place="Salle Iroise", key="a")
        planned = await browser.send("/audits/new", **said, launch_at="2027-01-25T10:00", place="Salle Iroise", key="b")
        again = await browser.send("/audits/new", **said, launch_at="2027-01-25T10:00", place="Salle Iroise", key="b")
        twice = await browser.send("/audits/new", **said, launch_at="2027-02-01T10:00", place="Salle Iroise", key="c")
    assert (sunday.status_code, "is no working day" in text_of(sunday)) == (422, True)
    assert 'value="Salle Iroise"' in sunday.text
    assert (planned.status_code, str(planned.url.path)) == (200, "/audits/AUD-2027-000001")
    assert "conflict of interest" in text_of(planned)
    assert again.url.path == planned.url.path
    assert (twice.status_code, "A delegate is audited once a year." in text_of(twice)) == (409, True)


async def test_the_late_ones_come_first_with_what_has_come_of_each(office: Office) -> None:
    late = office.reference(office.at("launched"))
    office.desk.at = PLANNED_AT
    soon = office.reference(
        office.desk.plan(delegate="LEON", contracts=["COL-2020-007"], launch_at="2027-06-01T10:00:00+02:00")
    )
    office.counter.clock.at = LAUNCH_AT + timedelta(weeks=7)
    async with browser_of(office.counter, CONTROL) as browser:
        told = await browser.open("/audits")
        of_one = await browser.open("/audits?delegate=LEON&year=2027&state=planned")
        delegates = text_of(await browser.open("/delegates"))
        board = await browser.open("/board/audits")
    assert told.text.index(late) < told.text.index(soon)
    assert "0/5" in text_of(told)
    assert late not in of_one.text
    assert soon in of_one.text
    assert "Armor Gestion ARMOR aussi courtier" in delegates
    assert "remise des pièces audit" in text_of(board)


async def test_the_page_tells_where_it_stands_what_came_and_why_not_the_rest(office: Office) -> None:
    place = office.place(office.at("analysing"))
    async with browser_of(office.counter, CONTROL) as browser:
        told = await browser.open(place)
        invitation = await browser.open(f"{place}/meetings/launch.ics")
    words = text_of(told)
    assert "pièces en analyse" in words
    assert "Pas vous" in words
    assert "1 manquante" in words
    assert "remis" in words
    assert invitation.headers["content-type"].startswith("text/calendar")


async def test_a_file_is_delivered_for_the_delegate_and_one_that_is_none_is_refused(office: Office) -> None:
    place = office.place(office.at("launched"))
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open(f"{place}/pieces/tariff-table/add-file")
        none = await browser.send(f"{place}/pieces/tariff-table/add-file")
        program = await browser.send_file(f"{place}/pieces/tariff-table/add-file", "bareme.exe", b"MZ")
        kept = await browser.send_file(
            f"{place}/pieces/tariff-table/add-file", "bareme.pdf", b"%PDF-1.7\n%%EOF", key="a"
        )
    assert (none.status_code, "Choisissez le fichier de la pièce." in text_of(none)) == (422, True)
    assert program.status_code == 422
    assert kept.status_code == 200
    assert [body["piece"] for body in office.kept("deliver_piece") if isinstance(body, dict)] == ["tariff-table"]


async def test_the_same_file_again_is_said_to_have_been_there(office: Office) -> None:
    case_id = office.at("launched")
    place = f"{office.place(case_id)}/pieces/tariff-table/add-file"
    applied(office.desk.deliver(case_id, "tariff-table", A_PDF))
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open(place)
        await browser.send_file(place, "bareme.pdf", A_PDF, key="a")
        [(command_id,)] = office.desk.sql(
            "SELECT id FROM commands WHERE kind = 'deliver_piece' AND status = 'received'"
        )
        applied(office.desk.settle(CommandRef(command_id, case_id, "deliver_piece")))
        told = await browser.send_file(place, "bareme.pdf", A_PDF, key="a")
    assert "C’était déjà là : rien n’a changé." in text_of(told)


async def test_nothing_is_delivered_after_the_end_and_the_remedy_is_said(office: Office) -> None:
    place = office.place(office.at("analysing"))
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        await browser.open(place)
        late = await browser.send_file(f"{place}/pieces/tariff-table/add-file", "a.pdf", b"%PDF-1.7\n%%EOF", key="a")
    assert late.status_code == 409
    assert "Deliver it as evidence of that finding" in text_of(late)


async def test_a_whole_domain_is_graded_in_one_form_and_half_a_grade_comes_back_as_typed(office: Office) -> None:
    place = office.place(office.at("analysing"))
    whole = {f"tariff-table.{criterion}": "3" for criterion in GRADES}
    async with browser_of(office.counter, AUDITOR) as browser:
        grid = await browser.open(f"{place}/analysis")
        graded = await browser.send(f"{place}/analysis/contributions", key="a", **whole)
        half = await browser.send(
            f"{place}/analysis/benefits",
            key="b",
            **{"benefits-procedure.conformity": "2", "benefits-procedure.comment": "Reste à voir."},
        )
    assert grid.text.count("<select") == 4 * 4, "four pieces came, four criteria each"
    assert graded.status_code == 200
    assert [body["piece"] for body in office.kept("note_analysis") if isinstance(body, dict)] == ["tariff-table"]
    assert half.status_code == 422
    assert "Reste à voir." in half.text
    assert 'id="benefits-procedure.relevance-wrong"' in half.text


async def test_only_what_was_graded_anew_is_sent(office: Office) -> None:
    place = office.place(office.at("reporting"))
    async with browser_of(office.counter, AUDITOR) as browser:
        grid = await browser.open(f"{place}/analysis")
        chosen = re.findall(r'<select id="([^"]+)".*?<option value="([^"]*)" selected', grid.text, re.DOTALL)
        fields = {name: value for name, value in chosen if name.startswith("benefits-procedure")}
        same = await browser.send(f"{place}/analysis/benefits", key="a", **fields)
    assert len(fields) == 4
    assert same.status_code == 200
    assert office.kept("note_analysis") == []


async def test_a_recommendation_without_its_day_comes_back_with_its_words(office: Office) -> None:
    place = office.place(office.at("reporting"))
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open(f"{place}/writing")
        wrong = await browser.send(f"{place}/recommendations", key="a", words="Séparer les tâches.", risk="high")
        changed = await browser.send(
            f"{place}/recommendations/1", key="b", words="Autrement.", risk="high", expected_on=""
        )
    assert wrong.status_code == 422
    assert "Séparer les tâches." in wrong.text
    assert changed.status_code == 422
    assert "<details open" in changed.text


async def test_a_report_is_submitted_by_the_hash_of_what_was_read(office: Office) -> None:
    case_id = office.at("reporting")
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        unmade = await browser.open(office.task(case_id))
        sha256 = office.desk.make_report(case_id)
        made = await browser.open(office.task(case_id))
        unread = await browser.send(office.task(case_id), outcome="submit", key="a")
    assert "Make the report" in text_of(unmade)
    assert 'name="report_sha256"' not in unmade.text
    assert f'value="{sha256}"' in made.text
    assert (unread.status_code, "This is needed." in text_of(unread)) == (422, True)


async def test_a_validator_sees_figures_risks_the_hash_and_what_changed_since_it_was_sent_back(office: Office) -> None:
    case_id = office.at("validating", RiskLevel.HIGH, RiskLevel.LOW)
    read = office.desk.newest_hash(case_id)
    back = asks.SendBack(report_sha256=read, reason="Qui valide ?")
    applied(office.desk.do(case_id, OTHER_AUDITOR, back, AuditTask.VALIDATE_REPORT))
    changed = asks.ChangeRecommendation.model_validate(
        {"number": 2, "risk": "major", "words": "Rapprocher chaque semaine le compte.", "expected_on": "2027-07-30"}
    )
    applied(office.desk.case(case_id, AUDITOR, "change_recommendation", changed))
    again = asks.Submit(report_sha256=office.desk.make_report(case_id))
    applied(office.desk.do(case_id, AUDITOR, again, AuditTask.WRITE_REPORT))
    async with browser_of(office.counter, OTHER_AUDITOR) as browser:
        told = await browser.open(office.task(case_id))
    assert "Qui valide ?" in text_of(told)
    assert "<ins>" in told.text
    assert office.desk.newest_hash(case_id) in told.text
    assert "1 majeur 1 élevé" in text_of(told)
    assert "Au total" in text_of(told)


async def test_each_disputed_recommendation_is_ruled_on_beside_its_argument(office: Office) -> None:
    case_id = office.at("restituting", RiskLevel.HIGH, RiskLevel.LOW)
    replies = [
        asks.Answer.model_validate({"number": 1, "reply": "dispute", "argument": "Ce contrôle existe."}),
        asks.Answer.model_validate({"number": 2, "reply": "accept"}),
    ]
    applied(office.desk.do(case_id, USER, asks.AnswerFindings(answers=replies), AuditTask.ANSWER_FINDINGS))
    async with browser_of(office.counter, CONTROL, "en") as browser:
        told = await browser.open(office.task(case_id))
        line = {"rulings.0.number": "1", "rulings.0.ruling": "maintain"}
        lowered = {"rulings.0.number": "1", "rulings.0.ruling": "lower", "rulings.0.reason": "Moins grave."}
        to_nothing = await browser.send(office.task(case_id), outcome="arbitrate", key="b", **lowered)
        unreasoned = await browser.send(office.task(case_id), outcome="arbitrate", key="a", **line)
    assert "Ce contrôle existe." in text_of(told)
    assert told.text.count('name="rulings.0.ruling"') == 3
    assert 'name="rulings.1.ruling"' not in told.text
    assert unreasoned.status_code == 422
    assert 'id="rulings.0.reason-wrong"' in unreasoned.text
    [select] = re.findall(r'<select[^>]*name="rulings.0.risk".*?</select>', told.text, re.DOTALL)
    assert re.findall(r'value="([a-z_]+)"', select) == ["medium", "low", "very_low"], "less than high"
    assert "Value error" not in text_of(to_nothing)
    assert "Give the risk where the recommendation is lowered" in text_of(to_nothing)


async def test_the_days_are_proposed_with_their_reason_and_those_left_alone_follow_the_meeting(office: Office) -> None:
    case_id = office.at("restituting", RiskLevel.MAJOR)
    applied(office.desk.do(case_id, USER, all_accepted(office.desk, case_id), AuditTask.ANSWER_FINDINGS))
    async with browser_of(office.counter, AUDITOR) as browser:
        told = await browser.open(office.task(case_id))
    assert "Avancée au délai du risque" in text_of(told)
    assert "Pièce manquante" in text_of(told)
    fields = dict(re.findall(r'name="(schedule\.\d\.[a-z_]+)" value="([^"]+)"', told.text))
    left = said_in(asks.AgreeSchedule, Typed({name: [value] for name, value in fields.items()}))
    assert left == {}, "days that nobody changed are not sent: they follow the rule"
    moved = fields | {"schedule.0.due_on": "2027-12-01"}
    sent = said_in(asks.AgreeSchedule, Typed({name: [value] for name, value in moved.items()}))
    assert sent == {"schedule": [{"number": 1, "due_on": "2027-12-01"}]}


async def test_the_day_that_the_delegate_proposed_stands_beside_the_one_to_agree_on(office: Office) -> None:
    case_id = office.at("restituting", RiskLevel.MEDIUM)
    day = office.counter.house.today() + timedelta(days=20)
    replies = [asks.Answer.model_validate({"number": 1, "reply": "accept", "proposed_on": day.isoformat()})]
    applied(office.desk.do(case_id, USER, asks.AnswerFindings(answers=replies), AuditTask.ANSWER_FINDINGS))
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        told = text_of(await browser.open(office.task(case_id)))
    assert re.search(rf"proposed: \w+ {day.day} ", told), told


async def test_the_journal_names_what_was_done_in_the_reader_s_language(office: Office) -> None:
    case_id = office.at("restituting", RiskLevel.MEDIUM)
    async with browser_of(office.counter, AUDITOR) as browser:
        told = text_of(await browser.open(office.place(case_id)))
    assert "finir l’analyse" in told
    assert not re.search("hold launch|end analysis", told)


async def test_days_later_than_their_risk_allows_are_approved_knowing_by_how_much(office: Office) -> None:
    case_id = office.at("restituting", RiskLevel.MAJOR)
    applied(office.desk.do(case_id, USER, all_accepted(office.desk, case_id), AuditTask.ANSWER_FINDINGS))
    today = office.counter.house.today()
    late = {
        "held_on": today.isoformat(),
        "schedule": [{"number": 1, "due_on": (today + timedelta(days=40)).isoformat()}],
    }
    applied(office.desk.do(case_id, AUDITOR, asks.AgreeSchedule.model_validate(late), AuditTask.AGREE_SCHEDULE))
    async with browser_of(office.counter, DIRECTOR, "en") as browser:
        told = text_of(await browser.open(office.task(case_id)))
    assert "One day is later than its risk allows" in told
    assert "10 days later than allowed" in told


async def test_the_follow_up_lists_what_is_open_and_a_cancelled_audit_says_what_becomes_of_it(office: Office) -> None:
    case_id = office.at("restituting")
    applied(office.desk.do(case_id, USER, all_accepted(office.desk, case_id), AuditTask.ANSWER_FINDINGS))
    held = asks.AgreeSchedule(held_on=office.counter.house.today(), schedule=[])
    applied(office.desk.do(case_id, AUDITOR, held, AuditTask.AGREE_SCHEDULE))
    async with browser_of(office.counter, AUDITOR, "en") as browser:
        told = await browser.open(office.task(case_id))
        shown = text_of(await browser.open(office.place(case_id)))
    async with browser_of(office.counter, DIRECTOR, "en") as browser:
        cancel = text_of(await browser.open(f"{office.place(case_id)}/cancel"))
        delegates = text_of(await browser.open("/delegates"))
    assert len(set(re.findall(r"CST-\d{4}-\d{6}", told.text))) == 2
    assert "Findings 2/2" in shown
    assert "What becomes of its 2 open findings" in cancel
    assert re.search(r"Armor Gestion .* 2 none", delegates)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_task_of_the_insurer_has_its_page(office: Office, language: str) -> None:
    seen = set()
    for state, login in (
        ("planned", AUDITOR),
        ("analysing", AUDITOR),
        ("reporting", AUDITOR),
        ("validating", OTHER_AUDITOR),
    ):
        case_id = office.at(state)
        async with browser_of(office.counter, login, language) as browser:
            told = await browser.open(office.task(case_id))
            assert told.status_code == 200, text_of(told)[:300]
        seen.add(state)
        applied(office.desk.case(case_id, DIRECTOR, "cancel", asks.Cancel(reason="Essai.")))
    assert len(seen) == 4
    assert set(AuditTask) == set(OUTCOMES)


async def test_a_pole_manager_is_shown_no_audits(office: Office) -> None:
    async with browser_of(office.counter, "anne.le.goff") as browser:
        refused = await browser.open("/audits")
        board = await browser.open("/board")
    assert refused.status_code == 403
    assert 'href="/board/audits"' not in board.text


async def test_what_is_typed_into_a_task_is_there_again(office: Office) -> None:
    case_id = office.at("planned")
    task = office.task(case_id)
    async with browser_of(office.counter, AUDITOR) as browser:
        await browser.open(task)
        await browser.send("/drafts", form=f"{task}?do=hold_launch", minutes="Présents : trois personnes.", key="x")
        again = await browser.open(task)
    assert "Présents : trois personnes." in again.text
    with office.counter.house.sessions() as session:
        assert len(session.scalars(select(Draft)).all()) == 1
