"""What the tests of the local servers share: a folder that every account of the machine can walk through."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import require


@contextmanager
def open_folder() -> Iterator[Path]:
    """An empty folder; unlike `tmp_path`, the account PostgreSQL runs as can reach what is in it."""
    path = Path(tempfile.mkdtemp(prefix="echeance-local-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder for this test alone."""
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def kept_folder() -> Iterator[Path]:
    """A folder that the tests of a file share, and leave as they found it."""
    with open_folder() as path:
        yield path


@pytest.fixture(autouse=True)
def programs_are_here() -> None:
    """The tests of this folder start the real servers."""
    require("postgres")
    require("engine")
