"""What changed in the columns of a list since the last one of its source that was applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from app.lists.chosen import choices_of
from app.lists.deposits import Deposited
from app.lists.source_files import Column, Columns, columns_of, title_key
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.text import fold

# From 0 to 100, of two titles of which one may be the other, rewritten.
CLOSE = 75


@dataclass(frozen=True, slots=True)
class Since:
    """Titles by what became of them. gone, renamed: the former column, and the present title.

    otherwise: title, what it was read as, and is read as now.
    """

    new: list[str] = field(default_factory=list)
    gone: list[Column] = field(default_factory=list)
    renamed: list[tuple[Column, str]] = field(default_factory=list)
    otherwise: list[tuple[str, str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.renamed or self.otherwise)


def since_last(session: Session, vault: Vault, found: Deposited) -> Since:
    """Return what changed in the columns of a list that is to be applied."""
    if found.state != "ready":
        return Since()
    page = found.page
    before = columns_of(session, vault, found.source_id)
    key = index_key(session, vault)
    return since(before, key, page.get("columns", {}), page.get("left_aside", ()))


def unread(session: Session, vault: Vault, found: Deposited) -> list[str]:
    """Return the columns that a list which is to be applied loses, and that nobody chose to."""
    if found.state != "ready":
        return []
    chosen = choices_of(session, vault, found.source_id).chosen
    known = chosen.columns if chosen else {}
    return [title for title in found.page.get("left_aside", ()) if fold(title) not in known]


def since(before: Columns, key: bytes, read: Mapping[str, str], left_aside: Iterable[str]) -> Since:
    """Return what changed; before: how the last list was read, without columns where none was.

    key: of the digests. That a column is gone which nobody read is not said.
    """
    if not before.read:
        return Since()
    fields = dict.fromkeys(before.left_aside, "") | {each.key: each.field for each in before.read}
    present = {**dict.fromkeys(left_aside, ""), **read}
    now = {title_key(key, title): title for title in present}
    new = sorted(now[each] for each in now.keys() - fields.keys())
    gone = [each for each in before.read if each.key not in now]

    def same_field(one: Column, other: str) -> bool:
        return one.field == present[other]

    def close(one: Column, other: str) -> bool:
        return fuzz.ratio(fold(one.title), fold(other)) >= CLOSE

    renamed: list[tuple[Column, str]] = []
    for is_same in (same_field, close):
        for column in list(gone):
            if same := next((each for each in new if is_same(column, each)), None):
                renamed.append((column, same))
                gone.remove(column)
                new.remove(same)
    otherwise = [
        (now[each], fields[each], present[now[each]])
        for each in now.keys() & fields.keys()
        if fields[each] != present[now[each]]
    ]
    return Since(new, gone, renamed, sorted(otherwise))
