"""Whether a list looks like that of another source: by its columns, or by its communes."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Source, SourceFile
from app.vault.sealing import Vault
from geo.text import fold
from importers.row import ReadResult

# Shares of the same titles: of another source's list, and of the own one's, that make one doubt.
OTHER, OWN = 0.8, 0.5
# Fewer titles, or lines, tell nothing.
FEWEST_TITLES, FEWEST_LINES = 4, 5
# Share of lines in one other territory.
ELSEWHERE = 0.5


def resembles(
    session: Session, vault: Vault, source_id: UUID, territory: str | None, result: ReadResult
) -> dict[str, Any]:
    """Return what a list looks like: another source by its columns, a territory by its lines."""
    found: dict[str, Any] = {}
    if (other := _source(session, vault, source_id, result)) is not None:
        found["source"] = str(other)
    if (code := _territory(territory, result)) is not None:
        found["territory"] = code
    return found


def _territory(territory: str | None, result: ReadResult) -> str | None:
    """Return the other territory in which most lines are."""
    lines = [row.territory for row in result.rows]
    if territory is None or len(lines) < FEWEST_LINES:
        return None
    code, times = Counter(lines).most_common(1)[0]
    return code if code != territory and times > ELSEWHERE * len(lines) else None


def _source(session: Session, vault: Vault, source_id: UUID, result: ReadResult) -> UUID | None:
    """Return the source whose last list had these columns, where its own had others."""
    titles = _titles(result.titles)
    if len(titles) < FEWEST_TITLES:
        return None
    last = dict(_last(session, vault))
    own = last.pop(source_id, None)
    if own is None or _overlap(titles, own) >= OWN:
        return None
    close = {source: _overlap(titles, each) for source, each in last.items()}
    best = max(close, key=close.__getitem__, default=None)
    return best if best is not None and close[best] >= OTHER else None


def _last(session: Session, vault: Vault) -> Iterable[tuple[UUID, frozenset[str]]]:
    """Yield the titles of the last file that was applied of each list."""
    statement = (
        select(SourceFile.source_id, SourceFile.id, SourceFile.titles)
        .join(Source, Source.id == SourceFile.source_id)
        .where(SourceFile.titles.is_not(None), Source.register.is_(None))
        .ext(distinct_on(SourceFile.source_id))
        .order_by(SourceFile.source_id, SourceFile.received_at.desc())
    )
    for source, file, sealed in session.execute(statement).all():
        yield source, _titles(vault.open_json("source_file", file, "titles", sealed or b""))


def _titles(sheets: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(plain for titles in sheets for title in titles if (plain := fold(title)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    both = one | other
    return len(one & other) / len(both) if both else 0.0
