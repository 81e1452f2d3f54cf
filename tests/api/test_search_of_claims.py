"""One box finds claims by reference, member, sender's number, and batches by reference; never one's own claims."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.models import Beneficiary, ClaimRow, Member, StaffIban
from tests.api.counter import NOON, Counter, open_counter
from tests.api.matrix_things import Asker, Planting
from tests.api.pages.browser import browser_of, text_of
from tests.conftest import Ask
from tests.factories.complaints import ACCOUNTANT, AUTHOR, MANAGER
from tests.servers import INSURER, fresh_database

FOUND: dict[str, str] = {}


@pytest.fixture(scope="module")
async def counter(postgres: str, ask: Ask) -> AsyncIterator[Counter]:
    """Two claims of Maëlle L’Hostis, of whom one is the manager; a batch."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, seeded=False) as counter:
            plant(counter)
            yield counter


def plant(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        planting = Planting(session, Asker(None, counter.id_of(MANAGER), MANAGER), NOON)
        for name in ("controlled", "own"):
            FOUND[name] = planting.filed()["reference"]
            row = session.query(ClaimRow).filter_by(reference=FOUND[name]).one()
            session.get_one(Member, row.member_number).name = "Mme Maëlle L’Hostis"
            session.get_one(Beneficiary, row.beneficiary_number).name = "Mme Maëlle L’Hostis"
            FOUND[f"{name} member"] = row.member_number
        number = FOUND["own member"]
        session.add(StaffIban(staff_id=counter.id_of(MANAGER), iban_hash=b"own", member_number=number))
        FOUND["batch"] = planting.batch()["reference"]


async def found(counter: Counter, login: str, words: str, **filters: Any) -> tuple[set[str], set[str]]:
    answer = await counter.ask(login, "POST", "/search", {"words": words, **filters})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return tuple({one["reference"] for one in told[kind]} for kind in ("claims", "batches"))  # type: ignore[return-value]


async def test_a_claim_is_found_by_its_reference_however_it_is_typed(counter: Counter) -> None:
    _, year, number = FOUND["controlled"].split("-")
    for typed in (FOUND["controlled"], f"pre {year}-{number}", f"PRE{number}", f"{year}/{number}", number):
        assert await found(counter, AUTHOR, typed) == ({FOUND["controlled"]}, set()), typed


@pytest.mark.parametrize("typed", ["lhostis maelle", "l'hostis", "MAËLLE L’HOS", "Mme hostis"])
async def test_a_claim_is_found_by_its_members_name(counter: Counter, typed: str) -> None:
    typed = typed.replace("lhostis", "l hostis")
    assert (await found(counter, AUTHOR, typed))[0] == {FOUND["controlled"], FOUND["own"]}


async def test_a_claim_is_found_by_its_members_number(counter: Counter) -> None:
    assert (await found(counter, AUTHOR, FOUND["controlled member"]))[0] == {FOUND["controlled"]}


async def test_a_claim_is_found_by_its_senders_number(counter: Counter) -> None:
    with counter.house.sessions.begin() as session:
        session.query(ClaimRow).filter_by(reference=FOUND["own"]).one()
        sent = session.query(ClaimRow.number).filter_by(reference=FOUND["controlled"]).scalar()
    assert (await found(counter, AUTHOR, f" {sent} "))[0] == {FOUND["controlled"]}


@pytest.mark.parametrize("typed", ["own", "own member", "name"])
async def test_nobody_finds_their_own_claim(counter: Counter, typed: str) -> None:
    words = FOUND.get(typed, "hostis")
    assert FOUND["own"] in (await found(counter, AUTHOR, words))[0]
    assert FOUND["own"] not in (await found(counter, MANAGER, words))[0]


async def test_a_batch_is_found_by_whoever_may_read_batches(counter: Counter) -> None:
    assert (await found(counter, ACCOUNTANT, FOUND["batch"]))[1] == {FOUND["batch"]}
    assert (await found(counter, MANAGER, FOUND["batch"]))[1] == set()


@pytest.mark.parametrize(
    "typed", ["-hostis", "le", '""', "hostis -maelle", "nobodyatall", "' OR 1=1", "%", "PRE-9999-1"]
)
async def test_what_is_not_meant_is_not_found(counter: Counter, typed: str) -> None:
    assert await found(counter, AUTHOR, typed) == (set(), set())


async def test_filters_of_complaints_leave_claims_out(counter: Counter) -> None:
    assert await found(counter, AUTHOR, "hostis", state="assigned") == (set(), set())


async def test_on_the_page_a_reference_leads_to_its_case_and_words_to_a_kept_search(counter: Counter) -> None:
    async with browser_of(counter, ACCOUNTANT) as browser:
        await browser.open("/complaints")
        claim = await browser.send("/search", words=FOUND["controlled"])
        batch = await browser.send("/search", words=FOUND["batch"])
        named = await browser.send("/search", words="Maëlle L’Hostis")
        seen = " ".join(browser.seen)
    assert (claim.url.path, batch.url.path) == (f"/claims/{FOUND['controlled']}", f"/payments/{FOUND['batch']}")
    assert FOUND["controlled"] in text_of(named)
    assert not any(name in seen.lower() for name in ("hostis", "maëlle", "ma%c3%ablle"))
