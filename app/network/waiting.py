"""When a mail that a server did not take is tried again: its mailbox may stay full for days."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal

from app.models import MemberMessage, NetworkInvitation

# It waits anew as long as it has waited, so long at most.
LONGEST = timedelta(hours=1)


def is_due(row: type[MemberMessage | NetworkInvitation], now: datetime) -> ColumnElement[bool]:
    """Return the condition by which one leaves now; at: when it was tried last, or made."""
    waited = func.least(row.at - row.made_at, literal(LONGEST))
    return (row.state == "waits") & (row.at + waited <= now)
