"""Files of reference data over the API: who may send them, how much, and what is told of them afterwards."""

import httpx2
import pytest

from api.files import LARGEST_FILE
from tests.api.contract import rule_of
from tests.api.counter import Counter
from tests.factories.reference import a_csv, a_member, a_staff_iban, an_iban

ADMINISTRATOR, CLAIRE = "alexis.cozic", "claire.morvan"


async def give(
    counter: Counter, kind: str, content: bytes, who: str = ADMINISTRATOR, **headers: str
) -> httpx2.Response:
    """Send a file of CSV."""
    return await counter.send(who, f"/imports/{kind}", content, "text/csv; charset=utf-8", **headers)


async def test_a_file_is_taken_in_and_its_report_stays(counter: Counter) -> None:
    file = a_csv(a_member("M8000001"), a_member("m8"), a_member("M8000002"))
    answer = await give(counter, "members", file, X_File_Name="adherents (2).csv")
    report = answer.json()
    assert answer.status_code == 201, answer.text
    assert (report["lines"], report["accepted"], report["unchanged"], report["refused"]) == (3, 2, 0, 1)
    assert [(one["line"], one["field"]) for one in report["refusals"]] == [(3, "number")]
    assert (report["by"], report["file_name"]) == (ADMINISTRATOR, "adherents (2).csv")
    assert report == await counter.get(ADMINISTRATOR, f"/import-reports/{report['id']}")
    assert (await counter.get(ADMINISTRATOR, f"/import-reports/{report['id']}?after_line=3"))["refusals"] == []
    newest, *_ = (await counter.get(ADMINISTRATOR, "/import-reports"))["imports"]
    assert newest["id"] == report["id"]
    again = (await give(counter, "members", file)).json()
    assert (again["accepted"], again["unchanged"], again["file_name"]) == (0, 2, "members")


async def test_a_file_comes_in_as_json_too(counter: Counter) -> None:
    line = b'{"number": "990000999", "name": "Optique du Port", "category": "optical"}\n'
    answer = await counter.send(ADMINISTRATOR, "/imports/providers", line, "application/x-ndjson")
    assert answer.json()["accepted"] == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\0", "n\u00b0;nom\n1;x\n".encode("latin-1"), b"number;name\n"])
async def test_a_file_that_cannot_be_read_is_explained(counter: Counter, content: bytes) -> None:
    answer = await give(counter, "members", content)
    assert (answer.status_code, rule_of(answer), answer.json()["field"]) == (422, "unreadable_file", "file")


async def test_accounts_of_the_staff_come_from_administrators_only(counter: Counter) -> None:
    file = a_csv(a_staff_iban(CLAIRE, 7_000))
    assert rule_of(await give(counter, "staff", file, "isabelle.kermarrec")) == "role_missing"
    answer = await give(counter, "staff", file, ADMINISTRATOR)
    assert answer.json()["accepted"] == 1
    assert an_iban(7_000) not in answer.text


async def test_nobody_who_may_not_import_is_listened_to(counter: Counter) -> None:
    assert rule_of(await give(counter, "members", b"x" * 1_000_000, CLAIRE)) == "role_missing"
    stranger = await counter.http.post(
        "/api/v1/imports/members", content=b"number;name\n", headers={"Content-Type": "text/csv"}
    )
    assert stranger.status_code == 401


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/html", ""])
async def test_only_files_come_in_there(counter: Counter, kind: str) -> None:
    assert (await counter.send(ADMINISTRATOR, "/imports/members", b"number;name\n", kind)).status_code == 415


async def test_no_other_site_sends_a_file(counter: Counter) -> None:
    answer = await give(counter, "members", a_csv(a_member()), Sec_Fetch_Site="cross-site")
    assert (answer.status_code, rule_of(answer)) == (403, "cross_site")


async def test_too_large_a_file_is_refused_before_it_has_come_in(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await give(counter, "members", b"x", Content_Length=str(LARGEST_FILE + 1))
    assert (said.status_code, rule_of(said)) == (413, "file_too_large")
    monkeypatch.setattr("api.files.LARGEST_FILE", 1_000)
    unsaid = await give(counter, "members", a_csv(*(a_member(f"M{n}") for n in range(100))))
    assert (unsaid.status_code, rule_of(unsaid)) == (413, "file_too_large")


async def test_an_import_that_nobody_made_is_not_there(counter: Counter) -> None:
    assert (
        await counter.ask(ADMINISTRATOR, "GET", "/import-reports/00000000-0000-0000-0000-000000000000")
    ).status_code == 404
    assert (await counter.ask(ADMINISTRATOR, "GET", "/import-reports/nonsense")).status_code == 422
    assert (await give(counter, "nonsense", b"x")).status_code == 422


async def test_a_day_s_claims_come_in_by_the_same_door(counter: Counter) -> None:
    line = b'{"number": "J-1", "member_number": "M0999999", "colour": "blue"}\n'
    answer = await counter.send(ADMINISTRATOR, "/imports/claims", line, "application/x-ndjson")
    report = answer.json()
    assert (answer.status_code, report["kind"], report["refused"]) == (201, "claims", 1)
    assert report == await counter.get(ADMINISTRATOR, f"/import-reports/{report['id']}")
    assert report["id"] in {one["id"] for one in (await counter.get(ADMINISTRATOR, "/import-reports"))["imports"]}
    assert rule_of(await give(counter, "claims", line, CLAIRE)) == "role_missing"
    assert rule_of(await give(counter, "claims", b"number;amount\n1;2\n")) == "unreadable_file"
