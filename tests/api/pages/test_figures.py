"""Activities before a browser: a day typed at one go, corrected, refused field by field; a file; plans side by side."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from db.commands.watch import watch_activities
from tests.api.counter import NOON, Counter
from tests.api.pages.browser import Browser, browser_of, text_of
from tests.factories.figures import an_activity, figures_row

DIRECTOR, MANAGER, HANDLER = "isabelle.kermarrec", "anne.le.goff", "claire.morvan"
TODAY = NOON.date()


def planted(counter: Counter, *activity_ids: str) -> None:
    with counter.house.sessions.begin() as session:
        for one in activity_ids:
            an_activity(session, one, since=TODAY)


async def give(browser: Browser, day: date = TODAY, **fields: str) -> str:
    answer = await browser.send("/figures", day=f"{day}", **{name.replace("__", "."): fields[name] for name in fields})
    return f"{answer.status_code} {text_of(answer)}"


async def test_a_day_is_typed_for_several_activities_at_one_go(counter: Counter) -> None:
    planted(counter, "typed", "left")
    async with browser_of(counter, MANAGER) as browser:
        await browser.open("/figures")
        told = await give(browser, typed__stock="1 200", typed__inflow="90", typed__handled="80", typed__present="3,5")
        assert "Les chiffres du jour sont enregistrés." in told
        assert "Rien n’a changé" in await give(
            browser, typed__stock="1200", typed__inflow="90", typed__handled="80", typed__present="3,5"
        )
        shown = await browser.open("/activities/typed")
    assert "Rien n’a encore été saisi" not in text_of(shown)
    assert 'href="/figures' in shown.text


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(counter: Counter) -> None:
    planted(counter, "mistyped")
    async with browser_of(counter, MANAGER) as browser:
        await browser.open("/figures")
        told = await give(browser, mistyped__stock="beaucoup", mistyped__inflow="90", mistyped__handled="80")
        assert told.startswith("422")
        assert "Écrivez un nombre entier, par exemple 120." in told
        answer = await browser.send(
            "/figures", day=f"{TODAY}", **{"mistyped.stock": "-5", "mistyped.inflow": "90", "mistyped.handled": "80"}
        )
    assert answer.status_code == 422
    assert 'id="mistyped.stock-wrong"' in answer.text
    assert 'value="-5"' in answer.text
    assert 'value="90"' in answer.text


@pytest.mark.parametrize("day", ["1850-01-01", "2200-01-01", "soon"])
async def test_a_day_that_is_none_of_ours_shows_todays_form_and_says_so(counter: Counter, day: str) -> None:
    async with browser_of(counter, MANAGER) as browser:
        shown = text_of(await browser.open(f"/figures?day={day}"))
        today = text_of(await browser.open("/figures"))
    assert "Ce n’est pas un jour de 1900 à 2199." in shown
    assert "Ce n’est pas un jour" not in today


async def test_a_mistake_is_told_by_the_activity_and_the_column_it_is_in(counter: Counter) -> None:
    planted(counter, "titled")
    async with browser_of(counter, MANAGER) as browser:
        await browser.open("/figures")
        told = await give(browser, titled__stock="beaucoup", titled__inflow="90", titled__handled="80")
    assert "Titled.stock" not in told


async def test_a_day_to_come_is_refused(counter: Counter) -> None:
    async with browser_of(counter, MANAGER) as browser:
        await browser.open("/figures")
        told = await give(browser, TODAY + timedelta(days=1), typed__stock="4")
        ahead = await browser.open(f"/figures?day={TODAY + timedelta(days=1)}")
    assert told.startswith("422")
    assert "Il n’y a pas encore de chiffres du mar. 4 mars 2031" in told
    assert "Ce jour est à venir." in text_of(ahead)


async def test_a_file_is_taken_in_and_told_line_by_line(counter: Counter) -> None:
    planted(counter, "sent")
    file = b"day;activity;stock;inflow;handled\n2031-03-03;sent;4;1;1\n2031-03-03;lettres;4;1;1\n"
    async with browser_of(counter, MANAGER) as browser:
        await browser.open("/figures")
        told = text_of(await browser.send_file("/figures/file", "chiffres.csv", file))
        assert "1 lignes prises" in told
        assert "Aucune activité ne porte, ni n’a porté, cet identifiant ou ce nom." in told
        wrong = await browser.send_file("/figures/file", "chiffres.csv", b"jour;stock\n2031-03-03;4\n")
    assert wrong.status_code == 422


async def test_an_alert_waits_in_the_director_s_inbox_until_they_take_note(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        an_activity(session, "behind", name_fr="Feuilles en retard", since=date(2031, 2, 1))
        for n in range(5):
            figures_row(session, "behind", date(2031, 2, 24) + timedelta(days=n), 1_100)
        watch_activities(session, TODAY, NOON, counter.house.book)
    async with browser_of(counter, DIRECTOR) as browser:
        shown = await browser.open("/inbox")
        assert "Feuilles en retard Au-dessus du standard depuis le lun. 24 févr. 2031" in text_of(shown)
        while (address := _next_notice(shown.text)) is not None:
            shown = await browser.send(address, on="/inbox")
        assert "La veille a signalé" not in text_of(shown)
    async with browser_of(counter, HANDLER) as browser:
        assert (await browser.open("/activities")).status_code == 403


def _next_notice(page: str) -> str | None:
    _, found, after = page.partition('action="/alerts/')
    number, _, _ = after.partition("/")
    return f"/alerts/{number}/seen" if found else None


async def test_an_activity_is_renamed_and_keeps_its_history(counter: Counter) -> None:
    planted(counter, "renamed")
    facts = {"standard": "5", "hours": "7", "minutes": "12,5", "staff": "6", "active": "true"}
    async with browser_of(counter, DIRECTOR) as browser:
        await browser.open("/activities/renamed/change")
        told = await browser.send("/activities/renamed/change", name_fr="Nouveau nom", name_en="New name", **facts)
        assert "Activity renamed, Activité renamed" in text_of(told)
        wrong = await browser.send("/activities/renamed/change", name_fr="", name_en="New name", **facts)
    assert wrong.status_code == 422


async def test_sizing_is_told_step_by_step(counter: Counter) -> None:
    async with browser_of(counter, MANAGER) as browser:
        files = text_of(await browser.open("/sizing?of=files&volume=300&minutes=12&hours=7&absence=40"))
        calls = text_of(await browser.open("/sizing?of=calls&per_hour=60&seconds=300&target_seconds=20&service=80"))
        wrong = await browser.open("/sizing?of=files&volume=300&minutes=12&hours=7&absence=100")
    assert "14,29 ETP : 15 personnes" in files
    assert "8 téléconseillers en ligne" in calls
    assert wrong.status_code == 422
    assert "il ne resterait personne pour travailler" in text_of(wrong)


async def test_plans_are_drawn_side_by_side_with_their_table(counter: Counter) -> None:
    figures = "stock=1200&inflow=210&minutes=12&staff=6&hours=7&absence=0&standard=5&as_of=2031-03-03&until=2031-03-31"
    plan = "a.name=Samedis&a.first=2031-03-08&a.times=3&a.places=12&a.hours=7"
    async with browser_of(counter, MANAGER) as browser:
        told = await browser.open(f"/projections?{figures}&{plan}")
        for wrong in ("a.hours=sept", "a.times=0", "b.staff=3", "until=2031-03-01", "stock=-1"):
            assert (await browser.open(f"/projections?{wrong}&{figures}&{plan}")).status_code == 422, wrong
    text = text_of(told)
    assert "Rien n’est fait pas d’ici le lun. 31 mars 2031" in text
    assert "Samedis lun. 10 mars 2031" in text
    assert told.text.count('<path class="line-') == 4
    assert '<svg viewBox="0 0 760 300" role="img"' in told.text


async def test_all_that_is_wrong_with_three_plans_is_told_at_once_beside_its_fields(counter: Counter) -> None:
    figures = "stock=1200&inflow=210&minutes=12&staff=6&hours=7&absence=0&standard=5&as_of=2031-03-03&until=2031-03-31"
    sundays = "a.first=2031-03-09&a.times=2&a.places=12&a.hours=25"
    b = "&b.first=2031-03-08&b.places=2&b.hours=11"
    typed = "&c.first=demain&c.places=1&c.hours=sept"
    async with browser_of(counter, MANAGER) as browser:
        by_law = (await browser.open(f"/projections?{figures}&{sundays}{b}")).text
        as_typed = (await browser.open(f"/projections?{figures}&{sundays}{typed}")).text
    for field in ("a.first", "a.hours", "b.hours"):
        assert f'id="{field}-wrong"' in by_law
    for field in ("c.first", "c.hours"):
        assert f'id="{field}-wrong"' in as_typed
    text = by_law.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Plan A, Première séance : " in text
    assert text.count("est un dimanche, jour de repos") == 2, "once in the list above, once beside the field"
    assert "25 h 00" in text
    assert "Choisissez une séance plus courte" in text


async def test_what_may_wait_is_told_alike_by_the_activity_and_by_its_projection(counter: Counter) -> None:
    """On Thursday 8 people were there, on Friday 6, and 4 volunteers on Saturday: 7 usually, who handle 245 a day."""
    with counter.house.sessions.begin() as session:
        an_activity(session, "told-alike", since=TODAY)
        for before, present in ((4, 8), (3, 6), (2, 4)):
            figures_row(session, "told-alike", TODAY - timedelta(days=before), 2000, present=Decimal(present))
    async with browser_of(counter, DIRECTOR) as browser:
        activity = text_of(await browser.open("/activities/told-alike"))
        projection = text_of(await browser.open("/projections?activity=told-alike&until=2031-03-31"))
    for told in (activity, projection):
        assert "le standard : 1 225" in told.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "31/12/2026", "texte"])
async def test_a_day_out_of_all_calendars_is_named_beside_its_field(counter: Counter, day: str) -> None:
    asked = f"/projections?stock=300&until=2027-01-08&a.first={day}&a.times=3&a.places=12&a.hours=7"
    async with browser_of(counter, MANAGER, "en") as browser:
        answer = await browser.open(asked)
    assert (answer.status_code, 'id="a.first-wrong"' in answer.text) == (422, True)
