"""What somebody is told of their places in sessions, for the pages that show it: the inbox."""

from api.house import House
from api.pages.visit import Visit
from api.session_notices import PlaceNoticeView, notices_for
from db.queries import figures
from domain.permissions import Action


def places_told(house: House, visit: Visit) -> tuple[list[PlaceNoticeView], dict[str, str]]:
    """What has become of my places and I have not noted yet; and how the activities are called."""
    if not visit.may(Action.SIGN_UP):
        return [], {}
    with house.reading() as session:
        told = notices_for(session, visit.actor)
        rows = figures.activities(session, active_only=False) if told else []
        return told, {row.id: row.name_en if visit.words.language == "en" else row.name_fr for row in rows}
