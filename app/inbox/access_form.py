"""Whether the form of requests for an account is open: as long as a worker can answer by mail."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import AccessForm

# A worker says so every minute; one that ended leaves it open no longer than this.
OPEN_FOR = timedelta(hours=1)


def keep_open(session: Session, now: datetime) -> None:
    """Say that whoever asks will be answered."""
    row = insert(AccessForm).values(id=1, open_until=now + OPEN_FOR)
    until = {"open_until": row.excluded.open_until}
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=until))


def is_open(session: Session, now: datetime) -> bool:
    """Say whether somebody may ask, by any login that reads when."""
    return (
        session.scalar(select(AccessForm.open_until).where(AccessForm.open_until > now)) is not None
    )
