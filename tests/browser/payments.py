"""Batches of payments for whoever visits their pages: one that the bank has answered, one that is to be released."""

from bank.stand_in import reject_some
from tests.factories.payments import BUILDER, FIRST, SECOND, Cashier, cashier_of
from tests.stories.house import StoryHouse, settles

AUDITOR, RELEASER = "katell.rolland", FIRST
Scenery = dict[str, str]


def a_cashier(story: StoryHouse) -> Cashier:
    """Somebody who puts claims that are to be paid straight into the register of this house; one for all tests."""
    known: Cashier | None = getattr(story, "cashier", None)
    cashier = known or cashier_of(story.house.sessions, story.house.now())
    story.cashier = cashier  # type: ignore[attr-defined]
    return cashier


async def set_up_payments(story: StoryHouse) -> Scenery:
    """Two batches, one line of the first rejected."""
    cashier = a_cashier(story)
    for cents in (5_000, 7_525):
        cashier.claim(cents)
    answered = await builds(story)
    for login in (FIRST, SECOND):
        await releases(story, login, answered)
    await reaches(story, answered, "handed_over")
    report = reject_some(
        sent(story, answered), f"B-{answered}", story.house.now(), {end_to_end(cashier, answered): "AC04"}
    )
    told = await story.as_(BUILDER, "POST", f"/payments/{answered}/status-report", {"file": report.decode()})
    assert told.status_code == 200, told.text
    await confirms(story, FIRST, answered)
    cashier.claim(12_340)
    cashier.claim(4_599)
    batch = await builds(story)
    task = (await story.inbox(RELEASER, batch))[0]["id"]
    cashier.claim(3_210)
    return {"batch": batch, "batch.task": task, "batch.answered": answered}


async def builds(story: StoryHouse) -> str:
    """A batch for today is built, and the relay tells its claims; its reference."""
    body = {"executes_on": story.house.today().isoformat()}
    told = await story.as_(BUILDER, "POST", "/payments", body)
    assert told.status_code == 201, told.text
    await story.relay()
    return str(told.json()["reference"])


async def releases(story: StoryHouse, login: str, reference: str) -> None:
    """Somebody releases its file, once all its claims have learned of it."""
    sha256 = (await story.get(login, f"/payments/{reference}"))["file_sha256"]

    async def answered() -> int:
        await story.relay()
        told = await story.complete(login, reference, "release", outcome="release", file_sha256=sha256)
        return int(told.status_code)

    await settles(answered, 200, 30)


async def confirms(story: StoryHouse, login: str, reference: str) -> None:
    """A second person of accounting confirms what the bank is said to have answered."""
    asked = [one for one in await story.inbox(login, reference) if one["kind"] == "confirm_answer"]
    done = {"outcome": "confirm_answer", "answer_id": asked[0]["detail"]["answer_id"]}
    told = await story.complete(login, reference, "confirm_answer", **done)
    assert told.status_code == 200, told.text


async def reaches(story: StoryHouse, reference: str, state: str) -> None:
    """The batch comes to stand there."""

    async def stands() -> str:
        return str((await story.get(BUILDER, f"/payments/{reference}"))["state"])

    await settles(stands, state)


def sent(story: StoryHouse, reference: str) -> bytes:
    """The file that lies in the bank's folder."""
    return (story.bank_folder / "outgoing" / f"{reference}.xml").read_bytes()


def end_to_end(cashier: Cashier, reference: str, line: int = 1) -> str:
    """The name of a line, as the bank knows it."""
    return cashier.lines(cashier.payment_of(reference))[line].end_to_end_id
