"""The delegate's space, on a whole house: pieces and evidence come in, plans are proposed, dates are asked for; what is
not for them, too late, or no file at all, is refused with the reason."""

from typing import Any

import httpx2
import pytest
from icalendar import Calendar

from tests.api.contract import rule_of
from tests.factories.audits import PLANNED_AT, Auditing
from tests.factories.rules import the_book
from tests.factories.two_delegates import ARMOR, LEON, Holding, holding
from tests.factories.uploads import A_PDF, AN_XLSM, AN_XLSX, a_form
from tests.stories.house import StoryHouse

KEPT = {
    "audit_files": "SELECT count(*) FROM audit_files WHERE audit_id = :id",
    "finding_evidence": "SELECT count(*) FROM finding_evidence WHERE finding_id = :id",
}


class Space:
    """Both delegates before the house: Armor's report is validated, Léon's pieces are awaited."""

    def __init__(self, house: StoryHouse) -> None:
        self.house = house
        engine = house.house.sessions.kw["bind"]
        self.desk = Auditing(engine, house.house.sessions, the_book(), PLANNED_AT)
        self.of = {"ARMOR": holding(self.desk, ARMOR), "LEON": holding(self.desk, LEON, launched=True)}
        self.desk.at = house.house.now()

    async def get(self, login: str, path: str) -> Any:
        """What somebody reads in the space."""
        return await self.house.get(login, f"/delegate{path}")

    async def post(self, login: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Give a command."""
        return await self.house.as_(login, "POST", f"/delegate{path}", body, **headers)

    async def send(self, login: str, path: str, content: bytes = A_PDF, name: str = "piece.pdf") -> httpx2.Response:
        """Deliver a file."""
        return await self.house.sends(login, f"/delegate{path}", *a_form(content, name))

    async def complete(self, login: str, reference: str, kind: str, **body: Any) -> httpx2.Response:
        """Complete one's task of this kind on this case."""
        told = await self.get(login, "/tasks")
        task = next(one for one in told["tasks"] if (one["case"], one["kind"]) == (reference, kind))
        return await self.post(login, f"/tasks/{task['id']}/complete", body)

    def kept(self, table: str, case_id: Any) -> int:
        """How many files the register holds for a case."""
        return int(self.desk.sql(KEPT[table], id=case_id)[0][0])


@pytest.fixture(scope="module")
async def space(house: StoryHouse) -> Space:
    """The space, with both delegates in it."""
    return Space(house)


def launched(space: Space) -> tuple[Holding, str]:
    """Léon's audit, whose pieces are awaited."""
    own = space.of["LEON"]
    return own, own.reference(own.audit_id)


def files_of(audit: Any, piece: str) -> list[Any]:
    """The files of one piece."""
    [found] = [one for one in audit["pieces"] if one["piece"] == piece]
    files: list[Any] = found["files"]
    return files


# Pieces.


async def test_pieces_are_told_with_what_each_is_checked_for_and_where_it_stands(space: Space) -> None:
    _, reference = launched(space)
    audit = await space.get(LEON.user, f"/audits/{reference}")
    assert [one["status"] for one in audit["pieces"]].count("awaited") == audit["missing"] == 1
    assert all(one["checked_for"] for one in audit["pieces"])
    english = await space.get(LEON.user, f"/audits/{reference}?language=en")
    assert english["pieces"][0]["label"] != audit["pieces"][0]["label"]
    assert [one["kind"] for one in audit["tasks"]] == ["deliver_pieces"]
    assert {one["name"] for one in audit["deadlines"]} >= {"launch", "delivery"}
    assert all(one["explanation"] for one in audit["deadlines"])
    assert audit["report"] is None


async def test_a_piece_comes_once_whatever_is_sent_twice_and_another_is_its_next_version(space: Space) -> None:
    own, reference = launched(space)
    path = f"/audits/{reference}/pieces/tariff-table"
    known = len(files_of(await space.get(LEON.user, f"/audits/{reference}"), "tariff-table"))
    for login, content, name in (
        (LEON.user, A_PDF, "barème.pdf"),
        (LEON.colleague, A_PDF, "encore.pdf"),
        (LEON.colleague, AN_XLSX, "bareme.xlsx"),
    ):
        answer = await space.send(login, path, content, name)
        assert (answer.status_code, answer.json().get("status")) == (200, "applied"), answer.text
    files = files_of(await space.get(LEON.head, f"/audits/{reference}"), "tariff-table")
    assert [one["version"] for one in files] == list(range(1, known + 3))
    assert [one["name"] for one in files][-2:] == ["barème.pdf", "bareme.xlsx"]
    assert [one["delivered_by"] for one in files][-2:] == ["M. Corentin Falhun", "Mme Aziliz Bodénès"]
    assert files[-1]["late"]
    withdrawn = await space.post(
        LEON.user,
        f"/audits/{reference}/withdraw-piece",
        {"piece": "tariff-table", "version": files[-1]["version"], "reason": "Barème de 2024."},
    )
    assert withdrawn.status_code == 200
    files = files_of(await space.get(LEON.head, f"/audits/{reference}"), "tariff-table")
    assert files[-1]["withdrawn_because"] == "Barème de 2024."
    assert own.party is LEON


async def test_what_one_s_own_side_has_delivered_is_taken_back_down_and_nothing_else(space: Space) -> None:
    own, reference = launched(space)
    content = A_PDF.replace(b"1 0 obj", b"7 0 obj")
    await space.send(LEON.user, f"/audits/{reference}/pieces/tariff-table", content)
    file = files_of(await space.get(LEON.user, f"/audits/{reference}"), "tariff-table")[-1]
    for login in (LEON.user, LEON.colleague, LEON.head):
        answer = await space.house.as_(login, "GET", file["content"].removeprefix("/api/v1"))
        assert (answer.status_code, answer.content) == (200, content)
    path = f"/delegate/audits/{reference}/files/{file['id']}"
    assert (await space.house.as_(ARMOR.user, "GET", path)).status_code == 404
    assert own.party is LEON


async def test_the_dates_are_there_for_a_calendar_and_are_one_s_own(space: Space) -> None:
    _, reference = launched(space)
    answer = await space.house.as_(LEON.user, "GET", "/delegate/dates.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    dates = (await space.get(LEON.user, "/dates"))["dates"]
    assert len(events) == len(dates)
    assert f"{reference} – remise des pièces" in {str(event["SUMMARY"]) for event in events}
    assert len({str(event["UID"]) for event in events}) == len(events)


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "vide.pdf", 422),
        (A_PDF[:-8], "coupe.pdf", 422),
        (A_PDF, "bareme.xlsx", 422),
        (AN_XLSM, "macros.xlsm", 422),
        (b"MZ\x90\x00", "programme.exe", 422),
        (A_PDF, "", 422),
    ],
    ids=["empty", "cut off", "another name", "macros", "a program", "no name"],
)
async def test_what_is_no_piece_is_refused_and_nothing_of_it_is_kept(
    space: Space, content: bytes, name: str, status: int
) -> None:
    own, reference = launched(space)
    before = space.kept("audit_files", own.audit_id)
    answer = await space.send(LEON.user, f"/audits/{reference}/pieces/tariff-table", content, name)
    assert answer.status_code == status
    assert space.kept("audit_files", own.audit_id) == before


