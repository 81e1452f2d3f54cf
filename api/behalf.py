"""The door behind which a request is one request: what it learns of who asks, it keeps for itself."""

from starlette.types import ASGIApp, Receive, Scope, Send

from db.behalf import one_request


class OneRequest:
    """Opens each request as nobody's; once it is known who asks, it works for their side (`db.behalf`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, and forget afterwards who asked."""
        with one_request():
            await self._app(scope, receive, send)
