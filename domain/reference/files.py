"""A file of reference data becomes lines, each its form or why it is refused.

Source: procedures, section 2 step 0
"""

from collections.abc import Iterable, Iterator

from domain.records import Sheet, read_records
from domain.reference.lines import FORMS, AnyLine
from domain.reference.reading import Reading, read_line
from domain.refusals import Invalid

Told = tuple[int, AnyLine | Invalid]
"""The number of a line in its file, the first being 1, and its form or why it is refused."""


def read_file(reading: Reading, lines: Iterable[bytes]) -> Iterator[Told]:
    """Every line that says something, in its order. Raises UnreadableFile.

    Source: procedures, section 2 step 0 (line-by-line report)
    """
    fields = FORMS[reading.kind].model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    records = read_records(Sheet(str(reading.kind), list(fields), needed), lines)
    return ((number, record if isinstance(record, Invalid) else _read(reading, record)) for number, record in records)


def _read(reading: Reading, record: dict[str, object]) -> AnyLine | Invalid:
    """One line: what is wrong with it is said, and does not keep the next from being read."""
    try:
        return read_line(reading, record)
    except Invalid as refusal:
        return refusal
