"""Copies of the database that may still show what was just hidden."""

from sqlalchemy.exc import SQLAlchemyError

from app.desk.shell.gate import Desk
from app.platform.database.lag import copies_behind

# Seconds that a page waits for them: one that is well has replayed it before the page is asked for.
PATIENCE = 1.0


def still_shown_by(desk: Desk) -> list[str] | None:
    """Return the copies that do not say, within PATIENCE, that they replayed all that is done.

    None where the database does not tell: what was done is done, and its page says so.
    """
    try:
        return copies_behind(desk.engine, PATIENCE)
    except SQLAlchemyError:
        return None
