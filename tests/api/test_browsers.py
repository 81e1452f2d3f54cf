"""What a browser could be made to do: send forms from another site, keep or frame an answer, run somebody's script."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from tests.api.contract import POLICY, check_headers, rule_of
from tests.api.counter import NOON, Counter
from tests.factories.bodies import a_complaint

MALO = "malo.quere"
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("method", "path"), [("POST", "/complaints"), ("DELETE", "/tokens"), ("POST", "/token")])
@pytest.mark.parametrize("content", [b"", b"{}"])
async def test_a_form_of_any_site_is_refused_though_it_is_empty(
    counter: Counter, kind: str, method: str, path: str, content: bytes
) -> None:
    headers = {**counter.pass_of(MALO), "Content-Type": kind}
    answer = await counter.http.request(method, f"/api/v1{path}", content=content, headers=headers)
    assert (answer.status_code, rule_of(answer)) == (415, "not_json")


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-origin", 201), ("same-site", 201), ("none", 201)]
)
async def test_another_site_s_page_changes_nothing(counter: Counter, site: str, status: int) -> None:
    body = a_complaint(NOON.date())
    assert (await counter.ask(MALO, "POST", "/complaints", body, Sec_Fetch_Site=site)).status_code == status


async def test_no_cookie_opens_anything_and_none_is_given(counter: Counter) -> None:
    token = counter.pass_of(MALO)["Authorization"].removeprefix("Bearer ")
    cookies = "; ".join(f"{name}={token}" for name in ("token", "session", "access_token", "Authorization"))
    answer = await counter.http.get("/api/v1/me", headers={"Cookie": cookies})
    assert answer.status_code == 401
    assert "set-cookie" not in (await counter.ask(MALO, "GET", "/me")).headers


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://house"])
async def test_no_other_site_is_let_read_an_answer(counter: Counter, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    assert (await counter.http.options("/api/v1/complaints", headers=asked)).status_code == 405
    answer = await counter.ask(MALO, "GET", "/me", Origin=origin)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("address", ["/api/v1/me", "/api/v1/nowhere", "/", "/health/live", "/openapi.json", "/docs"])
async def test_every_answer_carries_the_headers_errors_too(counter: Counter, address: str) -> None:
    check_headers(await counter.http.get(address))


async def test_the_page_of_the_api_runs_its_own_scripts_only(counter: Counter) -> None:
    page = await counter.http.get("/docs")
    policy = page.headers[POLICY]
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert f"script-src 'self' 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}';" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert "://" not in policy
    assert re.findall(r'<script src="([^"]+)"', page.text) == ["/vendor/swagger-ui-5.35.0/swagger-ui-bundle.js"]
    assert (await counter.http.get("/vendor/swagger-ui-5.35.0/swagger-ui-bundle.js")).status_code == 200


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:80", "house@attacker.example", ""])
@pytest.mark.parametrize("address", ["/api/v1/complaints/", "/docs/", "/vendor", "/openapi.json/", "/api/v1/me"])
async def test_no_answer_repeats_the_host_that_a_request_names(counter: Counter, host: str, address: str) -> None:
    answer = await counter.http.get(address, headers={**counter.pass_of(MALO), "Host": host})
    assert answer.status_code in {200, 404}
    assert "attacker" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "X-Original-URL", "X-Rewrite-URL"]
)
async def test_a_method_or_an_address_counts_where_it_stands_only(counter: Counter, header: str) -> None:
    answer = await counter.http.get("/api/v1/me?_method=DELETE", headers={**counter.pass_of(MALO), header: "DELETE"})
    assert (answer.status_code, answer.json()["login"]) == (200, MALO)
    assert (await counter.ask(MALO, "GET", "/me")).status_code == 200
