"""When a mail that a server did not take is tried again: its mailbox may stay full for days."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal

# It waits anew as long as it has waited, so long at most.
LONGEST = timedelta(hours=1)


def is_due(
    at: SQLColumnExpression[datetime], made_at: SQLColumnExpression[datetime], now: datetime
) -> ColumnElement[bool]:
    """Return the condition by which one that waits leaves now.

    at: when it was tried last, or made.
    """
    return at + func.least(at - made_at, literal(LONGEST)) <= now
