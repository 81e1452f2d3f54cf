"""The pages' looks, script and font: files of this house, kept by browsers for as long as they don't change."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_API = Path(__file__).parents[1]
FOLDERS = {"static": _API / "static", "vendor": _API / "vendor"}
_FOR_A_YEAR = "public, max-age=31536000, immutable"


class Kept(StaticFiles):
    """Files whose address holds their hash or their version may be kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, and how long a browser may keep it."""
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and (b"v=" in scope["query_string"] or self.directory == FOLDERS["vendor"]):
            answer.headers["Cache-Control"] = _FOR_A_YEAR
        return answer


@cache
def static(path: str) -> str:
    """The address of a file, `static/style.css` or `vendor/…`, with the hash of what is in it."""
    folder, _, name = path.partition("/")
    return f"/{path}?v={sha256((FOLDERS[folder] / name).read_bytes()).hexdigest()[:12]}"
