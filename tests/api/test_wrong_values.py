"""What is wrong with a value is told in the house's own words, in French or in English, never in a library's."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import AwareDatetime, Field, field_validator
from pydantic_core.core_schema import ErrorType

from api.app import create_app
from api.pages.words import words_in
from api.wrong_values import in_words
from domain.forms import Form
from tests.api.contract import check_refusal


class Way(StrEnum):
    """By which way."""

    POST = "post"
    REGISTERED = "registered_post"


class Asked(Form):
    """A form with a value of each kind that ours have."""

    text: Annotated[str, Field(min_length=3, max_length=5)] = "four"
    filled: Annotated[str, Field(min_length=1)] = "x"
    number: Annotated[str, Field(pattern="^[0-9]+$")] = "1"
    many: Annotated[tuple[int, ...], Field(min_length=2, max_length=3)] = (1, 2)
    way: Way = Way.POST
    way_on: Literal["yes", "no"] = "yes"
    cents: Annotated[int, Field(ge=1, le=10)] = 5
    share: Annotated[Decimal, Field(gt=0, lt=1, max_digits=3, decimal_places=2)] = Decimal("0.5")
    is_late: bool = False
    day: date = date(2026, 1, 1)
    at: AwareDatetime | None = None
    seen_at: datetime | None = None
    hour: time = time(9)
    id: UUID | None = None
    known: dict[str, int] = Field(default_factory=dict)

    @field_validator("number")
    @classmethod
    def _is_known(cls, number: str) -> str:
        if number == "13":
            raise ValueError("An unfounded complaint grants no compensation.")
        return number


@cache
def asking_app() -> FastAPI:
    """The application with one more route, that takes such a form."""
    app = create_app()

    @app.post("/api/v1/asked")
    async def asked(_form: Asked) -> None:
        """Take it."""

    return app


async def told(sent: dict[str, Any], language: str | None) -> dict[str, Any]:
    """What whoever sends this is told."""
    transport = httpx2.ASGITransport(app=asking_app())
    headers = {"Accept-Language": language} if language else {}
    async with httpx2.AsyncClient(transport=transport, base_url="http://house", headers=headers) as http:
        answer = await http.post("/api/v1/asked", json=sent)
    check_refusal(answer)
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["type"]) == (422, "/problems/wrong_values")
    return found


MISTAKES = [
    ({"text": 7}, "This is no text.", "Ce n’est pas du texte."),
    ({"text": "ab"}, "This text is too short.", "Ce texte est trop court."),
    ({"text": "abcdef"}, "This text is too long.", "Ce texte est trop long."),
    ({"filled": ""}, "This text is empty.", "Ce texte est vide."),
    ({"number": "x"}, "This text is not written as it should be.", "Ce texte n’est pas écrit comme il faut."),
    ({"many": 1}, "This is no list.", "Ce n’est pas une liste."),
    ({"many": [1]}, "There are too few of these.", "Il y en a trop peu."),
    ({"many": [1, 2, 3, 4]}, "There are too many of these.", "Il y en a trop."),
    ({"way": "pigeon"}, "This is none of the values that there are.", "Ce n’est aucune des valeurs possibles."),
    ({"way_on": "maybe"}, "This is none of the values that there are.", "Ce n’est aucune des valeurs possibles."),
    ({"cents": 0}, "This lies below what is allowed.", "C’est en deçà de ce qui est permis."),
    ({"cents": 11}, "This lies above what is allowed.", "C’est au-delà de ce qui est permis."),
    ({"cents": "many"}, "This is no whole number.", "Ce n’est pas un nombre entier."),
    ({"cents": 1.5}, "This is no whole number.", "Ce n’est pas un nombre entier."),
    ({"share": 0}, "This lies below what is allowed.", "C’est en deçà de ce qui est permis."),
    ({"share": 1}, "This lies above what is allowed.", "C’est au-delà de ce qui est permis."),
    ({"share": "half"}, "This is no number.", "Ce n’est pas un nombre."),
    ({"share": "0.125"}, "This number has too many digits.", "Ce nombre a trop de chiffres."),
    ({"is_late": "perhaps"}, "This is neither true nor false.", "Ce n’est ni vrai ni faux."),
    ({"day": "2026-02-30"}, "This is no day of the calendar.", "Ce n’est pas un jour du calendrier."),
    ({"day": "2026-02-28T10:00:00"}, "This is no day of the calendar.", "Ce n’est pas un jour du calendrier."),
    (
        {"at": "2026-02-28T10:00:00"},
        "The offset of this instant is not as it should be.",
        "Le décalage de cet instant n’est pas comme il faut.",
    ),
    ({"seen_at": "yesterday"}, "This is no instant.", "Ce n’est pas un instant."),
    ({"hour": "noon"}, "This is no time of day.", "Ce n’est pas une heure du jour."),
    ({"id": "7"}, "This is no identifier.", "Ce n’est pas un identifiant."),
    ({"known": []}, "This is no object.", "Ce n’est pas un objet."),
    ({"colour": "red"}, "No value of this name is taken here.", "Aucune valeur de ce nom n’est acceptée ici."),
    (
        {"number": "13"},
        "An unfounded complaint grants no compensation.",
        "Une réclamation non fondée ne donne pas lieu à un dédommagement.",
    ),
]


@pytest.mark.parametrize(("sent", "english", "french"), MISTAKES)
async def test_a_wrong_value_is_told_in_the_language_of_whoever_sent_it(
    sent: dict[str, Any], english: str, french: str
) -> None:
    [field] = sent
    for language, rule in (("en-GB,en;q=0.9", english), ("fr-FR,fr;q=0.9,en;q=0.8", french)):
        answer = await told(sent, language)
        [wrong] = answer["errors"]
        assert (wrong["field"], wrong["rule"]) == (field, rule)
        assert answer["detail"] == f"{field}: {rule}"
        assert wrong["remedy"].strip()
        assert "{" not in wrong["remedy"]


@pytest.mark.parametrize("language", [None, "de", "*"])
async def test_whoever_asks_for_another_language_or_for_none_is_told_in_english(language: str | None) -> None:
    answer = await told({"cents": 0}, language)
    assert answer["detail"] == "cents: This lies below what is allowed."
    assert answer["remedy"] == "Correct these values; the schema is at /docs."


@pytest.mark.parametrize(
    ("sent", "remedy"),
    [
        ({"text": "ab"}, "Écrivez au moins 3 caractères."),
        ({"many": [1]}, "Donnez-en au moins 2."),
        ({"cents": 11}, "Indiquez 10 ou moins."),
        ({"share": 0}, "Indiquez plus que 0."),
        ({"way": "pigeon"}, "Choisissez l’une de celles-ci\u00a0: post, registered_post."),
        ({"way_on": "maybe"}, "Choisissez l’une de celles-ci\u00a0: yes, no."),
        ({"day": "30/02/2026"}, "Écrivez un jour comme 2026-12-31."),
        ({"number": "x"}, "Écrivez-le comme le veut ce modèle\u00a0: ^[0-9]+$"),
    ],
)
async def test_the_remedy_names_what_is_allowed_as_programs_write_it(sent: dict[str, Any], remedy: str) -> None:
    [wrong] = (await told(sent, "fr"))["errors"]
    assert wrong["remedy"] == remedy


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_mistake_of_the_library_is_told_in_its_words(kind: str, language: str) -> None:
    rule, remedy = in_words(
        {"type": kind, "loc": ("body", "x"), "msg": "Library's words", "input": "x"}, words_in(language, "UTC")
    )
    assert rule.strip()
    assert remedy.strip()
    assert kind == "value_error" or "Library" not in rule + remedy
