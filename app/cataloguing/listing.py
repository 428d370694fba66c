"""Resources as the desk lists them: what waits, what is being written, what readers have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from app.cataloguing.links import counting_dead
from app.cataloguing.opening import is_read, read_version, readable, taken_over_from, written_by
from app.cataloguing.proposing import counting as counting_proposed
from app.cataloguing.secrecy import masked_titles
from app.cataloguing.terms import AHEAD
from app.cataloguing.versions import open_content
from app.models import Resource, ResourceHold, ResourceRecord, ResourceVersion
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold

Tab = Literal["a-relire", "brouillons", "publiees", "a-revoir", "retirees"]
TABS: tuple[Tab, ...] = ("a-relire", "brouillons", "publiees", "a-revoir", "retirees")
# Of these titles stand in clear.
READ = frozenset({"publiees", "a-revoir"})
AT_ONCE = 50
# Of what is sealed, so many are opened at most; those that changed last.
OPENED = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A resource in a list. at: when its version was saved, or published."""

    public_id: str
    title: str
    form: str
    audience: str
    at: datetime
    who: str
    edition: int | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list. masked: public ids of those whose title names somebody hidden."""

    lines: tuple[Line, ...]
    total: int
    page: int
    masked: frozenset[str] = frozenset()

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // AT_ONCE))


def counts(session: Session, viewer: Viewer, who: str, today: date) -> dict[str, int]:
    """Return how many resources each list has for somebody, and what else waits."""
    asked: dict[str, Select[int]] = {tab: _count(_of(tab, viewer, who, today)) for tab in TABS}
    asked["liens-morts"] = counting_dead()
    if viewer.publishes_resources:
        asked["proposees"] = counting_proposed()
        undecided = ResourceHold.decided_at.is_(None)
        asked["retenues"] = select(func.count()).select_from(ResourceHold).where(undecided)
    columns = (each.scalar_subquery().label(name) for name, each in asked.items())
    return dict(session.execute(select(*columns)).one()._mapping)


def listed(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    who: str,
    tab: Tab,
    words: str,
    page: int,
    today: date,
) -> Listed:
    """Return a page of a list; words: of titles that its reader sees, "" for all."""
    wanted = _of(tab, viewer, who, today)
    if tab in READ:
        return _read(session, wanted, tab, fold(words), page)
    found = list(_opened(session, vault, readable(viewer, who), wanted))
    looked_for = fold(words)
    if looked_for:
        found = [line for line in found if looked_for in fold(line.title)]
        # That a word is found would say what a masked title says.
        masked = _masked(session, vault, who, found)
        found = [line for line in found if line.public_id not in masked]
    shown = found[(page - 1) * AT_ONCE : page * AT_ONCE]
    masked = _masked(session, vault, who, () if looked_for else shown)
    return Listed(tuple(shown), len(found), page, masked)


def _count(wanted: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(ResourceRecord).where(wanted)


def _of(tab: Tab, viewer: Viewer, who: str, today: date) -> ColumnElement[bool]:
    """Return which resources a list has; of what nobody reads, somebody's own."""
    status = ResourceRecord.status
    if tab == "publiees":
        return is_read()
    if tab == "a-revoir":
        return and_(is_read(), ResourceRecord.review_on <= today + AHEAD)
    # Whoever wrote a text that is held learns no more than that it waits.
    waits = ("waiting",) if viewer.publishes_resources else ("waiting", "held")
    begun = and_(status == "published", ResourceRecord.latest != read_version())
    of: dict[Tab, ColumnElement[bool]] = {
        "a-relire": status.in_(waits),
        "brouillons": or_(status == "draft", begun),
        "retirees": status == "withdrawn",
    }
    if viewer.publishes_resources:
        return of[tab]
    own = and_(of[tab], written_by(who))
    # In one list, whatever becomes of them.
    return or_(own, taken_over_from(who)) if tab == "brouillons" else own


def _masked(session: Session, vault: Vault, who: str, lines: Iterable[Line]) -> frozenset[str]:
    """Return the public ids of lines whose title is masked: whoever wrote one reads it."""
    titles = {each.public_id: each.title for each in lines if each.who != who}
    return frozenset(masked_titles(session, vault, titles))


def _opened(
    session: Session,
    vault: Vault,
    number: SQLColumnExpression[int],
    wanted: ColumnElement[bool],
) -> Iterator[Line]:
    """Yield resources by one of their versions; number: of a resource_record."""
    of = and_(ResourceVersion.resource_id == ResourceRecord.id, ResourceVersion.number == number)
    rows = select(ResourceRecord, ResourceVersion).join(ResourceVersion, of).where(wanted)
    newest = rows.order_by(ResourceVersion.at.desc(), ResourceRecord.public_id).limit(OPENED)
    for record, version in session.execute(newest):
        content = open_content(vault, version)
        yield Line(
            *(record.public_id, content.full_title, record.form, content.audience.value),
            *(version.at, version.who, record.edition, record.review_on),
        )


def _read(session: Session, wanted: ColumnElement[bool], tab: Tab, words: str, page: int) -> Listed:
    of = (wanted, Resource.folded.contains(words, autoescape=True)) if words else (wanted,)
    read = select(
        Resource.public_id,
        Resource.title,
        Resource.form,
        Resource.audience,
        Resource.published_at,
        ResourceRecord.made_by,
        Resource.edition,
        Resource.review_on,
    ).select_from(Resource)
    read = read.join(ResourceRecord, ResourceRecord.id == Resource.id)
    first = Resource.review_on if tab == "a-revoir" else Resource.published_at.desc()
    rows = read.where(*of).order_by(first, Resource.public_id)
    total = session.scalars(select(func.count()).select_from(rows.subquery())).one()
    some = rows.offset((page - 1) * AT_ONCE).limit(AT_ONCE)
    return Listed(tuple(Line(*row) for row in session.execute(some)), total, page)
