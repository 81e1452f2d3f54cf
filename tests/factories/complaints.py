"""Complaints as the rules see them: the demo's staff, the house, what arrives, what people say."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from domain.complaint.case import Complaint
from domain.complaint.commands import Acknowledge, Analyse, DraftAnswer, Requalify
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Finding, RequalifiedAs, Theme
from domain.house import House
from domain.outgoing import Dispatch
from domain.people import Person, Staff
from domain.position import OpenDeadline
from domain.roles import Role
from local.demo_staff import STAFF, Someone, person_id
from tests.factories.rules import a_calendar, deadlines_of, the_book

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE = UUID(int=2026)

AUTHOR = "claire.morvan"
COLLEAGUE = "yann.kerloch"
EXPERT = "soizic.le.dantec"
OTHER_EXPERT = "tangi.riou"
REFERENT = "gwenola.prigent"
MANAGER = "anne.le.goff"
OTHER_MANAGER = "pierre.jaouen"
LAWYER = "odile.bescond"
OPERATIONS = "isabelle.kermarrec"
GENERAL = "francois.le.bihan"
ACCOUNTANT = "solene.guivarch"
ADMINISTRATOR = "alexis.cozic"
"""The demo's people by what they are for; the pole of all complaints here is `benefits`."""

HANDLERS = frozenset(one.login for one in STAFF if Role.HANDLER in one.roles)
MANAGERS = frozenset(one.login for one in STAFF if Role.POLE_MANAGER in one.roles)


def some_staff(
    *,
    absent: Iterable[str] = (),
    deputies: Mapping[str, str | None] | None = None,
    load: Mapping[str, int] | None = None,
    only: Iterable[str] | None = None,
) -> Staff:
    """The demo's staff; `deputies` replaces who stands in for whom, `only` leaves all others out."""
    wanted = {person.login for person in STAFF} if only is None else frozenset(only)
    away, stand_ins, loads = frozenset(absent), deputies or {}, load or {}

    def as_of_today(someone: Someone) -> Person:
        deputy = stand_ins.get(someone.login, someone.deputy)
        return Person(
            id=person_id(someone.login),
            login=someone.login,
            roles=frozenset(someone.roles),
            pole=someone.pole,
            skills=frozenset(someone.skills),
            absent=someone.login in away,
            deputy_id=person_id(deputy) if deputy else None,
            load=loads.get(someone.login, 0),
            delegate=someone.delegate,
        )

    return Staff(tuple(as_of_today(someone) for someone in STAFF if someone.login in wanted))


def a_house(**staff: Any) -> House:
    """The insurer of the shipped policy, at noon; keyword arguments as for `some_staff`."""
    book = the_book()
    return House(book, book.in_force_on(TODAY), lambda: some_staff(**staff), a_calendar, NOON, TODAY)


def a_complaint(**changes: Any) -> Complaint:
    """A complaint that has just been registered, by letter, for the pole of benefits."""
    return replace(
        Complaint(
            id=CASE,
            state=ComplaintState.REGISTERED,
            category=Category.BUSINESS,
            pole="benefits",
            skills=frozenset(),
            received_on=TODAY,
            sent_on=None,
            channel=Channel.LETTER,
            known_on=TODAY,
            has_email=True,
            has_address=True,
            deadlines=tuple(
                OpenDeadline(d.name, 1, d.due_on, d.due_at, d.starts_on) for d in deadlines_of(TODAY).values()
            ),
        ),
        **changes,
    )


def what_is_said(**changes: Any) -> dict[str, Any]:
    """The words of an answer."""
    return {
        "dispatch": Dispatch.EMAIL,
        "asked": "Vous demandez le remboursement de vos soins.",
        "found": "Votre dossier est resté sans suite.",
        "decision": "Nous vous remboursons sans délai.",
        "reasons": "Le retard est de notre fait.",
        "next_steps": "Le virement part cette semaine.",
        **changes,
    }


def an_acknowledgement(dispatch: Dispatch = Dispatch.EMAIL) -> Acknowledge:
    """Told by e-mail, unless said otherwise."""
    return Acknowledge(dispatch=dispatch)


def an_analysis(**changes: Any) -> Analyse:
    """Founded, unless said otherwise."""
    said = {
        "category": Category.BUSINESS,
        "finding": Finding.FOUNDED,
        "theme": Theme.REIMBURSEMENT_DELAY,
        "cause": "Dossier resté sans suite",
        "facts": "Le devis n'a pas été traité.",
    }
    return Analyse.model_validate(said | changes)


def a_requalification(requalified_as: RequalifiedAs = RequalifiedAs.OPINION_REQUEST) -> Requalify:
    """It was no complaint."""
    return Requalify(requalified_as=requalified_as, reason="La personne demande un avis.")


def a_draft(**changes: Any) -> DraftAnswer:
    """The owner's answer, without compensation unless one is given."""
    return DraftAnswer.model_validate(what_is_said(**changes))
