"""The policy file: read `policy.yaml`, and say line by line what is wrong with it."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from db.policy_yaml import Document, YamlError, YamlProblem, read_yaml
from domain.policy import PolicyBook

DEFAULT_PATH = Path(__file__).resolve().parent.parent / "policy.yaml"

_PLAIN_WORDS = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not known here: correct its name, or remove it",
    "unexpected_keyword_argument": "is not known here: correct its name, or remove it",
    "too_short": "is empty: give one at least",
    "json_invalid": "holds characters that are not text: remove them",
}


class PolicyFileError(ValueError):
    """The file cannot be used. `problems` has one line per mistake: `policy.yaml:12: where: reason`."""

    def __init__(self, name: str, problems: Iterable[YamlProblem]) -> None:
        self.problems = tuple(f"{name}:{p.line}: {p.where}: {p.reason}" for p in sorted(set(problems)))
        super().__init__("\n".join(self.problems))


def load(path: Path = DEFAULT_PATH) -> PolicyBook:
    """Read and check the policy file; PolicyFileError when it is wrong or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        problem = YamlProblem(1, "the file", f"cannot be read ({error.strerror}): check its path and rights")
        raise PolicyFileError(path.name, [problem]) from error
    except UnicodeDecodeError as error:
        raise PolicyFileError(path.name, [YamlProblem(1, "the file", "is not UTF-8: save it as UTF-8")]) from error
    return parse(text, path.name)


def parse(text: str, name: str = DEFAULT_PATH.name) -> PolicyBook:
    """Check the policy in this text. Raises PolicyFileError with all its mistakes; `name` is how they call it."""
    try:
        document = read_yaml(text)
        written = document.as_json()
    except YamlError as error:
        raise PolicyFileError(name, error.problems) from error
    try:
        return PolicyBook.model_validate_json(written)
    except ValidationError as error:
        raise PolicyFileError(name, problems_of(error, document)) from error


def versions_in_use(book: PolicyBook, names: Iterable[str], name: str = DEFAULT_PATH.name) -> None:
    """A case keeps its version for life: a file that drops a version in use is refused with PolicyFileError."""
    dropped = set(names) - {version.name for version in book.versions}
    reason = "is missing, and cases keep it for life: put it back"
    if dropped:
        raise PolicyFileError(name, [YamlProblem(1, f"versions.{version}", reason) for version in dropped])


def problems_of(error: ValidationError, document: Document) -> list[YamlProblem]:
    """One problem per place: of a value that could be one thing or another, both reasons are told."""
    reasons: dict[tuple[int, str], list[str]] = {}
    for details in _worth_telling(error):
        reasons.setdefault(_place(details, document), []).append(_reason(details))
    return [YamlProblem(*place, "; or ".join(told)) for place, told in reasons.items()]


def _worth_telling(error: ValidationError) -> list[ErrorDetails]:
    """A list is not short when it is only its items that are wrong."""
    told = error.errors(include_url=False)
    deeper = {d["loc"][:depth] for d in told for depth in range(len(d["loc"]))}
    return [d for d in told if d["type"] != "too_short" or d["loc"] not in deeper]


def _place(details: ErrorDetails, document: Document) -> tuple[int, str]:
    line, found = document.locate(details["loc"])
    missing = [str(details["loc"][-1])] if details["type"] == "missing" else []
    return line, ".".join([*found, *missing]) or "the file"


def _reason(details: ErrorDetails) -> str:
    kind, given = details["type"], details["input"]
    if kind in _PLAIN_WORDS:
        return _PLAIN_WORDS[kind]
    if kind == "value_error":
        return str(details["ctx"]["error"])
    told = details["msg"].removeprefix("Input ")
    return f"{told}, not {given!r}" if isinstance(given, str | int | float | None) else told
