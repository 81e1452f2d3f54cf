"""Every page of the house, with somebody who sees it: a new page is one more line."""

from dataclasses import dataclass

from tests.browser.acts import ACCOUNTANT, FRONT_DESK, MANAGER, OWNER, REFERENT
from tests.factories import bodies
from tests.stories.acts import acknowledges, analyses, approves, drafts, enters, sends_back, state_of
from tests.stories.house import StoryHouse, settles


@dataclass(frozen=True)
class Place:
    """A page: who looks, and where; `{fresh}` stands for the complaint of that name, `{fresh.task}` for its task."""

    name: str
    login: str
    path: str
    signed_in: bool = True


PLACES = (
    Place("sign in", OWNER, "/sign-in", signed_in=False),
    Place("inbox", OWNER, "/inbox"),
    Place("inbox of the pole", MANAGER, "/inbox?whose=pole"),
    Place("inbox with nothing in it", "loic.hamon", "/inbox"),
    Place("complaints", OWNER, "/complaints"),
    Place("new complaint", FRONT_DESK, "/complaints/new"),
    Place("complaint that has arrived", OWNER, "/complaints/{fresh}"),
    Place("complaint that is answered", OWNER, "/complaints/{answered}"),
    Place("holding letter", OWNER, "/complaints/{acknowledged}/holding-letter"),
    Place("reassign", MANAGER, "/complaints/{fresh}/reassign"),
    Place("requalify", OWNER, "/complaints/{fresh}/requalify"),
    Place("acknowledge", OWNER, "/tasks/{fresh.task}"),
    Place("analyse", OWNER, "/tasks/{acknowledged.task}"),
    Place("draft the answer", OWNER, "/tasks/{analysed.task}"),
    Place("validate", REFERENT, "/tasks/{amended.task}"),
    Place("send back", REFERENT, "/tasks/{amended.task}?do=send_back"),
    Place("amend", REFERENT, "/tasks/{amended.task}?do=amend"),
    Place("pay the compensation", ACCOUNTANT, "/tasks/{answered.task}"),
    Place("done", OWNER, "/tasks/{answered.done}"),
    Place("nothing there", OWNER, "/complaints/REC-2031-999999"),
)
"""Left out: tasks that need weeks (the progress call) or a house in trouble (a letter to repair, a task for nobody);
they are made of the same parts."""

Scenery = dict[str, str]


async def set_up(story: StoryHouse) -> Scenery:
    """Complaints at every step, and the tasks on them: what the placeholders of the places stand for."""
    found: Scenery = {}
    for name in ("fresh", "acknowledged", "analysed", "amended", "answered"):
        found[name] = await _brought_to(name, story)
    for name, login in (("fresh", OWNER), ("acknowledged", OWNER), ("analysed", OWNER), ("amended", REFERENT)):
        found[f"{name}.task"] = (await story.inbox(login, found[name]))[0]["id"]
    found["answered.task"] = (await story.inbox(ACCOUNTANT, found["answered"]))[0]["id"]
    tasks = (await story.get(OWNER, f"/cases/{found['answered']}/state"))["tasks"]
    found["answered.done"] = next(task["id"] for task in tasks if task["kind"] == "draft_answer")
    return found


async def _brought_to(step: str, story: StoryHouse) -> str:
    """A complaint that has come so far."""
    words = {"skills": ["english"], "subject": f"Remboursement de lunettes en attente ({step})"}
    reference = await enters(story, FRONT_DESK, **words)
    if step == "fresh":
        return reference
    await acknowledges(story, OWNER, reference, "email")
    if step == "acknowledged":
        return reference
    await analyses(story, OWNER, reference)
    if step == "analysed":
        return reference
    await drafts(story, OWNER, reference, compensation_cents=5000)
    await sends_back(story, REFERENT, reference, "Dites quand le virement part.")
    await drafts(story, OWNER, reference, next_steps="Le virement part le 10 mars.", compensation_cents=3000)
    if step == "answered":
        await approves(story, REFERENT, reference)
        await approves(story, MANAGER, reference)

        async def state() -> str:
            return await state_of(story, OWNER, reference)

        await settles(state, "answered")
    return reference
