"""All that the register can be asked about its journal, as it stood at one instant."""

from collections.abc import Iterator
from pathlib import Path

from db.queries.verification.chains import Read, verify_chains
from db.queries.verification.checkpoints import verify_checkpoints, verify_files
from db.queries.verification.completeness import verify_completeness
from db.queries.verification.findings import Finding, journal_keys
from db.session import Sessions


def verify_register(sessions: Sessions, folder: Path | None, read: Read) -> Iterator[Finding]:
    """Every finding, while people go on working; `folder` holds the exported checkpoints.

    Raises KeysError when the ring lacks the key that the journal's lies under.
    """
    with sessions() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        keys = journal_keys(session)
        yield from keys.findings()
        yield from verify_chains(session, keys, read)
        yield from verify_checkpoints(session, keys)
        if folder is not None:
            yield from verify_files(session, keys, folder)
        yield from verify_completeness(session)
