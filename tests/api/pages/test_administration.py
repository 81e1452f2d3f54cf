"""The administration in a browser: hire, first sign-in, change, leave; absences; the house; nonsense."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import AdministrationLine, Draft, StaffMember
from domain.people import person_hat
from domain.policy.told import told
from tests.api.counter import NOON, Counter
from tests.api.pages.browser import Browser, browser_of, text_of
from tests.factories.rows import a_case_row, a_task_row
from tests.factories.rules import the_book

ADMINISTRATOR, CONTROL, MANAGER, CLAIRE = "alexis.cozic", "katell.rolland", "anne.le.goff", "claire.morvan"
LONG = "quatre mots au hasard"
PEOPLE, NEW = "/administration/people", "/administration/people/new"
SECRET = re.compile(r'<code class="secret"[^>]*>([^<]+)</code>')


@pytest.fixture
async def alexis(counter: Counter) -> AsyncIterator[Browser]:
    """The administrator before a browser."""
    async with browser_of(counter, ADMINISTRATOR) as browser:
        yield browser


def somebody_new(**changes: Any) -> dict[str, Any]:
    """What the form of somebody new sends, each time another."""
    return {
        "login": f"maelle.{uuid4().hex}",
        "name": "Mme Maëlle Corlay",
        "title": "Gestionnaire prestations",
        "email": "maelle.corlay@mutuelle-des-embruns.example",
        "phone": "02 61 91 00 60",
        "roles": ["handler"],
        "pole": "benefits",
    } | changes


async def hire(browser: Browser, **changes: Any) -> tuple[str, str]:
    """Login and provisional password of somebody who has been hired."""
    fields = somebody_new(**changes)
    answer = await browser.send(NEW, **fields)
    assert answer.status_code == 200, text_of(answer)
    return fields["login"], SECRET.findall(answer.text)[0]


async def test_whoever_is_hired_must_choose_a_password_and_then_works(counter: Counter, alexis: Browser) -> None:
    login, password = await hire(alexis)
    async with browser_of(counter) as maelle:
        first = await maelle.sign_in(login, password)
        assert first.request.url.path == "/account"
        assert "Votre mot de passe est provisoire" in text_of(first)
        for path in ("/", "/inbox", "/complaints", NEW):
            assert (await maelle.open(path)).request.url.path == "/account"
        short = await maelle.send("/account/password", old=password, new="court")
        assert short.status_code == 422
        wrong = await maelle.send("/account/password", old="not this one", new=LONG)
        assert (wrong.status_code, "L’ancien mot de passe est faux." in text_of(wrong)) == (403, True)
        assert LONG not in wrong.text
        chosen = await maelle.send("/account/password", old=password, new=LONG)
        assert "Votre mot de passe est changé." in text_of(chosen)
        assert (await maelle.open("/inbox")).request.url.path == "/inbox"
    async with browser_of(counter) as maelle:
        assert (await maelle.sign_in(login, password)).status_code == 401
        assert (await maelle.sign_in(login, LONG)).request.url.path == "/inbox"


async def test_a_delegate_s_person_is_hired_for_it_and_offered_to_nobody_of_the_insurer(
    counter: Counter, alexis: Browser
) -> None:
    form = await alexis.open(NEW)
    assert "Armor Gestion" in text_of(form)
    assert "Aucun : il travaille pour la mutuelle" in text_of(form)
    assert 'value="enora.lagadec"' not in form.text
    login, _ = await hire(alexis, roles=["delegate_user"], pole="", delegate="ARMOR", name="Mme Gwen Audren")
    shown = await alexis.open(f"{PEOPLE}/{login}")
    assert "Armor Gestion" in text_of(shown)
    deputies = shown.text.partition('name="deputy"')[2].partition("</select>")[0]
    assert 'value="enora.lagadec"' in deputies
    assert 'value="claire.morvan"' not in deputies
    assert 'value="corentin.falhun"' not in deputies
    for page in (f"{PEOPLE}/{CLAIRE}", "/administration/absences"):
        assert "Audren" not in text_of(await alexis.open(page))
    wrong = await alexis.send(NEW, **somebody_new(delegate="ARMOR"))
    assert (wrong.status_code, "aucun rôle de la mutuelle" in text_of(wrong)) == (422, True)


async def test_a_provisional_password_keeps_no_draft_and_forgets_none(counter: Counter, alexis: Browser) -> None:
    login, password = await hire(alexis)
    async with browser_of(counter) as maelle:
        await maelle.sign_in(login, password)
        for path in ("/drafts", "/drafts/forget"):
            kept_out = await maelle.send(path, form="/complaints/new", subject="Retard")
            assert kept_out.request.url.path == "/account"
    with counter.house.sessions() as session:
        whose = select(StaffMember.login).join(Draft, Draft.person_id == StaffMember.id)
        assert login not in session.scalars(whose).all()


async def test_a_provisional_password_is_in_no_address_cookie_header_or_log_and_is_told_once(
    counter: Counter, alexis: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    fields = somebody_new() | {"key": str(uuid4())}
    first = await alexis.send(NEW, **fields)
    password = SECRET.findall(first.text)[0]
    assert first.headers["cache-control"] == "no-store"
    again = await alexis.send(NEW, **fields)
    assert password not in again.text
    assert "Le mot de passe a déjà été montré" in text_of(again)
    other = await alexis.send(f"{PEOPLE}/{fields['login']}/password")
    another = SECRET.findall(other.text)[0]
    for page in (f"{PEOPLE}/{fields['login']}", "/administration/log", NEW):
        shown = (await alexis.open(page)).text
        assert password not in shown
        assert another not in shown
    written = "".join(capfd.readouterr()) + "".join(alexis.seen)
    assert password not in written
    assert another not in written
    with counter.house.sessions() as session:
        kept = [str(changes) for changes in session.scalars(select(AdministrationLine.changes))]
    assert not [line for line in kept if password in line]


async def test_passwords_are_not_kept_while_somebody_signs_in_again(counter: Counter) -> None:
    async with browser_of(counter) as stranger:
        form = {"username": CLAIRE, "key": str(uuid4())}
        answer = await stranger.send("/account/password", old="embruns-2026", new=LONG, **form)
        assert answer.status_code == 401
        assert 'name="kept"' not in answer.text
        assert 'name="on" value="/"' in answer.text
        assert LONG not in answer.text
        assert "embruns-2026" not in answer.text


async def test_nobody_changes_their_own_roles_and_is_told_so_in_words(alexis: Browser) -> None:
    own = await alexis.open(f"{PEOPLE}/{ADMINISTRATOR}")
    assert 'name="roles"' not in own.text
    fields = {"title": "Roi", "email": "alexis@mutuelle-des-embruns.example", "phone": "02 61 91 00 11"}
    refused = await alexis.send(f"{PEOPLE}/{ADMINISTRATOR}", **fields, roles=["administrator", "internal_control"])
    assert refused.status_code == 403
    assert "Personne ne change ses propres rôles" in text_of(refused)
    kept = await alexis.send(f"{PEOPLE}/{ADMINISTRATOR}", email=fields["email"], phone=fields["phone"])
    assert "C’est enregistré." in text_of(kept)
    leaving = await alexis.send(f"{PEOPLE}/{ADMINISTRATOR}/leave")
    assert (leaving.status_code, "Personne ne change ses propres rôles" in text_of(leaving)) == (403, True)


async def test_whoever_is_changed_keeps_what_the_form_shows_and_loses_what_it_leaves_out(alexis: Browser) -> None:
    login, _ = await hire(alexis, skills=["dental", "english"])
    fields = somebody_new(title="Gestionnaire experte", skills=["dental"], pole="")
    fields.pop("login")
    changed = await alexis.send(f"{PEOPLE}/{login}", **fields)
    assert changed.status_code == 200
    ledger = text_of(await alexis.open(f"/administration/log?person={login}"))
    assert "fonction : Gestionnaire prestations → Gestionnaire experte" in ledger
    assert "compétences : dentaire, anglais → dentaire" in ledger
    assert "pôle : Prestations → –" in ledger


async def test_leaving_offers_tasks_again_and_names_what_is_left_behind(counter: Counter, alexis: Browser) -> None:
    login, _ = await hire(alexis)
    reference = f"REC-2031-{uuid4().int % 90_000 + 700_000}"
    with counter.house.sessions.begin() as session:
        leaver = session.scalars(select(StaffMember.id).where(StaffMember.login == login)).one()
        case = a_case_row(session, reference, NOON.date(), NOON, owner_id=leaver, pole="benefits")
        a_task_row(session, case, NOON, person_hat(leaver))
    before = text_of(await alexis.open(f"{PEOPLE}/{login}/leave"))
    assert "1 dossier ouvert reste à son nom" in before
    assert reference in before
    after = await alexis.send(f"{PEOPLE}/{login}/leave")
    words = text_of(after)
    assert "Le compte est fermé." in words
    assert f"Tâches proposées de nouveau {reference}" in words
    assert f'href="/board/reassign/{login}"' in after.text
    back = await alexis.send(f"{PEOPLE}/{login}/return")
    assert SECRET.findall(back.text)


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"login": "Maëlle"}, 422, "Un identifiant s’écrit ainsi"),
        ({"login": CLAIRE}, 409, "Quelqu’un a cet identifiant, ou l’a eu."),
        ({"name": ""}, 422, "À renseigner."),
        ({"roles": ["king"]}, 422, "À choisir dans la liste."),
        ({"roles": ["administrator", "handler"]}, 422, "il n’est pas gestionnaire en plus."),
        ({"roles": ["pole_manager"], "pole": ""}, 422, "Un responsable de pôle répond d’un pôle."),
        ({"pole": "kitchen"}, 422, "Ce pôle n’existe pas."),
        ({"skills": ["cooking"]}, 422, "Cette compétence n’existe pas."),
        ({"deputy": ADMINISTRATOR}, 403, "il se donnerait les droits d’un autre"),
        ({"email": "nowhere"}, 422, ""),
        ({"phone": "☎"}, 422, "Un numéro de téléphone s’écrit ainsi"),
        ({"title": "x" * 500}, 422, "Trop long"),
    ],
)
async def test_an_impossible_hire_says_why_and_loses_nothing(
    alexis: Browser, wrong: dict[str, Any], status: int, words: str
) -> None:
    fields = somebody_new(title="Une fonction rare") | wrong
    answer = await alexis.send(NEW, **fields)
    assert answer.status_code == status
    assert words in text_of(answer)
    for name in ("name", "title", "email", "phone"):
        assert f'name="{name}" type="{"email" if name == "email" else "text"}" value="{fields[name]}"' in answer.text
    assert not SECRET.findall(answer.text)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/administration?cursor=nonsense", 422),
        ("/administration/people?cursor=nonsense", 422),
        ("/administration/people?role=king&pole=kitchen", 200),
        ("/administration/people/nobody.here", 404),
        ("/administration/people/nobody.here/leave", 404),
        ("/administration/absences?month=9999-99", 200),
        ("/administration/absences?month=２０31-03", 200),
        ("/administration/absences?who=%3Cscript%3E", 200),
        ("/administration/policy?version=nonsense", 404),
        ("/administration/log?cursor=0", 422),
        ("/administration/log?person=%00", 422),
    ],
)
async def test_an_address_of_nonsense_is_answered_with_a_page(alexis: Browser, path: str, status: int) -> None:
    answer = await alexis.open(path)
    assert answer.status_code == status
    assert "<script>" not in answer.text
    assert answer.text.startswith("<!doctype html>")


async def test_a_name_is_found_without_its_accents_and_stands_in_no_address(alexis: Browser) -> None:
    found = await alexis.send(PEOPLE, name="SALAUN")
    assert "Mme Nolwenn Salaün" in found.text
    assert CLAIRE not in found.text
    assert "SALAUN" not in "".join(alexis.seen)
    assert "Personne ne correspond." in text_of(await alexis.send(PEOPLE, name="%"))
    everybody = await alexis.send(PEOPLE, name="", role="handler")
    assert everybody.request.url.query == b"role=handler"


async def test_planners_record_an_absence_see_it_in_the_month_and_cancel_it(counter: Counter) -> None:
    async with browser_of(counter, MANAGER) as anne:
        fields = {"login": CLAIRE, "from_on": "2031-04-07", "back_on": "2031-04-12"}
        shown = await anne.send("/administration/absences", **fields)
        assert shown.request.url.query == b"month=2031-04"
        assert shown.text.count("gone") == 5 + 1
        ending = re.findall(r'action="(/administration/absences/[^"]+/end)"', shown.text)
        key = {"key": str(uuid4())}
        assert "L’absence est annulée." in text_of(await anne.send(ending[0], **key))
        assert "L’absence est annulée." in text_of(await anne.send(ending[0], **key))  # a double click
        assert (await anne.open("/administration")).status_code == 403
        assert (await anne.open(PEOPLE)).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"back_on": "2031-04-07"}, 422, "Donnez le jour du retour."),
        ({"from_on": "1850-01-01"}, 422, "L’année est hors de 1900 à 2199."),
        ({"from_on": "2026-01-05", "back_on": "2026-01-07"}, 422, "Donnez un jour de retour à venir."),
        ({"login": ""}, 422, "Personne n’a été choisi."),
        ({"from_on": "soon"}, 422, "Ce n’est pas une date."),
        ({"deputy": MANAGER}, 403, "il se donnerait les droits d’un autre"),
        ({"deputy": CLAIRE}, 422, "Personne d’autre ici n’a cet identifiant."),
    ],
)
async def test_an_impossible_absence_says_why(counter: Counter, wrong: dict[str, Any], status: int, words: str) -> None:
    async with browser_of(counter, MANAGER) as anne:
        fields = {"login": CLAIRE, "from_on": "2031-04-07", "back_on": "2031-04-12"} | wrong
        answer = await anne.send("/administration/absences", **fields)
        assert answer.status_code == status
        assert words in text_of(answer)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_number_of_the_policy_appears_with_its_source(counter: Counter, language: str) -> None:
    async with browser_of(counter, CONTROL, language) as katell:
        for version in the_book().versions:
            page = await katell.open(f"/administration/policy?version={version.name}")
            rows = dict(re.findall(r'<tr[^>]* id="([^"]+)">(.*?)</tr>', page.text, re.DOTALL))
            for line in told(version):
                row = rows[line.path]
                assert line.source is None or line.source.citation in row.replace("&#39;", "'").replace("&amp;", "&")
                if line.value.lstrip("-").isdecimal() and line.unit != "cents":
                    assert re.search(rf">{line.value}[ <]", row), line
            assert len(rows) == len(told(version))


async def test_what_differs_between_two_versions_is_marked(counter: Counter) -> None:
    async with browser_of(counter, CONTROL) as katell:
        page = await katell.open("/administration/policy")
        marked = re.findall(r'<tr class="differs" id="([^"]+)"', page.text)
        old, new = [{one.path: one.value for one in told(version)} for version in the_book().versions]
        assert set(marked) == {path for path in new if new[path] != old.get(path)}


async def test_the_examination_runs_beside_and_its_result_comes_by_itself(alexis: Browser) -> None:
    begun = await alexis.send("/administration/examination")
    assert begun.request.url.path == "/administration"
    for _ in range(200):
        part = await alexis.open("/administration/examination")
        if "hx-get" not in part.text:
            break
        await asyncio.sleep(0.05)
    assert "échoué" in text_of(part)  # this counter has no engine
    assert "Examiner maintenant" in text_of(part)


async def test_internal_control_looks_at_all_of_it_and_changes_nothing(counter: Counter) -> None:
    async with browser_of(counter, CONTROL) as katell:
        for path in ("", "/people", f"/people/{CLAIRE}", "/absences", "/policy", "/calendar", "/log"):
            page = await katell.open(f"/administration{path}")
            assert page.status_code == 200
            main = page.text.partition("<main")[2]
            assert not re.search(r'action="/administration/(people/|absences|examination)', main)


async def test_the_account_says_whom_somebody_stands_in_for_today(counter: Counter) -> None:
    async with browser_of(counter, MANAGER) as anne:
        await anne.open("/administration/absences")
        today = {"login": CLAIRE, "from_on": NOON.date().isoformat(), "back_on": "2031-03-05", "deputy": "tangi.riou"}
        assert (await anne.send("/administration/absences", **today)).status_code == 200
    async with browser_of(counter, "tangi.riou") as tangi:
        assert "Mme Claire Morvan retour le mer. 5 mars 2031" in text_of(await tangi.open("/account"))


async def test_signing_out_everywhere_ends_every_session(counter: Counter) -> None:
    async with browser_of(counter, "malo.quere") as here, browser_of(counter, "malo.quere") as there:
        await here.open("/account")
        assert (await here.send("/account/sign-out-everywhere")).request.url.path == "/sign-in"
        assert (await there.open("/inbox")).request.url.path == "/sign-in"
