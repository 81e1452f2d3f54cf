"""The lists that forms let people choose from, each word with its name."""

from enum import StrEnum

from api.pages.words import Words
from domain.claim.words import CareCategory, ControlReason
from domain.complaint.letters import Apology, HoldingReason
from domain.complaint.words import Category, Channel, ComplainantKind, Finding, RequalifiedAs, Theme
from domain.outgoing import Dispatch
from domain.policy import PolicyBook

Options = list[tuple[str, str]]
LISTS: dict[str, type[StrEnum]] = {
    "apology": Apology,
    "care_category": CareCategory,
    "category": Category,
    "complainant_kind": ComplainantKind,
    "control_reason": ControlReason,
    "finding": Finding,
    "holding_reason": HoldingReason,
    "requalified_as": RequalifiedAs,
    "theme": Theme,
}
"""The words that a form lets people choose from, by the name of what is chosen."""


def choices(words: Words, book: PolicyBook) -> dict[str, Options]:
    """All lists, by the name of what is chosen."""
    insurer = book.insurer
    return {name: options(words, vocabulary) for name, vocabulary in LISTS.items()} | {
        "channel": [(one.value, words.label(one)) for one in Channel if one.is_written],
        "dispatch": options(words, Dispatch),
        "letter": [(one.value, words.label(one)) for one in Dispatch if one is not Dispatch.RECORDED_CALL],
        "pole": [(pole.id, words.name_of("Pole", pole.id, pole.label)) for pole in insurer.poles],
        "skill": [(skill.id, words.name_of("Skill", skill.id, skill.label)) for skill in insurer.skills],
        "language": [(code, words.language_name(code)) for code in insurer.languages],
    }


def options(words: Words, vocabulary: type[StrEnum]) -> Options:
    """The words of a vocabulary."""
    return [(one.value, words.label(one)) for one in vocabulary]
