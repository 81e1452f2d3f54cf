"""The report of an audit of a delegate: one document, one workbook.

Source: procedures, section 3 step 4
"""

from dataclasses import dataclass
from hashlib import sha256

from domain.audit.edition import Edition
from domain.audit.report import AuditReport
from reports.audit.document import document
from reports.audit.reading import Reading
from reports.audit.sheets import workbook
from reports.words import words_in


@dataclass(frozen=True)
class AuditFiles:
    """The two files of a report, byte for byte; their hashes are what validators name."""

    pdf: bytes
    xlsx: bytes

    @property
    def pdf_sha256(self) -> str:
        """SHA-256 of the document."""
        return sha256(self.pdf).hexdigest()

    @property
    def xlsx_sha256(self) -> str:
        """SHA-256 of the workbook."""
        return sha256(self.xlsx).hexdigest()


def audit_files(report: AuditReport, language: str, edition: Edition | None = None) -> AuditFiles:
    """Both files of a report, "fr" or "en"; the same report, edition and language are the same bytes.

    Without an edition, or before both validators have let it go, each page and each sheet says that it is a draft.
    No clock, no register, no network. Raises KeyError for any other language.

    Source: procedures, section 3 step 4
    """
    reading = Reading(report, edition or Edition(zone="UTC"), words_in(language))
    return AuditFiles(document(reading), workbook(reading))
