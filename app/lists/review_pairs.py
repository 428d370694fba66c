"""Whom a doubtful line of a list may be, as a person reads it beside them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.deposit_problems import digests_of
from app.lists.pair_effects import withheld_marks
from app.lists.plan_digest import versions
from app.lists.planning import Plan
from app.lists.review_values import said_of_new
from app.records.edits import Edit
from app.records.heard import own_marks
from app.records.reasons import heaviness, weighed
from app.vault.digests import digest
from importers.row import Where


class Pairs:
    """The stored actors that each line of a plan may be, the likeliest first, and why."""

    def __init__(self, session: Session, key: bytes, planned: Plan) -> None:
        self._key = key
        new = _new(planned)
        self.others = others_of(planned)
        stored = {
            where: {other: why for other, why in others.items() if other not in new}
            for where, others in self.others.items()
        }
        asked = (line.row for line in planned.reading.lines if line.row.where in self.others)
        self._rows = {row.where: row for row in asked}
        self._stored = {where: _in_order(others) for where, others in stored.items()}
        self._versions = versions(session, (other for each in stored.values() for other in each))

    def of(self, where: Where) -> Sequence[tuple[UUID, str]]:
        """Return whom a line may be, each with the reasons."""
        return self._stored.get(where, ())

    def mark(self, where: Where) -> bytes | None:
        """Return the digest of those beside whom a line is read, as they are."""
        others = [(str(other), self._versions.get(other, 0)) for other, _ in self.of(where)]
        return digest(self._key, "line pair", json.dumps(others)) if others else None

    def content(self, where: Where, edit: Edit) -> Mapping[str, Any]:
        """Return what a page shows of a line beside others: sealed, and a curateur's alone."""
        others = [{"id": str(other), "because": why} for other, why in self.of(where)]
        if not others:
            return {}
        marks = [each.hex() for each in digests_of(own_marks(edit), self._key)]
        said = {"others": others, "said": said_of_new(edit.record), "marks": marks}
        return {"pair": said | withheld_marks(self._rows[where], self._key)}


def others_of(planned: Plan) -> Mapping[Where, Mapping[UUID, str]]:
    """Return whom each doubtful line may be, actors of other lines of the list as well, and why."""
    lines, new = {actor: where for where, actor in planned.actors.items()}, _new(planned)
    found: dict[Where, dict[UUID, str]] = defaultdict(dict)
    for each in planned.same:
        one, other = each.actor_id, each.other
        if other in new and one not in new:
            # Of a new home its namesake is asked about.
            one, other = other, one
        if one in lines and other:
            found[lines[one]][other] = each.detail["because"]
    return found


def _new(planned: Plan) -> set[UUID]:
    return {actor for actor, edit in planned.changes.edits.items() if edit.is_new}


def _in_order(others: Mapping[UUID, str]) -> list[tuple[UUID, str]]:
    """Return actors with the reasons, in the same order whenever they are read."""
    return sorted(others.items(), key=lambda each: (heaviness(weighed(each[1])), str(each[0])))
