"""Files as answers: how the API's description calls them, and the header by which a browser keeps them."""

from urllib.parse import quote

BINARY = {"schema": {"type": "string", "format": "binary"}}


def as_attachment(name: str) -> dict[str, str]:
    """The header by which a file is kept under this name, and not shown."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
