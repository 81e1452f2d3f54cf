"""What the programs are told."""

from pathlib import Path

import pytest

from local.home import Home, open_home
from local.settings import Ports, shared_environment, told_to_others, wants_demo, wants_history


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for variable in ("TEMPORAL_ADDRESS", "DATABASE_URL", "SMTP_URL", "ECHEANCE_KEYS"):
        monkeypatch.delenv(variable, raising=False)
    return open_home(tmp_path)


def test_the_keys_of_the_folder_are_told(home: Home) -> None:
    told = shared_environment(home, Ports.asked())
    assert home.secrets().items() <= told.items()


def test_what_the_person_has_set_wins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHEANCE_KEYS", "vault:x")
    assert shared_environment(home, Ports.asked())["ECHEANCE_KEYS"] == "vault:x"


def test_an_empty_variable_counts_as_not_set(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert "DATABASE_URL" not in shared_environment(home, Ports.asked())


def test_another_engine_s_settings_do_not_reach_ours(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "production")
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/etc/certificate")
    told = shared_environment(home, Ports.asked())
    assert told["TEMPORAL_NAMESPACE"] == "default"
    assert "TEMPORAL_TLS_CLIENT_CERT_PATH" not in told


def test_an_existing_engine_keeps_its_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "engine.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "production")
    assert shared_environment(home, Ports.asked())["TEMPORAL_NAMESPACE"] == "production"


def test_the_engine_s_own_pages_are_told_where_the_engine_is_ours(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECHEANCE_ENGINE_UI_URL", raising=False)
    assert shared_environment(home, Ports.asked())["ECHEANCE_ENGINE_UI_URL"] == "http://127.0.0.1:8233"
    monkeypatch.setenv("TEMPORAL_ADDRESS", "engine.example:7233")
    assert "ECHEANCE_ENGINE_UI_URL" not in shared_environment(home, Ports.asked())


def test_the_ports_that_others_serve_are_not_asked_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("local.settings.require_free", lambda _, variable: asked.append(variable))
    Ports.asked().require_free({"SMTP_URL": "smtp://relay.example", "TEMPORAL_ADDRESS": "engine.example:7233"})
    assert asked == ["ECHEANCE_API_PORT"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"ECHEANCE_DEMO": "0"}, False),
        ({"DATABASE_URL": "postgresql://theirs"}, False),
        ({"DATABASE_URL": "postgresql://theirs", "ECHEANCE_DEMO": "1"}, True),
    ],
)
def test_the_demo_never_goes_unasked_into_somebody_s_database(environment: dict[str, str], expected: bool) -> None:
    assert wants_demo(environment) is expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"ECHEANCE_DEMO": "1"}, True),
        ({"ECHEANCE_DEMO": "staff"}, False),
        ({"ECHEANCE_DEMO": "0"}, False),
        ({"DATABASE_URL": "postgresql://theirs"}, False),
    ],
)
def test_the_two_months_are_left_out_where_only_the_staff_is_asked_for(
    environment: dict[str, str], expected: bool
) -> None:
    assert wants_history(environment) is expected


def test_commands_beside_the_house_learn_no_more_than_they_need(home: Home) -> None:
    told = told_to_others({"DATABASE_URL": "postgresql://x", "HOME": "/somewhere", "PATH": "/bin"})
    assert told == {"DATABASE_URL": "postgresql://x"}


def test_commands_beside_the_house_go_by_its_policy() -> None:
    assert told_to_others({"ECHEANCE_POLICY": "/etc/policy.yaml"}) == {"ECHEANCE_POLICY": "/etc/policy.yaml"}
