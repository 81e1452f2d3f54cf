"""What the way to the bank is asked.

Source: procedures, section 2 step 5
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class FileToHandOver:
    """The file of a batch, to be laid in the bank's folder."""

    case_id: UUID
