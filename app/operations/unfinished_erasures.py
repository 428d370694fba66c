"""Erasures that are asked for and not done; in a module of its own, since every command looks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ErasureRequest
from app.operations.erasure_register import entries, register_paths
from app.settings import Settings


def unfinished(session: Session, settings: Settings) -> int:
    """Count the erasures that were interrupted, or that a restored backup knows nothing of."""
    known = set(session.scalars(select(ErasureRequest.id)))
    interrupted = select(ErasureRequest.id).where(ErasureRequest.done_at.is_(None))
    restored = {each for each, _ in entries(*register_paths(settings))} - known
    return len(session.scalars(interrupted).all()) + len(restored)
