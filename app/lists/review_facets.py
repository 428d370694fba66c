"""How many lines of a deposited list each filter would leave."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, func, select
from sqlalchemy.orm import Session

from app.lists.review import (
    FLAGS,
    Narrowed,
    conditions,
    count,
    readable,
)
from app.lists.review_known import decision_for, is_own, is_placed, outcome_for
from app.lists.review_rows import COLUMN, TABLE, category_digest
from app.models import Commune, DepositLine, Role
from app.platform.database.sessions import among
from app.records.wording import BESIDE
from app.vault.sealing import Vault
from app.visibility import Viewer

# Conditions of lines.
Lines = tuple[ColumnElement[bool], ...]
_COMMUNES = 400


def facets(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    deposit_id: UUID,
    key: bytes,
    by: Narrowed,
    categories: Iterable[str],
) -> dict[str, dict[str, int]]:
    """Count the lines by each facet, as if it were not set. categories: codes that may be there."""
    found: dict[str, dict[str, int]] = {}

    def but_for(name: str, *also: ColumnElement[bool]) -> Lines:
        return (*readable(viewer, deposit_id), *conditions(viewer, key, by, name), *also)

    def counted(column: Any, name: str, *also: ColumnElement[bool]) -> dict[Any, int]:
        some = select(column.label("value")).where(*but_for(name, *also)).subquery()
        statement = select(some.c.value, func.count()).group_by(some.c.value)
        return {value: number for value, number in session.execute(statement) if value is not None}

    own, placed = is_own(viewer), is_placed(viewer)
    found["outcome"] = counted(outcome_for(viewer), "outcome")
    for name, flag in FLAGS.items():
        if name == "masked" and viewer.role is not Role.CURATEUR:
            continue
        if number := counted(flag, "outcome", own).get(True, 0):
            found["outcome"][name] = number
    found["decision"] = counted(decision_for(viewer), "decision")
    for name in ("none", "reserved"):
        asked = replace(by, decision=name)
        found["decision"][name] = count(session, viewer, deposit_id, key, asked)
    found["field"] = counted(func.unnest(DepositLine.fields), "field", own)
    for name in () if viewer.role is Role.CURATEUR else BESIDE:
        found["field"].pop(name, None)
    digests = {category_digest(key, code): code for code in categories}
    found["category"] = {
        digests[each]: number
        for each, number in counted(DepositLine.category, "category", placed).items()
        if each in digests
    }
    found["commune"] = _by_commune(session, vault, but_for("commune", placed))
    return found


def _by_commune(session: Session, vault: Vault, which: Lines) -> dict[str, int]:
    """Count lines by commune, the most first: its code, and its name as INSEE writes it."""
    some = func.array_agg(DepositLine.id, type_=ARRAY(Uuid))[1].label("some")
    number = func.count().label("number")
    grouped = (
        select(some, number)
        .where(*which, DepositLine.commune.is_not(None))
        .group_by(DepositLine.commune)
        .order_by(number.desc())
        .limit(_COMMUNES)
        .subquery()
    )
    statement = select(DepositLine.id, DepositLine.content, grouped.c.number).join(
        grouped, DepositLine.id == grouped.c.some
    )
    found: dict[str, int] = {}
    for line_id, content, lines in session.execute(statement.order_by(grouped.c.number.desc())):
        code, _ = vault.open_json(TABLE, line_id, COLUMN, content)["commune"]
        found[code] = lines
    named = select(Commune.code, Commune.name).where(among(Commune.code, sorted(found)))
    names = {row.code: row.name for row in session.execute(named)}
    return {f"{code} {names.get(code, '')}".rstrip(): lines for code, lines in found.items()}
