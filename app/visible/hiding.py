"""Whether an operator asked that its place be hidden, and nobody did it yet."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models import OperatorCode


def asked_to_hide(actor_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return whether an operator pressed its code, and nobody hid its place yet."""
    pressed = OperatorCode.asked_at.is_not(None)
    return select(OperatorCode.id).where(OperatorCode.actor_id == actor_id, pressed).exists()
