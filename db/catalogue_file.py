"""The catalogue file: read `catalogue.yaml`, and say line by line what is wrong with it."""

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from db.policy_file import PolicyFileError, problems_of
from db.policy_yaml import YamlError, YamlProblem, read_yaml
from domain.audit.catalogue import Catalogue

DEFAULT_PATH = Path(__file__).resolve().parent.parent / "catalogue.yaml"


class CatalogueFileError(PolicyFileError):
    """The file cannot be used; its problems are told as the policy's are."""


def load_catalogue(path: Path = DEFAULT_PATH) -> Catalogue:
    """Read and check the catalogue as it is now. Raises CatalogueFileError with all its mistakes."""
    try:
        kept = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _as_kept(path, kept.st_mtime_ns, kept.st_size)


@lru_cache(maxsize=4)
def _as_kept(path: Path, _written_ns: int, _size: int) -> Catalogue:
    """What the file says, read once until it is written again."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    return parse_catalogue(text, path.name)


def _unreadable(path: Path, error: Exception) -> CatalogueFileError:
    reason = f"cannot be read ({type(error).__name__}): check its path, its rights, and that it is UTF-8"
    return CatalogueFileError(path.name, [YamlProblem(1, "the file", reason)])


def parse_catalogue(text: str, name: str = DEFAULT_PATH.name) -> Catalogue:
    """Check the catalogue in this text. Raises CatalogueFileError."""
    try:
        document = read_yaml(text)
        written = document.as_json()
    except YamlError as error:
        raise CatalogueFileError(name, error.problems) from error
    try:
        return Catalogue.model_validate_json(written)
    except ValidationError as error:
        raise CatalogueFileError(name, problems_of(error, document)) from error
