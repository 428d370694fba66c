"""An actor as the public may read it, on a page of its own."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.search import actor_queries as queries
from app.search.actor_schemas import ActorCard, ActorSheet
from app.search.cards import cards
from importers.vocabulary import Vocabulary

PUBLIC_ID = re.compile(r"[0-9a-f]{16}")


def read_sheet(
    session: Session, vocabulary: Vocabulary, public_id: str, at: datetime
) -> ActorSheet:
    """Return one published actor; raises the same ActorUnknown for a bad, absent or hidden id.

    at: now, aware.
    """
    # What cannot be an id is asked for as well, as nobody's: it must not answer sooner than others.
    asked = {"public_id": public_id if PUBLIC_ID.fullmatch(public_id) else ""}
    row = session.execute(queries.SHEET, asked).mappings().one_or_none()
    if row is None:
        raise ActorUnknown
    card = cards(session, vocabulary, [row], at)[0]
    return ActorSheet(
        **{name: getattr(card, name) for name in ActorCard.__slots__},
        covers_national=row["covers_national"],
        covers=(*row["covered_territories"], *row["covered_epcis"], *row["covered_communes"]),
        said_for=tuple(row["said_communes"]),
        doubted_for=tuple(row["doubted_communes"]),
    )


def find_sheet(
    session: Session, vocabulary: Vocabulary, public_id: str, at: datetime
) -> ActorSheet:
    """Return one published actor, also by the id of another one that was joined to it.

    Raises the same ActorUnknown for a bad, absent or hidden id: neither of the two is hidden.
    """
    try:
        return read_sheet(session, vocabulary, public_id, at)
    except ActorUnknown:
        asked = {"public_id": public_id if PUBLIC_ID.fullmatch(public_id) else ""}
        target = session.scalar(queries.JOINED_TO, asked)
        # Asked for as well where there is none: it must not answer sooner than others.
        return read_sheet(session, vocabulary, target or "", at)
