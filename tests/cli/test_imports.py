"""`echeance import` as it is typed: what is told, how it ends, and what the documentation shows."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from cli.imports import SHOWN, Kind
from db.commands.calendar import fill
from domain.claim.intake import ClaimIntake
from domain.reference.lines import FORMS
from domain.reference.words import ReferenceKind
from tests.factories.figures import an_activity
from tests.factories.keys import STORY_KEY
from tests.factories.reference import a_csv, a_member, an_iban, an_iban_change
from tests.factories.register import open_desk
from tests.house.tree import read


def typed(database: str, *arguments: str, keys: str = STORY_KEY) -> tuple[int, str]:
    """What `echeance import` says, and how it ends."""
    environment = {"ECHEANCE_HOME": "/nowhere", "DATABASE_URL": database, "ECHEANCE_KEYS": keys, "COLUMNS": "200"}
    ended = CliRunner().invoke(app, ["import", *arguments], env=environment)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.stdout + ended.stderr


def test_the_command_knows_every_kind() -> None:
    assert [str(one) for one in Kind] == [*(str(one) for one in ReferenceKind), "claims", "figures", "volunteers"]


def test_members_and_their_accounts_are_taken_in_and_the_same_again_is_said(database: str, tmp_path: Path) -> None:
    members, ibans = tmp_path / "members.csv", tmp_path / "ibans.csv"
    members.write_bytes(a_csv(a_member(), a_member("M9000002")))
    ibans.write_bytes(
        a_csv(an_iban_change(), an_iban_change("M9000404"), an_iban_change("M9000002") | {"iban": "FR76"})
    )
    assert typed(database, "members", str(members)) == (0, "2 lines: 2 taken in, 0 unchanged, 0 refused.\n")
    code, said = typed(database, "ibans", str(ibans))
    assert code == 1
    assert "Line 3, member_number: No member has this number. Import the members first, or correct it." in said
    assert "Line 4, iban: This is no IBAN of the SEPA zone" in said
    assert "3 lines: 1 taken in, 0 unchanged, 2 refused." in said
    again = "2 lines: 0 taken in, 2 unchanged, 0 refused.\nNothing has changed.\n"
    assert typed(database, "members", str(members)) == (0, again)


def test_programs_are_told_all_as_json(database: str, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes(a_csv(*(a_member(f"m{n}") for n in range(SHOWN + 1)), a_member()))
    code, said = typed(database, "members", str(file))
    assert code == 1
    assert said.count("Line ") == SHOWN
    assert "… and 1 more" in said
    code, said = typed(database, "members", str(file), "--json")
    told = json.loads(said)
    assert (code, told["lines"], told["unchanged"], told["refused"]) == (1, SHOWN + 2, 1, SHOWN + 1)
    assert [one["line"] for one in told["refusals"]] == list(range(2, SHOWN + 3))


def test_what_cannot_be_taken_in_is_told_in_one_sentence(database: str, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes("numéro;nom\n".encode("latin-1"))
    assert typed(database, "members", str(file)) == (1, "The first line is not UTF-8. Save the file as UTF-8.\n")
    code, said = typed(database, "members", str(tmp_path / "elsewhere.csv"))
    assert code == 1
    assert "is no file" in said
    file.write_bytes(a_csv(a_member()))
    code, said = typed(database, "members", str(file), keys="")
    assert (code, said.count("\n")) == (1, 1)
    assert "ECHEANCE_KEYS" in said


# docs/reference-data.md shows what a file of each kind looks like.

PAGE = "docs/reference-data.md"


def examples() -> dict[str, str]:
    """The example of each kind, in the order of the page, which is the order in which files are taken in."""
    return dict(re.findall(r"^## `(\w+)`.*?^```csv\n(.*?)^```$", read(PAGE), re.MULTILINE | re.DOTALL))


def test_the_page_describes_every_kind_and_every_column() -> None:
    shown = examples()
    assert set(shown) == {str(kind) for kind in ReferenceKind}
    parts = dict(re.findall(r"^## `(\w+)`(.*?)(?=^## |\Z)", read(PAGE), re.MULTILINE | re.DOTALL))
    for kind, form in FORMS.items():
        assert set(re.findall(r"^\| `(\w+)`", parts[kind], re.MULTILINE)) == set(form.model_fields)


def test_the_examples_of_the_page_are_taken_in_as_they_stand(insurer: str, tmp_path: Path) -> None:
    for kind, example in examples().items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(example, encoding="utf-8")
        code, said = typed(insurer, kind, str(file))
        assert code == 0, said
        assert " 0 unchanged, 0 refused" in said


@pytest.mark.parametrize("kind", ["ibans", "staff"])
def test_the_page_shows_invented_accounts_only(kind: str) -> None:
    shown = set(re.findall(r"FR\d{2}[\dA-Z]{23}", examples()[kind]))
    assert shown
    assert shown <= {an_iban(number) for number in range(1, 2_000)}


# docs/claims-file.md shows what a day's file looks like.


def test_the_page_of_a_day_s_claims_tells_every_column_and_its_example_is_taken_in(
    insurer: str, tmp_path: Path
) -> None:
    page = read("docs/claims-file.md")
    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE) == list(ClaimIntake.model_fields)
    (example,) = re.findall(r"^```csv\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for kind, content in {**examples(), "claims": example}.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(content, encoding="utf-8")
        code, said = typed(insurer, kind, str(file))
        assert code == 0, said
    assert said.startswith("2 lines: 2 taken in, 0 unchanged, 0 refused.\n2 claims are new: ")
    assert "Nothing has changed." in typed(insurer, "claims", str(file))[1]
    told = json.loads(typed(insurer, "claims", str(file), "--json")[1])
    assert (told["unchanged"], told["claims"]) == (2, [])


def test_figures_are_taken_in_and_the_days_that_are_missing_are_named(database: str, tmp_path: Path) -> None:
    with open_desk(database) as desk, desk.sessions.begin() as session:
        fill(session, 2026, 2027)
        an_activity(session, "invoices")
    figures = tmp_path / "figures.csv"
    columns = "day;activity;stock;inflow;handled\n"
    figures.write_text(columns + "2026-03-02;invoices;400;90;80\n2026-03-03;invoices;-1;90;80\n")
    code, said = typed(database, "figures", str(figures))
    assert code == 1
    assert "Line 3, stock: Of 2026-03-03 a number below zero was given: -1." in said
    assert "2 lines: 1 taken in, 0 unchanged, 1 refused." in said
    assert "No figures yet of invoices: 2026-03-03, 2026-03-04, " in said
    assert "0 taken in, 1 unchanged, 1 refused." in typed(database, "figures", str(figures))[1]


def test_volunteers_are_taken_in_and_the_same_again_is_said(insurer: str, tmp_path: Path) -> None:
    file = tmp_path / "volunteers.csv"
    file.write_text("login;contract_hours;hourly_euros;monday\nclaire.morvan;35;16,50;09:00-17:00\nnobody;35;16,50;\n")
    code, said = typed(insurer, "volunteers", str(file))
    assert code == 1
    assert "Line 3, login: Nobody who works here has this login. Correct it, or hire them first." in said
    assert "2 lines: 1 taken in, 0 unchanged, 1 refused." in said
    assert "0 taken in, 1 unchanged, 1 refused." in typed(insurer, "volunteers", str(file))[1]
