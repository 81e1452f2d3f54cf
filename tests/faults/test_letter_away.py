"""A letter that cannot be made or laid down: the case says why, nothing is lost, and it leaves once that is mended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from temporalio.testing import WorkflowEnvironment

from letters import rendering
from letters.paper import TEMPLATES
from local.sink import Sink
from tests.api.counter import NOON
from tests.stories.acts import acknowledges, enters, kinds_before, letters_of, state_of
from tests.stories.house import open_house

FRONT_DESK, OWNER = "malo.quere", "claire.morvan"
TEMPLATE = Path("letters/complaint/acknowledgement.fr.j2")
GOOD = (TEMPLATES / TEMPLATE).read_text()


@pytest.fixture
def write_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put other words in the place of the acknowledgement's."""
    folder = tmp_path / "templates"
    (folder / TEMPLATE).parent.mkdir(parents=True)

    def write(words: str) -> None:
        (folder / TEMPLATE).write_text(words)
        loader = ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(TEMPLATES)])
        monkeypatch.setattr(rendering._environment, "loader", loader)

    return write


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (GOOD.replace("{% endblock %}", "", 1), "TemplateSyntaxError"),
        (GOOD.replace("{% block reception %}", "{% block reception %}{{ handler.shoe_size }}"), "UndefinedError"),
        (GOOD.replace("{% block reception %}", "{% block reception %}{{ 1 / 0 }}"), "ZeroDivisionError"),
        (GOOD.replace("block reception", "block welcome"), "LetterIncomplete"),
    ],
    ids=["malformed", "asks for what is not known", "stumbles", "leaves out a mandatory paragraph"],
)
async def test_a_template_error_is_shown_on_the_case_and_the_letter_leaves_once_it_is_mended(
    skipping_environment: WorkflowEnvironment,
    insurer: str,
    sink: Sink,
    tmp_path: Path,
    write_template: Callable[[str], None],
    broken: str,
    told: str,
) -> None:
    assert broken != GOOD
    write_template(broken)
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await enters(house, FRONT_DESK, skills=["english"])
        assert await acknowledges(house, OWNER, reference, "email") == "acknowledged"
        await house.sleep(timedelta(minutes=10))
        [letter] = await letters_of(house, OWNER, reference)
        assert letter["last_error"].startswith(told)
        assert (letter["produced_at"], letter["pdf"]) == (None, None)
        missing = await house.as_(OWNER, "GET", f"/letters/{letter['id']}.pdf")
        assert missing.status_code == 404
        assert sink.mailbox.mails() == []
        await house.sleep(timedelta(minutes=51))
        assert sorted(await kinds_before(house, OWNER, reference)) == ["analyse", "repair_delivery"]

        write_template(GOOD)
        await house.sleep(timedelta(minutes=6))
        [letter] = await letters_of(house, OWNER, reference)
        assert letter["handed_over_at"] is not None
        assert letter["last_error"] is None
        assert len(sink.mailbox.mails()) == 1
        assert await kinds_before(house, OWNER, reference) == ["analyse"]


async def test_a_post_folder_that_cannot_be_written_is_shown_on_the_case(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "post"
    in_the_way.write_text("not a folder")
    async with open_house(skipping_environment, insurer, sink, tmp_path, NOON) as house:
        reference = await enters(house, FRONT_DESK, skills=["english"])
        await acknowledges(house, OWNER, reference, "post")
        await house.sleep(timedelta(minutes=10))
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["posted_on"], letter["last_error"].partition(":")[0]) == (None, "NotADirectoryError")
        assert letter["pdf_sha256"] is not None
        assert await state_of(house, OWNER, reference) == "acknowledged"

        in_the_way.unlink()
        await house.sleep(timedelta(minutes=6))
        [letter] = await letters_of(house, OWNER, reference)
        assert (letter["posted_on"], letter["last_error"]) == ("2031-03-03", None)
        assert [file.read_bytes()[:5] for file in (tmp_path / "post" / "2031-03-03").iterdir()] == [b"%PDF-"]
