"""What changed in the columns of a list since the last one of its source that was applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from app.lists.chosen import choices_of
from app.lists.deposits import Deposited
from app.lists.source_files import Columns, columns_of
from app.vault.sealing import Vault
from geo.text import fold

# From 0 to 100, of two titles of which one may be the other, rewritten.
CLOSE = 75


@dataclass(frozen=True, slots=True)
class Since:
    """Titles by what became of them. renamed: former and present title; otherwise: title, what it
    was read as, and is read as now.
    """

    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    otherwise: list[tuple[str, str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.renamed or self.otherwise)


def since_last(session: Session, vault: Vault, found: Deposited) -> Since:
    """Return what changed in the columns of a list that is to be applied."""
    if found.state != "ready":
        return Since()
    page = found.page
    before = columns_of(session, vault, found.source_id)
    return since(before, page.get("columns", {}), page.get("left_aside", ()))


def unread(session: Session, vault: Vault, found: Deposited) -> list[str]:
    """Return the columns that a list which is to be applied loses, and that nobody chose to."""
    if found.state != "ready":
        return []
    chosen = choices_of(session, vault, found.source_id).chosen
    known = chosen.columns if chosen else {}
    return [title for title in found.page.get("left_aside", ()) if fold(title) not in known]


def since(before: Columns, read: Mapping[str, str], left_aside: Iterable[str]) -> Since:
    """Return what changed; before: how the last list was read, without columns where none was."""
    if not before.read:
        return Since()
    former = dict(before.read) | dict.fromkeys(before.left_aside, "")
    present = {**dict.fromkeys(left_aside, ""), **read}
    was, now = ({fold(title): title for title in each} for each in (former, present))
    new = sorted(now[key] for key in now.keys() - was.keys())
    gone = sorted(was[key] for key in was.keys() - now.keys())

    def same_field(one: str, other: str) -> bool:
        return bool(former[one]) and former[one] == present[other]

    def close(one: str, other: str) -> bool:
        return fuzz.ratio(fold(one), fold(other)) >= CLOSE

    renamed: list[tuple[str, str]] = []
    for is_same in (same_field, close):
        for title in list(gone):
            if same := next((each for each in new if is_same(title, each)), None):
                renamed.append((title, same))
                gone.remove(title)
                new.remove(same)
    otherwise = [
        (now[key], former[was[key]], present[now[key]])
        for key in now.keys() & was.keys()
        if former[was[key]] != present[now[key]]
    ]
    return Since(new, gone, sorted(renamed), sorted(otherwise))
