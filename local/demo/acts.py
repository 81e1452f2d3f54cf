"""What people do with a task in the demo's past: after how many working days, and with which words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from domain.complaint.words import Category, Finding, TaskKind
from domain.outgoing import Dispatch
from domain.tasks import Task
from local.demo.plan import Story
from local.demo.texts import ANSWERS, CALLED_THIS_WEEK, SENT_BACK_REASONS

_PACE: Mapping[TaskKind, tuple[int, ...]] = {
    TaskKind.ACKNOWLEDGE: (0, 0, 0, 1, 1),
    TaskKind.ANALYSE: (1, 1, 2, 2, 3),
    TaskKind.DRAFT_ANSWER: (0, 1, 1, 2),
    TaskKind.VALIDATE: (0, 0, 1),
    TaskKind.PAY_COMPENSATION: (1, 2, 3),
    TaskKind.REPAIR_DELIVERY: (1,),
    TaskKind.PROGRESS_CALL: (10,),
}
_HASTY: Mapping[TaskKind, int] = {TaskKind.ANALYSE: 1, TaskKind.PROGRESS_CALL: 10}


@dataclass(frozen=True)
class Scene:
    """A task that somebody looks at: of which story, and how often one of its kind was done on it before."""

    story: Story
    task: Task
    before: int

    @property
    def kind(self) -> TaskKind:
        """What is to be done."""
        return TaskKind(self.task.kind)

    @property
    def link(self) -> int:
        """Which validator is asked; 0 where none is."""
        return int((self.task.detail or {}).get("link", 0))


def is_left(scene: Scene) -> bool:
    """Whether nobody does this task: the story stands still here."""
    course = scene.story.course
    if scene.kind is TaskKind.UNBLOCK or (scene.kind is TaskKind.REPAIR_DELIVERY and not course.repaired):
        return True
    if scene.kind is not course.stops_at or scene.link != course.link:
        return False
    redrafts = scene.kind is TaskKind.DRAFT_ANSWER and course.sent_back
    return scene.before > 0 or not redrafts


def days_until(scene: Scene, chance: Random) -> int:
    """How many working days the task waits."""
    course = scene.story.course
    slow = course.slow if scene.kind is TaskKind.ANALYSE else 0
    pause = _HASTY.get(scene.kind, 0) if course.hasty else chance.choice(_PACE[scene.kind])
    return pause + slow


def body(scene: Scene, category: Category) -> dict[str, Any]:
    """What is sent to complete the task."""
    return _BODIES[scene.kind](scene, category)


def _acknowledge(scene: Scene, _: Category) -> dict[str, Any]:
    troubled = scene.story.course.email is not None
    dispatch = Dispatch.RECORDED_CALL if troubled else _way(scene.story)
    return {"outcome": "acknowledge", "dispatch": dispatch}


def _analyse(scene: Scene, category: Category) -> dict[str, Any]:
    wording, finding = scene.story.wording, scene.story.course.finding
    seen = wording.found if wording.language == "fr" else f"{wording.cause}."
    return {
        "outcome": "analyse",
        "category": category,
        "finding": finding,
        "theme": wording.theme,
        "cause": wording.cause if finding is not Finding.UNFOUNDED else "Règle du contrat mal comprise",
        "facts": f"{seen} Vérifié au dossier et dans l’historique des échanges.",
    }


def _draft(scene: Scene, _: Category) -> dict[str, Any]:
    return {"outcome": "draft", **_content(scene.story)}


def _validate(scene: Scene, _: Category) -> dict[str, Any]:
    course, version = scene.story.course, (scene.task.detail or {})["version_hash"]
    if course.sent_back and scene.before == 0:
        reason = SENT_BACK_REASONS[scene.story.number % len(SENT_BACK_REASONS)]
        return {"outcome": "send_back", "version_hash": version, "reason": reason}
    if course.amended and scene.link == 2:
        polished = {"next_steps": CALLED_THIS_WEEK[scene.story.wording.language]}
        return {"outcome": "amend", "version_hash": version, **_content(scene.story), **polished}
    return {"outcome": "approve", "version_hash": version}


def _pay(scene: Scene, _: Category) -> dict[str, Any]:
    return {"outcome": "paid", "payment_reference": f"VIR {scene.story.number:05d}"}


def _resend(_scene: Scene, _: Category) -> dict[str, Any]:
    return {"outcome": "resend", "dispatch": Dispatch.POST}


def _called(scene: Scene, _: Category) -> dict[str, Any]:
    return {"outcome": "called", "reached": scene.story.number % 3 != 0}


def _way(story: Story) -> Dispatch:
    return Dispatch.EMAIL if story.by_email else Dispatch.POST


def _content(story: Story) -> dict[str, Any]:
    finding = story.course.finding
    phrases = ANSWERS[story.wording.language][finding]
    return {
        "dispatch": _way(story),
        "asked": story.wording.asked,
        "found": story.wording.found,
        "decision": phrases.decision,
        "reasons": phrases.reasons,
        "next_steps": phrases.next_steps,
        "apology": {Finding.FOUNDED: "apologies", Finding.PARTLY_FOUNDED: "regrets"}.get(finding, "none"),
        "compensation_cents": story.course.compensation_cents,
    }


def holding_letter(story: Story) -> dict[str, Any]:
    """What is sent to tell the complainant that the answer takes longer; the date is the latest possible one."""
    return {"dispatch": _way(story), "reason": "third_party", "answer_by": None}


_BODIES: Mapping[TaskKind, Callable[[Scene, Category], dict[str, Any]]] = {
    TaskKind.ACKNOWLEDGE: _acknowledge,
    TaskKind.ANALYSE: _analyse,
    TaskKind.DRAFT_ANSWER: _draft,
    TaskKind.VALIDATE: _validate,
    TaskKind.PAY_COMPENSATION: _pay,
    TaskKind.REPAIR_DELIVERY: _resend,
    TaskKind.PROGRESS_CALL: _called,
}
