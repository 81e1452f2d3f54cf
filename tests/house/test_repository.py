"""What stands in the repository: no address of a machine or a registry, no word that a member should not read."""

import re
import tomllib
from hashlib import sha256

import pytest

from tests.house.tree import PROJECT, files, read

BINARY = (".png", ".jpg", ".ico", ".woff2", ".pdf", ".gz", ".dump")
ADDRESSES = {
    "127.0.0.1",
    "localhost",
    "house",
    "host",
    "keepachangelog.com",
    "www.mediateur-mutualite.fr",
    "www.mutuelle",
    "www.w3.org",
}
"""The hosts that texts may name, beside `*.example`, placeholders in braces and PostgreSQL's and Temporal's own."""
URL = re.compile(r"\b(?:https?|ftp|git|ssh)://(?:[^\s/@\"'`]*@)?([^\s/:\"'`)>\]}]+)")
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)(?:/|\b)")
VENDORS = ("api/vendor/", "tests/browser/vendor/")
OWN_FILE = "tests/house/test_repository.py"


def texts() -> dict[str, str]:
    """Every file of ours that people read, with its text; not this one, which names what it looks for."""
    ours = [path for path in files() if not path.startswith(VENDORS) and path != OWN_FILE]
    return {path: read(path) for path in ours if not path.endswith(BINARY)}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern is found."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    assert lines_with(HOME_OF_SOMEBODY) == []


def test_every_host_that_is_named_is_one_that_may_be() -> None:
    named = {(path, host) for path, text in texts().items() for host in URL.findall(text)}
    strange = [f"{path}: {host}" for path, host in sorted(named) if not may_be_named(host)]
    assert strange == []


def may_be_named(host: str) -> bool:
    """Whether it is this machine, an invented one, a placeholder, or listed."""
    return host in ADDRESSES or host.endswith((".example", "www.")) or host[0] in "{$<…" or "." not in host


@pytest.mark.parametrize("folder", VENDORS)
def test_the_browser_files_that_others_wrote_are_as_they_came(folder: str) -> None:
    kept = (PROJECT / folder / "SHA256SUMS").read_text().split()
    hashes = dict(zip(kept[1::2], kept[::2], strict=True))
    found = {
        str(file.relative_to(PROJECT / folder)): file
        for file in (PROJECT / folder).rglob("*")
        if file.suffix in {".js", ".css", ".woff2"}
    }
    assert {name: sha256(file.read_bytes()).hexdigest() for name, file in found.items()} == hashes


def test_the_lock_file_has_a_hash_for_every_package_and_no_address() -> None:
    lock = read("requirements.lock")
    pinned = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert "://" not in lock
    assert not re.search(r"^\s*--?(extra-)?(index|find|i |f )", lock, re.MULTILINE)
    assert [one.split()[0] for one in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)] == []
    assert [one.split()[0] for one in pinned if "==" not in one.split()[0]] == []


def test_the_lock_file_pins_whatever_the_project_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", read("requirements.lock"), re.MULTILINE))
    names = {re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-") for one in asked}
    assert names - pinned == set(), "run `make lock`"


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = read("Makefile")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    told = dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", makefile, re.MULTILINE))
    assert set(targets[1].split()) == set(told)
    assert set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) == set(told)


def test_what_the_texts_tell_people_to_make_can_be_made() -> None:
    known = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    told = {
        (path, target)
        for path, text in texts().items()
        if path.endswith((".md", ".py"))
        for target in re.findall(r"`make ([a-z-]+)`", text)
    }
    assert {(path, target) for path, target in told if target not in known} == set()


@pytest.mark.parametrize("folder", ["templates/letters/", "templates/mails/"])
def test_no_template_of_a_letter_or_mail_calls_a_member_a_client(folder: str) -> None:
    templates = [path for path in files() if path.startswith(folder) and not path.endswith(BINARY)]
    assert templates
    assert [path for path in templates if re.search(r"\bclient", read(path), re.IGNORECASE)] == []


def test_every_package_is_installed_typed_and_under_the_import_contracts() -> None:
    project = tomllib.loads(read("pyproject.toml"))["tool"]
    packages = {path.split("/")[0] for path in files() if path.count("/") == 1 and path.endswith("/__init__.py")}
    packages -= {"tests"}
    assert packages <= set(project["importlinter"]["root_packages"])
    assert packages <= set(project["mypy"]["packages"])
    assert packages <= set(project["hatch"]["build"]["targets"]["wheel"]["only-include"])


def test_every_layer_below_the_command_line_says_what_it_may_import() -> None:
    linter = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    bound = {one["package"] for one in linter["contracts"] if one["type"] == "only"}
    assert set(linter["root_packages"]) - bound == {"bench", "cli", "local", "rehearsal"}


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{path}: {target}"
        for path, text in texts().items()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not (PROJECT / path).parent.joinpath(target).exists()
    ]
    assert dead == []


DECISIONS = [path for path in files() if path.startswith("docs/decisions/")]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.split("/")[-1].split("-")[0]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS)
def test_a_decision_is_one_page_that_opens_with_a_line_to_quote(path: str) -> None:
    title, _, quote, *rest = read(path).splitlines()
    number = int(path.split("/")[-1].split("-")[0])
    assert title.startswith(f"# {number}. ")
    assert re.fullmatch(r"> .{10,90}[.!]", quote)
    assert [line for line in rest if line.startswith("#")] == [
        "## Context",
        "## Decision",
        "## Consequences",
        "## Alternatives",
    ]
    assert len(rest) < 60
