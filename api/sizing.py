"""How many people it takes, each step of the computation in words."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.auth import Allowed
from domain.backlog.figures import Quantity
from domain.backlog.sizing import CallsAsked, FilesAsked, size_calls, size_files
from domain.backlog.words import SizingStep
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_FIGURES))]
Language = Annotated[Literal["en", "fr"], Query(description="of the words of each step")]


class FilesSizing(Form):
    """A day's files, which can wait."""

    volume: Quantity = Field(examples=[300], description="files a day")
    minutes: Quantity = Field(examples=[12], description="minutes per file")
    hours: Quantity = Field(examples=[7], description="hours that one person works a day")
    absence: Quantity = Field(examples=[0.4], description="the share of the staff who are away")


class CallsSizing(Form):
    """An hour's calls, which cannot wait."""

    per_hour: Quantity = Field(examples=[60], description="calls an hour")
    seconds: Quantity = Field(examples=[300], description="seconds per call")
    target_seconds: Quantity = Field(examples=[20], description="answered within so many seconds")
    service: Quantity = Field(examples=[0.8], description="the share of them that is")


class StepView(BaseModel):
    """One step of the computation."""

    name: SizingStep
    value: float
    text: str = Field(examples=["300 files a day × 12 minutes = 60 hours of work."])


class SizedFilesView(BaseModel):
    """Full-time staff, and the whole number of people that it takes."""

    asked: Mapping[str, float]
    staff: float = Field(examples=[14.29])
    people: int = Field(examples=[15])
    steps: list[StepView]
    source: str


class SizedCallsView(BaseModel):
    """Agents on the phones at once, and what they reach."""

    asked: Mapping[str, float]
    agents: int = Field(examples=[8])
    traffic_erlangs: float
    waiting: float = Field(description="the share of callers who wait")
    service: float = Field(examples=[0.8631], description="the share who are answered in time")
    occupancy: float
    mean_wait_seconds: float
    steps: list[StepView]
    source: str


@router.post("/sizing/files")
def files(asked: FilesSizing, _actor: Reader, language: Language = "en") -> SizedFilesView:
    """Staff needed = volume × handling time ÷ (daily hours × (1 − absence))."""
    return SizedFilesView.model_validate(sized_files(asked, language))


@router.post("/sizing/calls")
def calls(asked: CallsSizing, _actor: Reader, language: Language = "en") -> SizedCallsView:
    """The fewest agents who answer the wanted share of calls in time, by Erlang C."""
    return SizedCallsView.model_validate(sized_calls(asked, language))


def sized_files(asked: FilesSizing, language: str) -> dict[str, Any]:
    """The answer for files, in a language. Raises Invalid."""
    return size_files(FilesAsked(**dict(asked))).as_json(language)


def sized_calls(asked: CallsSizing, language: str) -> dict[str, Any]:
    """The answer for calls, in a language. Raises Invalid."""
    return size_calls(CallsAsked(**dict(asked))).as_json(language)
