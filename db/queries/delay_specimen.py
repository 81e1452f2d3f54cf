"""The letter about a delay as it will look, before it is any member's: for who proposes a message, or approves it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from domain.claim.letters import ClaimLetterFacts
from domain.claim.words import CareCategory, ClaimKind, ClaimLetter
from domain.complaint.letters import LetterFacts, LetterKind
from domain.letters import Addressee, DelayFacts, Handler, Signatory, Wording
from domain.outgoing import Dispatch
from domain.policy import PolicyBook

_NAMES = {"fr": "Mme Prénom Nom", "en": "Mrs First-name Surname"}
_HANDLERS = {"fr": "le gestionnaire du dossier", "en": "the handler of the file"}


def specimen(
    procedure: str, language: str, delay: DelayFacts, received_on: date, today: date, book: PolicyBook
) -> Wording:
    """The letter of a case that nobody has, received on that day: everything of it that is the same for all.

    Source: procedures, section 4 step 4
    """
    return _SPECIMENS[procedure](language, delay, received_on, today, book)


def _addressee(language: str, book: PolicyBook) -> Addressee:
    return Addressee(name=_NAMES[language], address_lines=book.insurer.letterhead.address_lines, email=None)


def _complaint(language: str, delay: DelayFacts, received_on: date, today: date, book: PolicyBook) -> Wording:
    policy = book.in_force_on(today).complaint
    facts = LetterFacts(
        insurer=book.insurer.letterhead,
        mediator=book.insurer.mediator,
        addressee=_addressee(language, book),
        handler=Handler(name=_HANDLERS[language], phone=book.insurer.letterhead.phone),
        signatory=Signatory(name=_HANDLERS[language], title=book.insurer.letterhead.name),
        reference=f"REC-{received_on.year}-000000",
        dated=today,
        sent_on=None,
        received_on=received_on,
        answer_due_on=delay.promised_on,
        delay=delay,
    )
    kind = LetterKind.DELAY_NOTICE
    return Wording(
        kind=kind,
        language=language,
        dispatch=Dispatch.POST,
        mandatory=policy.mandatory_paragraphs(kind),
        facts=facts,
    )


def _claim(language: str, delay: DelayFacts, received_on: date, today: date, book: PolicyBook) -> Wording:
    policy, desk, letterhead = book.in_force_on(today).claim, book.insurer.claims_desk, book.insurer.letterhead
    handler = Handler(name=getattr(desk.department, language), phone=desk.phone)
    facts = ClaimLetterFacts(
        insurer=replace(letterhead, phone=desk.phone, email=desk.email),
        mediator=book.insurer.mediator,
        addressee=_addressee(language, book),
        handler=handler,
        signatory=Signatory(name=handler.name, title=letterhead.name),
        reference=f"PRE-{received_on.year}-000000",
        dated=today,
        category=CareCategory.ROUTINE,
        claim_kind=ClaimKind.REIMBURSEMENT,
        care_on=received_on,
        received_on=received_on,
        asked_cents=10_000,
        complaints_email=letterhead.email,
        lapses_after_months=policy.intake.oldest_care.months,
        delay=delay,
    )
    kind = ClaimLetter.DELAY_NOTICE
    return Wording(
        kind=kind,
        language=language,
        dispatch=Dispatch.POST,
        mandatory=policy.mandatory_paragraphs(kind),
        facts=facts,
    )


_SPECIMENS: Mapping[str, Callable[[str, DelayFacts, date, date, PolicyBook], Wording]] = MappingProxyType(
    {"complaint": _complaint, "claim": _claim}
)
