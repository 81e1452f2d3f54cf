"""Operations for whoever visits their pages: one before the directors, and one in its third week."""

from tests.factories.backlog_rows import a_proposal
from tests.factories.running_operations import a_running_operation
from tests.stories.house import StoryHouse

MANAGER, DIRECTOR, GENERAL = "anne.le.goff", "isabelle.kermarrec", "francois.le.bihan"
Scenery = dict[str, str]


async def set_up_operations(story: StoryHouse) -> Scenery:
    """The operations, and the tasks of the directors on them."""
    now = story.house.now()
    running = await story.house.transact(lambda session: a_running_operation(session, now))
    body = a_proposal(story.house.today(), places=20).model_dump(mode="json")
    answer = await story.as_(MANAGER, "POST", "/backlog", body)
    assert answer.status_code == 201, answer.text
    proposed = answer.json()["reference"]
    return {
        "operation.running": running.reference,
        "operation.off_track": str(running.off_track_task),
        "operation.closing": str(running.close_task),
        "operation.proposed": proposed,
        "operation.proposed.task": (await story.inbox(DIRECTOR, proposed))[0]["id"],
    }
