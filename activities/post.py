"""The day's post: letters are laid in it until its manifest is closed, once a working day."""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from temporalio import activity

from activities import post_folder
from activities.post_folder import Manifest, PostDayClosed
from db.commands import letter as letter_commands
from db.commands.letter import Way
from db.models import Case
from db.queries.calendar import calendar
from db.queries.letter import pdf_of
from db.session import Sessions
from domain.calendar import Calendar
from domain.civil import local_date
from domain.outgoing import LetterToSend
from domain.policy import PolicyBook
from domain.rounds import Round
from faultpoints import fault_point


def closing_after(after: datetime, days: Calendar, book: PolicyBook) -> date:
    """The day whose post is the next to be closed after an instant. Source: policy (before 17:00)"""
    office = book.in_force_on(after.date()).office
    local = after.astimezone(ZoneInfo(office.zone))
    day = local.date()
    if days.is_working_day(day) and local.time() < office.mail.post_closes.at:
        return day
    return days.next_working_day(day)


class Post:
    """The folder of the post and what the register knows of it."""

    def __init__(self, sessions: Sessions, folder: Path, book: PolicyBook) -> None:
        self._sessions = sessions
        self._folder = folder
        self._book = book

    @activity.defn(name="close_post")
    def close_post(self, closing: Round) -> None:
        """Write the day's manifest; each letter on it is handed over. Nothing on a day that became a closing day: what
        lies in its post is closed on a later one.
        """
        is_late = local_date(closing.at, self._book.in_force_on(closing.day).office.zone) > closing.day
        with self._sessions.begin() as session:
            works = is_late or calendar(session).is_working_day(closing.day)
            if works and letter_commands.open_day(session, closing.day):
                self._close(session, closing)
        fault_point("post_closed")

    def lay(self, asked: LetterToSend, way: Way) -> None:
        """Lay a letter in the post of the first day that is still open."""
        with self._sessions.begin() as session:
            days = calendar(session)
            day = closing_after(asked.at, days, self._book)
            while not self._put(session, day, asked, way):
                day = days.next_working_day(day)
            fault_point("post_file_written")
            letter_commands.lay_in_post(session, asked.id, day)
        fault_point("post_laid")

    def _put(self, session: Session, day: date, asked: LetterToSend, way: Way) -> bool:
        if not letter_commands.open_day(session, day):
            return False
        try:
            post_folder.add(self._folder, day, str(asked.id), way.reference, way.pdf, instead=asked.round > 1)
        except PostDayClosed:
            return False
        return True

    def _close(self, session: Session, closing: Round) -> None:
        manifest = post_folder.read(self._folder, closing.day) or self._write_manifest(session, closing)
        fault_point("post_manifest_written")
        told = sha256(repr(manifest.letters).encode()).hexdigest()
        ids = [UUID(entry.letter_id) for entry in manifest.letters]
        letter_commands.close_day(session, closing.day, closing.at, ids, told)

    def _write_manifest(self, session: Session, closing: Round) -> Manifest:
        """The list comes from the register; a letter whose file is gone is put back from it."""
        entries = []
        for letter in letter_commands.posted_on(session, closing.day):
            reference = session.get_one(Case, letter.case_id).reference
            pdf = pdf_of(session, letter)
            entries.append(post_folder.add(self._folder, closing.day, str(letter.id), reference, pdf))
        return post_folder.close(self._folder, closing.day, entries, closing.at)
