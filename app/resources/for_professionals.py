"""Resources that are for professionals alone, as whoever may read them looks for them."""

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from app.resources.words import ranked
from app.visibility import Viewer


def select_professional(session: Session, viewer: Viewer, text: str) -> list[str]:
    """Return the public ids of those that are for professionals alone, the best first; without
    words the newest. None where the viewer reads what the public does.
    """
    seen = viewer.resources().c
    own = select(seen.public_id).where(seen.audience == literal_column("'professionnel'"))
    newest = session.scalars(own.order_by(seen.published_at.desc(), seen.public_id)).all()
    if not text:
        return list(newest)
    places = {public_id: place for place, public_id in enumerate(newest)}
    of_equals = (places.keys() & set(equals) for equals in ranked(session, viewer, text))
    return [each for equals in of_equals for each in sorted(equals, key=places.__getitem__)]