async def test_a_form_that_breaks_off_keeps_nothing(space: Space) -> None:
    own, reference = launched(space)
    before = space.kept("audit_files", own.audit_id)
    body, told = a_form(A_PDF, "bareme.pdf")
    for end in (len(body) // 2, len(body) - 20):
        path = f"/delegate/audits/{reference}/pieces/tariff-table"
        answer = await space.house.sends(LEON.user, path, body[:end], told)
        assert answer.status_code in {400, 422}, answer.text
    assert space.kept("audit_files", own.audit_id) == before


async def test_a_piece_that_is_not_asked_for_is_refused(space: Space) -> None:
    own, reference = launched(space)
    before = space.kept("audit_files", own.audit_id)
    answer = await space.send(LEON.user, f"/audits/{reference}/pieces/never-heard-of")
    assert (answer.status_code, answer.json()["field"]) == (422, "piece")
    assert space.kept("audit_files", own.audit_id) == before


async def test_after_the_end_of_the_delivery_a_piece_is_refused_and_told_where_it_goes(space: Space) -> None:
    own = space.of["ARMOR"]
    reference, before = own.reference(own.audit_id), space.kept("audit_files", own.audit_id)
    answer = await space.send(ARMOR.user, f"/audits/{reference}/pieces/tariff-table")
    assert (answer.status_code, rule_of(answer)) == (409, "wrong_step")
    assert "evidence of that finding" in answer.json()["remedy"]
    assert space.kept("audit_files", own.audit_id) == before


# The report and the restitution.


async def test_the_validated_report_is_read_and_its_findings_answered(space: Space) -> None:
    own = space.of["ARMOR"]
    reference = own.reference(own.audit_id)
    told = await space.get(ARMOR.user, f"/audits/{reference}")
    [said] = told["report"]["recommendations"]
    assert said["words"] == "Secret de ARMOR : recommandation"
    assert told["report"]["strengths"] == ["Secret de ARMOR : force"]
    for kind in ("pdf", "xlsx"):
        answer = await space.house.as_(ARMOR.head, "GET", f"/delegate/audits/{reference}/report.{kind}")
        assert answer.status_code == 200
        assert answer.content
        other = await space.house.as_(LEON.user, "GET", f"/delegate/audits/{reference}/report.{kind}")
        assert other.status_code == 404
    answers = [{"number": said["number"], "reply": "dispute", "argument": "Le contrôle existe."}]
    given = await space.complete(ARMOR.head, reference, "answer_findings", outcome="answer", answers=answers)
    assert given.status_code == 200, given.text
    told = await space.get(ARMOR.user, f"/audits/{reference}")
    assert told["report"]["recommendations"][0]["reply"] == "dispute"


async def test_a_report_that_is_not_validated_is_not_there(space: Space) -> None:
    _, reference = launched(space)
    answer = await space.house.as_(LEON.user, "GET", f"/delegate/audits/{reference}/report.pdf")
    assert (answer.status_code, "not validated" in answer.json()["detail"]) == (404, True)


# Findings.


async def test_a_plan_is_proposed_by_the_house_s_one_way(space: Space) -> None:
    own = space.of["ARMOR"]
    reference = own.reference(own.open_id)
    plan = {"outcome": "propose", "plan": "Un rapprochement chaque mois."}
    answer = await space.complete(ARMOR.user, reference, "propose_plan", **plan)
    assert (answer.status_code, answer.json()["status"]) == (200, "applied")
    assert answer.json()["link"].startswith("/api/v1/delegate/commands/")
    seen = await space.house.as_(ARMOR.user, "GET", answer.json()["link"].removeprefix("/api/v1"))
    assert seen.json()["id"] == answer.json()["id"]
    for login in (ARMOR.colleague, LEON.user):
        other = await space.house.as_(login, "GET", answer.json()["link"].removeprefix("/api/v1"))
        assert other.status_code == 404
    told = await space.get(ARMOR.colleague, f"/findings/{reference}")
    assert [(one["plan"], one["proposed_by"]) for one in told["plans"]] == [
        ("Un rapprochement chaque mois.", "Mme Enora Lagadec")
    ]
    assert not [one for one in told["tasks"] if one["kind"] == "propose_plan"]


async def test_the_same_key_again_is_the_same_command_and_with_another_body_a_conflict(space: Space) -> None:
    own = space.of["LEON"]
    path = f"/findings/{own.reference(own.open_id)}/postponement"
    said = {"until": "2031-04-30", "reason": "Congés."}
    first, again = [await space.post(LEON.user, path, said, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert first.json()["id"] == again.json()["id"]
    other = await space.post(LEON.user, path, said | {"reason": "Autre."}, **{"Idempotency-Key": "k"})
    assert other.status_code == 409


async def test_evidence_is_added_and_delivered_and_a_request_is_withdrawn(space: Space) -> None:
    own = space.of["ARMOR"]
    reference = own.reference(own.planned_id)
    told = await space.get(ARMOR.user, f"/findings/{reference}")
    assert [one["status"] for one in told["requests"]] == ["waiting"]
    assert (told["to_act"], told["overdue"]) == ("delegate", True)
    withdrawn = await space.post(ARMOR.user, f"/findings/{reference}/withdraw-request")
    assert withdrawn.status_code == 200, withdrawn.text
    for _ in range(2):
        assert (await space.send(ARMOR.colleague, f"/findings/{reference}/evidence")).status_code == 200
    given = await space.complete(ARMOR.user, reference, "deliver_evidence", outcome="deliver", comment="Onglet 2.")
    assert given.status_code == 200, given.text
    told = await space.get(ARMOR.user, f"/findings/{reference}")
    assert [one["delivered_by"] for one in told["evidence"]] == ["Mme Enora Lagadec", "M. Bastien Cloarec"]
    assert (told["state"], told["to_act"], told["tasks"]) == ("verifying", "insurer", [])
    before = space.kept("finding_evidence", own.planned_id)
    late = await space.send(ARMOR.user, f"/findings/{reference}/evidence", AN_XLSX, "b.xlsx")
    assert (late.status_code, rule_of(late)) == (409, "wrong_step")
    assert space.kept("finding_evidence", own.planned_id) == before


async def test_a_reason_given_back_is_told_and_whoever_gave_it_is_not(space: Space) -> None:
    from tests.factories.finding_desk import WHY, refuse

    own = space.of["LEON"]
    refuse(space.desk, own.verifying_id)
    told = await space.house.as_(LEON.user, "GET", f"/delegate/findings/{own.reference(own.verifying_id)}")
    [said] = told.json()["rounds"]
    assert (said["reason"], said["confirmed_at"]) == (WHY, None)
    assert "Madec" not in told.text
    assert told.json()["state"] == "planned"


async def test_a_task_that_is_done_says_so_and_one_of_the_insurer_s_is_not_there(space: Space) -> None:
    own = space.of["ARMOR"]
    [(verifying,)] = space.desk.sql("SELECT id FROM tasks WHERE case_id = :id AND kind = 'verify'", id=own.verifying_id)
    answer = await space.post(ARMOR.user, f"/tasks/{verifying}/complete", {"outcome": "verified"})
    assert answer.status_code == 404
    [(done,)] = space.desk.sql("SELECT id FROM tasks WHERE case_id = :id AND kind = 'propose_plan'", id=own.planned_id)
    answer = await space.post(ARMOR.user, f"/tasks/{done}/complete", {"outcome": "propose", "plan": "Encore."})
    assert (answer.status_code, rule_of(answer)) == (409, "task_done")


async def test_whoever_has_left_is_out_and_the_director_has_the_tasks(space: Space) -> None:
    own = space.of["LEON"]
    for login in (LEON.user, LEON.colleague):
        assert (await space.get(login, "/me"))["delegate_name"] == "Léon Délégation"
        gone = await space.house.as_("alexis.cozic", "POST", f"/people/{login}/leave")
        assert gone.status_code == 200, gone.text
        assert (await space.house.as_(login, "GET", "/delegate/me")).status_code == 401
    await space.house.relay()
    told = await space.get(LEON.head, "/tasks")
    assert own.reference(own.open_id) in {one["case"] for one in told["tasks"]}
