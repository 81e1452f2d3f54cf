"""Which router a request is for: one pattern tells, before the routes of a router are tried one by one.

Most of a request's routers have no such address; the framework would try each of their routes.
"""

import re
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Match, compile_path, get_route_path
from starlette.types import Scope

_NAME = re.compile(r"\?P<\w+>")


class Known(APIRouter):
    """A router's routes, tried only where one of them may be meant."""

    def __init__(self, router: APIRouter, prefix: str = "") -> None:
        super().__init__(routes=router.routes)
        self._addresses = re.compile("|".join(sorted(_patterns(router, prefix))))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of the routes is meant, whatever the method."""
        if self._addresses.match(get_route_path(scope)) is None:
            return Match.NONE, {}
        return super().matches(scope)


def serve(app: FastAPI, router: APIRouter, prefix: str = "", **options: Any) -> None:
    """Serve the router's routes below this prefix."""
    app.include_router(Known(router, prefix), prefix=prefix, **options)


def _patterns(router: APIRouter, prefix: str) -> set[str]:
    """What the addresses of its routes look like; their names do not matter."""
    paths = (prefix + (context.path or "") for context in iter_route_contexts(router.routes))
    return {_NAME.sub("?:", compile_path(path)[0].pattern) for path in paths}
