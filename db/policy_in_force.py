"""The policy that a program works with: the file that the environment names, or the shipped one."""

import os
from pathlib import Path

from sqlalchemy import select

from db.models import Case
from db.policy_file import DEFAULT_PATH, load, versions_in_use
from db.session import Sessions
from domain.policy import PolicyBook


def policy_path() -> Path:
    """Where ECHEANCE_POLICY says that the policy is."""
    return Path(os.environ.get("ECHEANCE_POLICY") or DEFAULT_PATH)


def open_policy() -> PolicyBook:
    """Read and check the policy. Raises PolicyFileError."""
    return load(policy_path())


def check_versions_in_use(sessions: Sessions, book: PolicyBook) -> None:
    """A case keeps its version for life: a file that drops a version in use is refused with PolicyFileError."""
    with sessions() as session:
        versions_in_use(book, session.scalars(select(Case.policy).distinct()), policy_path().name)
