"""What coverage was before, as visitors read it: of France, by quarters that are over."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

# View open.coverage_quarter, as the public login sees it.
_QUARTERS = text(
    "SELECT month, without FROM coverage_quarter WHERE function = :function ORDER BY month DESC"
    " LIMIT :most"
)
MOST_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter that is over. without: of how many territories nobody was there, or, of all
    functions, no list; None where these were few.
    """

    year: int
    number: int
    without: int | None


def read_quarters(session: Session, function: str) -> list[Quarter]:
    """Return the last quarters of a function, or of all, the latest first."""
    rows = session.execute(_QUARTERS, {"function": function, "most": MOST_QUARTERS})
    return [Quarter(month.year, month.month // 3, without) for month, without in rows]
