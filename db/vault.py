"""The vault: the register's own keys, opened with the ring that the sessions were given."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import KeptKey
from domain.refusals import Erased
from keys.ring import Keys, KeysError
from keys.sealing import Cipher, seal, unseal


@dataclass(frozen=True)
class DataKey:
    """A key of the register, in clear: in memory only."""

    id: UUID
    secret: bytes = field(repr=False)


def ring(session: Session) -> Keys:
    """The keys that the sessions were opened with. Raises KeysError when there are none."""
    keys: Keys | None = session.info.get("keys")
    if keys is None:
        raise KeysError("The register was opened without ECHEANCE_KEYS: set them to read letters or write the journal.")
    return keys


def wrap(session: Session, kept: KeptKey, secret: bytes) -> None:
    """Seal a key of the register under the ring's current one."""
    keys = ring(session)
    kept.wrapped_by = keys.current
    kept.wrapped = seal(keys.cipher(keys.current), secret, _about(kept))


def unwrap(session: Session, kept: KeptKey) -> DataKey:
    """Open a key of the register. Raises Erased, KeysError when the ring lacks its key, BrokenSealError."""
    if kept.wrapped is None:
        raise Erased(
            f"The key of this case was erased on {kept.erased_at:%Y-%m-%d}, and with it what it sealed.",
            "Nobody can read it any more. The journal still tells what happened, and when.",
        )
    return DataKey(kept.id, unseal(ring(session).cipher(kept.wrapped_by), kept.wrapped, _about(kept)))


def kept_case_key(session: Session, case_id: UUID) -> KeptKey | None:
    """The key of a case, as it lies in the register."""
    return session.scalar(select(KeptKey).where(KeptKey.case_id == case_id))


def case_cipher(session: Session, case_id: UUID) -> Cipher:
    """What opens the letters and the private words of a case. Raises Erased, KeysError, BrokenSealError."""
    kept = kept_case_key(session, case_id)
    if kept is None:
        raise KeysError(f"The case {case_id} has no key in the register: what it sealed cannot be opened.")
    return Cipher(unwrap(session, kept).secret)


def about_letter(letter_id: UUID, column: str) -> bytes:
    """What a sealed letter is bound to: it opens in no other row, and as nothing else."""
    return f"letters:{letter_id}:{column}".encode()


def about_bank_file(case_id: UUID) -> bytes:
    """What a sealed bank file is bound to."""
    return f"payments:{case_id}:file".encode()


def about_bank_report(report_id: UUID) -> bytes:
    """What a bank's sealed report is bound to."""
    return f"bank_reports:{report_id}:content".encode()


def about_document(document_id: UUID) -> bytes:
    """What a sealed document is bound to."""
    return f"claim_documents:{document_id}".encode()


def about_audit_file(file_id: UUID) -> bytes:
    """What a sealed file of a delegate is bound to."""
    return f"audit_files:{file_id}".encode()


def about_audit_report(audit_id: UUID, version: int, kind: str) -> bytes:
    """What a sealed file of an audit's report is bound to; `kind` is pdf, xlsx, or content: what both say."""
    return f"audit_reports:{audit_id}:{version}:{kind}".encode()


def about_pay(operation_id: UUID, version: int, what: str) -> bytes:
    """What a sealed pay file is bound to; `what` is file or slips."""
    return f"pay_files:{operation_id}:{version}:{what}".encode()


def about_operation_report(operation_id: UUID) -> bytes:
    """What the sealed closing report of an operation is bound to."""
    return f"operation_reports:{operation_id}".encode()


def about_evidence(evidence_id: UUID) -> bytes:
    """What a sealed piece of evidence is bound to."""
    return f"finding_evidence:{evidence_id}".encode()


def about_line(case_id: UUID, line: int) -> bytes:
    """What the private part of a line of the journal is bound to."""
    return f"journal:{case_id}:{line}".encode()


def _about(kept: KeptKey) -> bytes:
    return f"kept_keys:{kept.id}:{kept.purpose}:{kept.case_id or ''}".encode()
