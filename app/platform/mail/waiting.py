"""When a mail that did not leave is tried again: its mailbox may stay full for days, and what does
not open may never do.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal, or_

# It waits anew as long as it has waited, so long at most.
LONGEST = timedelta(hours=1)


def is_due(
    at: SQLColumnExpression[Any], made_at: SQLColumnExpression[datetime], now: datetime
) -> ColumnElement[bool]:
    """Return the condition by which one that waits leaves now.

    at: when it was tried last, or made.
    """
    return at + func.least(at - made_at, literal(LONGEST)) <= now


def is_due_again(
    tried_at: SQLColumnExpression[datetime | None],
    made_at: SQLColumnExpression[datetime],
    now: datetime,
) -> ColumnElement[bool]:
    """Return the same of one whose last try is noted only if it failed."""
    return or_(tried_at.is_(None), is_due(tried_at, made_at, now))
