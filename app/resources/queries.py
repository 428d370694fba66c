"""What is read of resources by their public ids: cards of a page, and all of each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import Subquery, any_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.models import ResourceRelation, Territory
from app.models.resource import TEXTS
from app.platform.database.driver import Written, compiled, read_records
from app.platform.database.sessions import among
from app.resources.cards import COLUMNS, Card, card_of
from app.resources.resource import Related, Resource
from app.resources.stored import content_of
from app.resources.vocabulary import terms
from app.visibility import Viewer

AT_ONCE = 200


def read_cards(
    session: Session,
    viewer: Viewer,
    ids: Sequence[str],
    passages: Mapping[str, Markup] | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[Card, ...]:
    """Return the cards of those that a viewer may see, in the order of ids.

    names: of territories, by code, where they are known.
    """
    found = read_records(session, _cards(viewer.resources()), ids=list(ids))
    rows = {row["public_id"]: row for row in found}
    if names is None:
        names = names_of(session, (code for row in rows.values() for code in row["territories"]))
    marked = passages or {}
    return tuple(card_of(rows[each], names, marked.get(each)) for each in ids if each in rows)


# What a professional reads is another object each time.
@lru_cache(maxsize=8)
def _cards(seen: Subquery) -> Written:
    found = select(*(seen.c[name] for name in COLUMNS))
    return compiled(found.where(seen.c.public_id == any_(bindparam("ids", type_=TEXTS))))


def read_all(session: Session, viewer: Viewer, ids: Sequence[str]) -> Iterator[list[Resource]]:
    """Yield all that is to be read of those that a viewer may see, in the order of ids."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        seen = viewer.resources()
        rows = session.execute(select(seen).where(among(seen.c.public_id, some))).mappings()
        by_id = {row["public_id"]: row for row in rows}
        names = names_of(session, (code for row in by_id.values() for code in row["territories"]))
        related = read_related(session, viewer, some)
        yield [
            _resource(by_id[each], names, related.get(each, [])) for each in some if each in by_id
        ]


def last_published(
    session: Session, viewer: Viewer, ids: Sequence[str], most: int
) -> Sequence[str]:
    """Return those of some that were published last here, the newest first."""
    seen = viewer.resources().c
    found = select(seen.public_id).where(among(seen.public_id, ids))
    newest = found.order_by(seen.published_at.desc(), seen.public_id).limit(most)
    return session.scalars(newest).all()


def read_related(
    session: Session, viewer: Viewer, ids: Sequence[str]
) -> Mapping[str, list[Related]]:
    """Return what some resources are tied to, of what a viewer may see; by public id."""
    one, other = viewer.resources().alias("one"), viewer.resources().alias("other")
    relation = ResourceRelation.__table__.c
    rows = session.execute(
        select(
            relation.relation,
            *(table.c[name] for table in (one, other) for name in ("public_id", "slug", "title")),
        )
        .join(one, one.c.public_id == relation.from_id)
        .join(other, other.c.public_id == relation.to_id)
        .where(or_(among(relation.from_id, ids), among(relation.to_id, ids)))
        .order_by(relation.relation, other.c.title, one.c.title)
    )
    known = terms("relations")
    found: dict[str, list[Related]] = defaultdict(list)
    for code, *ends in rows:
        term = known.get(code)
        back, forth = (term.back, term.label) if term else (code, code)
        source, target = Related(back, *ends[:3]), Related(forth, *ends[3:])
        found[source.public_id].append(target)
        found[target.public_id].append(source)
    return found


def names_of(session: Session, codes: Iterable[str]) -> Mapping[str, str]:
    """Return the names of territories by code; asks nothing where there is none."""
    asked = {*codes}
    if not asked:
        return {}
    found = select(Territory.code, Territory.name).where(among(Territory.code, sorted(asked)))
    return {row.code: row.name for row in session.execute(found)}


def _resource(
    row: Mapping[Any, Any], names: Mapping[str, str], related: Sequence[Related]
) -> Resource:
    return Resource(
        public_id=row["public_id"],
        slug=row["slug"],
        edition=row["edition"],
        published_at=row["published_at"],
        changed_on=row["changed_on"],
        content=content_of(row),
        review_on=row["review_on"],
        link_dead_since=row["link_dead_since"],
        places=tuple(names.get(code, code) for code in row["territories"]),
        related=tuple(related),
    )
