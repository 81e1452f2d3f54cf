"""`echeance verify-journal` and `echeance keys`, as somebody types them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from local.ports import HOST, free_port
from tests.factories.keys import OTHER_KEY, STORY_KEY
from tests.factories.register import a_complaint_at, open_desk
from tests.factories.tampering import CUT, a_night_passes, as_superuser, before_last_command, reference

Call = Callable[..., Result]


@pytest.fixture
def echeance(insurer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command on this test's register; keyword arguments are variables."""
    for name, value in {
        "DATABASE_URL": insurer,
        "ECHEANCE_KEYS": STORY_KEY,
        "ECHEANCE_HOME": str(tmp_path / "no house"),
        "TEMPORAL_ADDRESS": f"{HOST}:{free_port()}",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ECHEANCE_CHECKPOINTS_FOLDER", raising=False)

    def call(*words: str, **variables: str) -> Result:
        return CliRunner().invoke(app, words, env=variables)

    return call


def test_a_superuser_alters_a_row_then_cuts_the_tail_and_both_are_found(
    echeance: Call, insurer: str, tmp_path: Path
) -> None:
    files = str(tmp_path / "checkpoints")
    with open_desk(insurer) as desk:
        altered, cut = a_complaint_at(desk, "drafted"), a_complaint_at(desk, "drafted")
        a_night_passes(desk, Path(files), date(2031, 3, 3))
        whole = echeance("verify-journal", "--no-engine", "--checkpoints", files)
        assert (whole.exit_code, whole.stdout) == (0, "")
        assert "2 cases, " in whole.stderr
        assert whole.stderr.endswith("lines a second): nothing found.\n")

        as_superuser(desk, "UPDATE journal SET actor_id = NULL WHERE case_id = :id AND line = 1", id=altered)
        as_superuser(desk, *CUT, id=cut, last=before_last_command(desk, cut))
        of_altered, of_cut = reference(desk, altered), reference(desk, cut)

    found = echeance("verify-journal", "--no-engine", ECHEANCE_CHECKPOINTS_FOLDER=files)
    lines = found.stdout.splitlines()
    assert found.exit_code == 1
    assert lines[0] == f"{of_altered}, line 1: It is not what was written, or not after this line."
    assert any(one.startswith(f"{of_cut}, line ") and "the checkpoint of 2031-03-03 knows it." in one for one in lines)
    assert any(one.startswith(f"{of_cut}: ") and "was decided and has no line." in one for one in lines)

    told = json.loads(echeance("verify-journal", "--no-engine", "--json").stdout)
    assert (told["cases"], len(told["findings"])) == (2, len(lines))
    assert told["findings"][0] == {
        "reference": of_altered,
        "line": 1,
        "said": "It is not what was written, or not after this line.",
    }


@pytest.mark.parametrize(
    ("words", "variables", "sentence"),
    [
        ([], {"ECHEANCE_KEYS": ""}, "ECHEANCE_KEYS is not set"),
        ([], {"ECHEANCE_KEYS": OTHER_KEY}, "The key 'story' is not in ECHEANCE_KEYS"),
        ([], {"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ([], {"DATABASE_URL": f"postgresql://nobody@{HOST}:1/none"}, "The register cannot be read"),
        (["--checkpoints", "nowhere"], {}, "There is no folder nowhere"),
        ([], {}, "The engine does not answer"),
    ],
    ids=["no keys", "other keys", "no register", "register away", "no folder", "engine away"],
)
def test_what_cannot_be_verified_is_not_said_to_be_whole(
    echeance: Call, insurer: str, words: list[str], variables: dict[str, str], sentence: str
) -> None:
    with open_desk(insurer) as desk:
        a_complaint_at(desk, "assigned")
    answer = echeance("verify-journal", *words, **variables)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert sentence in answer.stderr


def test_the_ring_turns_by_a_command_that_says_what_is_still_needed(echeance: Call, insurer: str) -> None:
    with open_desk(insurer) as desk:
        a_complaint_at(desk, "assigned")
    turned = echeance("keys", "rotate", ECHEANCE_KEYS=f"{OTHER_KEY},{STORY_KEY}")
    assert turned.exit_code == 0
    first, second = turned.stdout.splitlines()
    assert first == "2 keys sealed anew under 'other', 2 in all."
    assert second.startswith("'story' is no longer used by the register. Keep it behind 'other' until the engine's")
    assert echeance("verify-journal", "--no-engine", ECHEANCE_KEYS=OTHER_KEY).exit_code == 0
    refused = echeance("keys", "rotate", ECHEANCE_KEYS=STORY_KEY)
    assert refused.exit_code == 1
    assert "The key 'other' is not in ECHEANCE_KEYS" in refused.stderr


def test_a_new_journal_key_is_made_and_what_is_older_sealed(echeance: Call, insurer: str) -> None:
    with open_desk(insurer) as desk:
        a_complaint_at(desk, "assigned")
        assert echeance("keys", "new-journal-key").exit_code == 0
        a_complaint_at(desk, "assigned")
        assert echeance("verify-journal", "--no-engine").exit_code == 0
        as_superuser(desk, "UPDATE journal SET mac = NULL, key_id = NULL", "UPDATE cases SET head = NULL")
    without = echeance("migrate", ECHEANCE_KEYS="")
    assert "set ECHEANCE_KEYS and run `echeance keys seal`" in without.stdout
    assert echeance("keys", "seal").stdout == "2 journals taken into the chain, 0 letters sealed.\n"
    assert echeance("verify-journal", "--no-engine").exit_code == 0
    assert echeance("migrate").stdout == ""
