"""As whom PostgreSQL runs: as ourselves, or as an account without rights when we are root, which it refuses."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

USER_VARIABLE = "ECHEANCE_POSTGRES_USER"
DEFAULT_USER = "nobody"


@dataclass(frozen=True)
class Account:
    """An account of this machine that a child process can become."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether this account can walk down to `path` and enter or execute it; asked of the kernel, as it."""
        try:
            answer = subprocess.run(
                ["test", "-x", path], user=self.uid, group=self.gid, extra_groups=[], check=False, cwd="/"
            )
        except PermissionError as refusal:
            raise LocalError(
                f"This machine does not let root become {self.name}: "
                f"start again as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
            ) from refusal
        return answer.returncode == 0

    def receives(self, path: Path) -> None:
        """Hand `path` over to this account."""
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """The account PostgreSQL must run as, None when it can run as ourselves.

    Raises LocalError when we are root and the account does not exist.
    """
    if os.geteuid() != 0:
        return None
    name = os.environ.get(USER_VARIABLE, "") or DEFAULT_USER
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise LocalError(
            f"PostgreSQL refuses to run as root and this machine has no user {name!r}: "
            f"set {USER_VARIABLE} to an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
