"""The closing report of a backlog operation: one document.

Source: procedures, section 4 step 6
"""

from domain.backlog.report import OperationReport
from letters.paper import on_paper
from reports.operation.document import LAYOUT, view
from reports.words import words_in


def operation_document(report: OperationReport, language: str) -> bytes:
    """The report as a PDF, "fr" or "en"; the same report and language are the same bytes.

    Until the operation is closed each page says that it is provisional. No clock, no register, no network. Raises
    KeyError for any other language.
    Source: procedures, section 4 step 6
    """
    return on_paper(LAYOUT, {"report": view(report, words_in(language))}, report.until)
