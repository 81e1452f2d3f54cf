"""The page at /docs: the API to be read and tried, with nothing asked from any other host."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

VENDOR = Path(__file__).parent / "vendor"
_SWAGGER = "/vendor/swagger-ui-5.35.0"


def install(app: FastAPI) -> None:
    """Serve the page and the files it needs."""
    app.mount("/vendor", StaticFiles(directory=VENDOR), name="vendor")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Échéance – API",
            swagger_js_url=f"{_SWAGGER}/swagger-ui-bundle.js",
            swagger_css_url=f"{_SWAGGER}/swagger-ui.css",
            swagger_favicon_url="data:,",
            swagger_ui_parameters={"validatorUrl": None},
        )
