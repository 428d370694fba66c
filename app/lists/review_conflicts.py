"""What a line says otherwise than its actor, as its page shows it: both values, and whose."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.lists.review_values import reached
from app.records.choosing import may_take
from app.records.edits import Edit
from app.records.said import Difference
from importers.row import ActorRow


def conflicts_of(
    edit: Edit, row: ActorRow, rank: int, found: Iterable[Difference]
) -> Iterator[dict[str, Any]]:
    """Yield what a line says otherwise than its actor; rank: of the list.

    Beside both values: whose the one in place is, and whether that of the list may be taken.
    """
    withheld = {*edit.record.unpublished, *row.unpublished}
    for each in found:
        name, by = each.field, edit.provenance.get(each.field)
        said: dict[str, Any] = {"field": name, "rank": rank, "takes": may_take(edit, row, each)}
        said["before"] = reached(name, each.present, withheld)
        said["after"] = reached(name, each.said, withheld)
        if by:
            said |= {"source": str(by.source), "day": by.day.isoformat(), "of_rank": by.rank}
        yield said
