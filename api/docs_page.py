"""The page at /docs: the API to be read and tried, with nothing asked from any other host."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

_SWAGGER = "/vendor/swagger-ui-5.35.0"


def install(app: FastAPI) -> None:
    """Serve the page; the files it needs are the vendor's."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Échéance – API",
        swagger_js_url=f"{_SWAGGER}/swagger-ui-bundle.js",
        swagger_css_url=f"{_SWAGGER}/swagger-ui.css",
        swagger_favicon_url="data:,",
        swagger_ui_parameters={"validatorUrl": None},
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return page


def _policy(page: str) -> str:
    """Only this page's own script runs, named by its hash, and the one beside it; nothing is asked from elsewhere."""
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    script_hash = b64encode(sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{script_hash}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
