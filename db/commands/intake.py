"""Register a new complaint: the case, its reference, its deadlines and the command to carry it on, in one go.

From this commit on the complaint cannot be lost, whether the engine is up or down.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.case import add_deadline
from db.commands.command import Ask, receive
from db.commands.journal import Writing, gather_line
from db.commands.keys import make_case_key
from db.models import Case, ComplaintRow, Member, StaffMember
from db.queries.calendar import calendar
from domain.civil import local_date
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.intake import Complainant, Intake, check_channel, check_dates, propose_category
from domain.complaint.states import ComplaintState
from domain.ladder import rungs
from domain.people import Actor
from domain.policy import PolicyBook, PolicyVersion
from domain.refusals import Invalid


def register_complaint(
    session: Session, intake: Intake, ask: Ask, actor: Actor, at: datetime, book: PolicyBook
) -> Case:
    """Check what arrived, then keep it. Raises Invalid, naming the field, the rule and the remedy."""
    version = book.in_force_on(intake.received_on)
    check_channel(intake.channel)
    check_dates(intake.received_on, intake.sent_on, local_date(at, version.office.zone))
    _check_known(intake, book)
    case = _open_case(session, intake, version, at)
    complaint = _complaint(session, case.id, intake, version, book.insurer.languages)
    command_id = ask.id or uuid7()
    writing = Writing(session, case, at, command_id, actor.id)
    dates = ComplaintDates(intake.received_on, intake.sent_on, intake.channel)
    days, known_on = calendar(session), local_date(at, version.office.zone)
    for deadline in complaint_deadlines(dates, days, version):
        add_deadline(writing, deadline, rungs(deadline, days, version, known_on))
    gather_line(writing, "ComplaintRegistered", _registered(case, intake, version))
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    session.add(complaint)
    command = receive(session, case.id, ask, actor, at)
    command.id, command.body = command_id, {}  # what arrived is kept once, on the complaint itself
    session.flush()
    writing.batch.write(session)
    return case


def _registered(case: Case, intake: Intake, version: PolicyVersion) -> dict[str, object]:
    return {
        "reference": case.reference,
        "channel": intake.channel,
        "received_on": intake.received_on,
        "sent_on": intake.sent_on,
        "policy": version.name,
        "policy_reaches_back": version.is_retroactive_on(intake.received_on),
    }


def _open_case(session: Session, intake: Intake, version: PolicyVersion, at: datetime) -> Case:
    number = session.execute(text("SELECT nextval('complaint_references')")).scalar_one()
    return Case(
        id=uuid7(),
        reference=f"REC-{intake.received_on.year}-{number:06d}",
        procedure="complaint",
        state=ComplaintState.REGISTERED,
        policy=version.name,
        pole=intake.pole,
        received_on=intake.received_on,
        opened_at=at,
        lines=0,
    )


def _complaint(
    session: Session, case_id: UUID, intake: Intake, version: PolicyVersion, languages: Collection[str]
) -> ComplaintRow:
    who = intake.complainant
    member = _member(session, who)
    return ComplaintRow(
        case_id=case_id,
        channel=intake.channel,
        received_on=intake.received_on,
        sent_on=intake.sent_on,
        complainant_kind=who.kind,
        member_number=who.member_number,
        complainant_name=_name(who, member),
        email=who.email or (member.email if member else None),
        address=list(who.address) or (member.address if member else []),
        language=_language(intake, member, languages),
        subject=intake.subject,
        text=intake.text,
        skills=sorted(intake.skills),
        about_id=_about(session, intake.about),
        category=propose_category(intake, version.complaint.signals.sensitive),
    )


def _language(intake: Intake, member: Member | None, languages: Collection[str]) -> str:
    """The language that was given; where none was, the member's, if the house writes it.

    Source: procedures, section 1 step 9
    """
    if "language" not in intake.model_fields_set and member is not None and member.language in languages:
        return member.language
    return intake.language


def _member(session: Session, who: Complainant) -> Member | None:
    if who.member_number is None:
        return None
    member = session.get(Member, who.member_number)
    if member is None:
        raise Invalid(
            f"No member has the number {who.member_number}.",
            "Check the number, or leave it out and give name and address.",
            field="complainant.member_number",
        )
    return member


def _name(who: Complainant, member: Member | None) -> str:
    name = who.name or (member.name if member else None)
    if name is None:
        raise Invalid(
            "Nobody can be answered without a name.",
            "Give the complainant's name, or their member_number.",
            field="complainant.name",
        )
    return name


def _about(session: Session, login: str | None) -> UUID | None:
    if login is None:
        return None
    person = session.scalar(select(StaffMember.id).where(StaffMember.login == login))
    if person is None:
        raise Invalid(f"Nobody has the login {login}.", "Give the login of a member of staff, or none.", field="about")
    return person


def _check_known(intake: Intake, book: PolicyBook) -> None:
    facts = book.insurer
    _check_listed("pole", [intake.pole], [pole.id for pole in facts.poles])
    _check_listed("skills", intake.skills, [skill.id for skill in facts.skills])
    _check_listed("language", [intake.language], facts.languages)


def _check_listed(field: str, given: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise Invalid(
            f"The policy knows no {field} {', '.join(unknown)}.",
            f"Take one of: {', '.join(sorted(known))}.",
            field=field,
        )
