"""A batch, from what is to be paid to the answer of the bank: by three people, on pages alone, in three ways."""

import re
from typing import Any

import pytest
from playwright.async_api import FilePayload

from bank.stand_in import reject_some
from tests.browser.conftest import Comes
from tests.browser.payments import a_cashier, confirms, end_to_end, reaches, sent
from tests.browser.person import Person, Typist
from tests.factories.payments import BUILDER, FIRST, SECOND
from tests.stories.house import StoryHouse

pytestmark = pytest.mark.proof


async def releases(person: Person, reference: str) -> None:
    """They open the batch, read what its file holds, say so, and release it."""
    await person.goes_to(f"/payments/{reference}")
    await person.presses(person.page.locator("nav.row a.button.main").first)
    form = person.form("release")
    confirmed = await person.page.locator("#file_sha256").get_attribute("value")
    await person.sends(form, {"file_sha256": [confirmed or ""]})
    assert person.path == f"/payments/{reference}", await person.reads()


@pytest.mark.parametrize(
    "with_what",
    [
        pytest.param({}, id="by mouse"),
        pytest.param({"who": Typist}, id="by the keyboard alone"),
        pytest.param({"java_script_enabled": False}, id="without any script"),
    ],
)
async def test_three_people_bring_a_batch_from_its_claims_to_the_banks_answer(
    comes: Comes, story: StoryHouse, with_what: dict[str, Any]
) -> None:
    cashier = a_cashier(story)
    for cents in (10_010, 20_020):
        cashier.claim(cents)
    solene, ronan, isabelle = [await comes(login, **with_what) for login in (BUILDER, FIRST, SECOND)]

    # She sees what can be paid, and builds a batch; she is told why she does not release it.
    await solene.goes_to("/payments")
    assert "Ce qui peut être payé maintenant" in await solene.reads()
    await solene.sends(solene.page.locator("form.paper"), {"executes_on": story.house.today().isoformat()})
    found = re.fullmatch(r"/payments/(VIR-\d{4}-\d+)", solene.path)
    assert found, await solene.reads()
    assert "Pas vous" in await solene.reads()
    assert "a constitué le lot" in await solene.reads()

    # Two others read the file and release it; it lies in the bank's folder.
    for person in (ronan, isabelle):
        await releases(person, found[1])
    await reaches(story, found[1], "handed_over")
    await solene.goes_to(f"/payments/{found[1]}")
    assert f"outgoing/{found[1]}.xml" in await solene.reads()

    # The bank rejects one line: the page says so in words, and leads to the claim.
    rejected = end_to_end(cashier, found[1], line=0)
    report = reject_some(sent(story, found[1]), f"B-{found[1]}", story.house.now(), {rejected: "AC04"})
    file: FilePayload = {"name": "pain002.xml", "mimeType": "application/xml", "buffer": report}
    await solene.page.locator("#file").set_input_files(file)
    await solene.sends(solene.page.locator("form[enctype]"), {})
    await confirms(story, FIRST, found[1])  # somebody else of accounting, before any claim is controlled again
    await solene.goes_to(f"/payments/{found[1]}")
    told = await solene.reads()
    assert "compte clos (AC04)" in told
    assert await solene.page.locator(f"a[href='/claims/{rejected[:15]}']").count()
