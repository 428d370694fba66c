"""What the page of a deposit shows of its plan, as JSON that is sealed beside it.

Actors stand in it by their ids: who reads it is shown the names that they may read by then. Only of
a new actor the name is stored, until the list is applied: nothing else holds it yet.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.beside import hidden_beside
from app.lists.deposit_problems import in_order, problem, problems_of
from app.lists.line_territories import LineTerritories
from app.lists.plan_digest import digest_of
from app.lists.planning import Plan
from app.lists.review_pairs import others_of
from app.models import Actor, SourceRecord
from app.platform.database.sessions import among
from app.records.causes import raised
from app.records.said_by_lines import hides
from app.records.writing import Writer
from importers.row import ActorRow, Problem, Where

# Of those that become hidden, beside homes too, of the missing, and of lines of one remark where
# there are more remarks in all than a page holds.
MOST = 500
_REMARKS = 20_000
# Shares of what a source said beyond which its reader is asked whether it is the right list.
MISSING_SHARE, CHANGED_SHARE = 0.20, 0.30


def counts_of(planned: Plan) -> dict[str, int]:
    """Return the counts of a plan; erased: of those that cannot be used."""
    summary = planned.summary
    more = {"doubtful": summary.doubtful, "left": len(planned.left), "erased": summary.erased}
    return summary.counts() | more


def page_of(
    session: Session,
    writer: Writer,
    planned: Plan,
    territory: str | None,
    *,
    is_written: bool = False,
) -> dict[str, Any]:
    """Return what a page shows of a plan; territory: of the whole list.

    is_written: there is nothing left to tell from another plan.
    """
    result = planned.reading.result
    territories = LineTerritories(planned.reading, territory)
    rows = {row.where: row for row in result.rows if row.where in planned.actors}
    known = territories_of(session, {*planned.actors.values(), *planned.gone})
    hidden = list(_becoming_hidden(planned, rows, territories, is_written=is_written))
    problems = in_order(planned)
    counts = _counts(session, planned, territories, known)
    for name, some in (
        ("problems", (territories.of(each.where) for each in problems)),
        ("hidden", (each["territory"] for each in hidden)),
    ):
        for code, number in Counter(some).items():
            counts.setdefault(code or "", {})[name] = number
    return {
        "digest": None if is_written else digest_of(session, planned),
        "columns": result.mapping,
        "guessed": result.mapping_guessed,
        "left_aside": list(result.left_aside),
        "sheets": [each for each in result.sheets if each is not None],
        "sheets_left": list(result.sheets_left),
        "problems": list(
            problems_of(session, writer.key, planned, some_of_each(problems), territories)
        ),
        "missing": [str(actor) for actor in planned.gone[:MOST]],
        "pairs": list(_pairs(planned, rows, is_written=is_written)),
        "hidden": hidden[:MOST],
        # Hidden before, and as much: of the count, and none of those that are named.
        "stay_hidden": len(planned.protected) - len({each["actor"] for each in hidden}),
        "beside": list(islice(hidden_beside(writer, planned), MOST)),
        "counts": counts,
        "figures": _figures(planned),
        "forgotten": planned.reading.forgotten,
    }


def asks_for_care(counts: Mapping[str, int]) -> bool:
    """Return whether a list says so much otherwise that it may be another one."""
    known, gone = counts.get("known", 0), counts.get("gone", 0)
    changed = counts.get("updated", 0) > CHANGED_SHARE * known
    return known > 0 and (gone > MISSING_SHARE * known or changed)


def problem_rows(problems: tuple[Problem, ...], territory: str | None) -> list[dict[str, Any]]:
    """Return the problems of a list of which no line could be used."""
    found = sorted(problems, key=lambda each: not each.fatal)
    return [problem(each, territory, masked=True) for each in some_of_each(found)]


def some_of_each(problems: Sequence[Problem], most: int = _REMARKS) -> Sequence[Problem]:
    """Return problems in their order, at most so many: the first of each remark before others, so
    that one of most lines leaves out no other one.
    """
    if len(problems) <= most:
        return problems
    seen: Counter[object] = Counter()
    ranked: list[tuple[bool, int]] = []
    for place, each in enumerate(problems):
        remark = each.fatal, each.column, each.message
        seen[remark] += 1
        ranked.append((seen[remark] > MOST, place))
    return [problems[place] for place in sorted(place for _, place in sorted(ranked)[:most])]


def territories_of(session: Session, actors: Iterable[UUID]) -> dict[UUID, str]:
    """Return the territories of those of some actors that are stored."""
    statement = select(Actor.id, Actor.territory_code).where(among(Actor.id, set(actors)))
    return dict(session.execute(statement).all())


def _counts(
    session: Session, planned: Plan, territories: LineTerritories, stored: Mapping[UUID, str]
) -> dict[str, dict[str, int]]:
    """Count by territory; "": what is of none. stored: those of known actors."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    protected: dict[str, set[UUID]] = defaultdict(set)
    for where, outcome in planned.outcomes.items():
        of_erased = where in planned.reading.of_erased
        code = (territories.said(where) if of_erased else territories.of(where)) or ""
        actor = planned.actors.get(where)
        if of_erased or (actor is not None and stored.get(actor, code) != code):
            # Whoever sends it would learn what that one is, or whether they guessed it.
            outcome = "unchanged"
        elif actor in planned.protected and actor is not None:
            protected[code].add(actor)
        found[code][outcome] += 1
    for code, actors in protected.items():
        found[code]["protected"] = len(actors)
    for actor in planned.gone:
        found[stored[actor]]["missing"] += 1
    # By number alone: named beside the homes of the list, each would give one's address away.
    for edit in planned.changes.neighbours.values():
        found[edit.record.territory]["hidden_beside"] += raised(edit.former_level, edit.level)
    for identity, code in _known(session, planned).items():
        found[code]["known"] += 1
        found[code]["gone"] += identity in planned.matching.missing
    return {code: dict(counts) for code, counts in found.items()}


def _figures(planned: Plan) -> dict[str, int]:
    """Count each line once: one that may be a known actor as that alone, as its filter has it."""
    others = others_of(planned)
    outcomes = planned.outcomes.items()
    found = Counter("doubtful" if where in others else outcome for where, outcome in outcomes)
    return {name: found[name] for name in ("created", "updated", "conflicting", "doubtful")}


def _known(session: Session, planned: Plan) -> dict[bytes, str]:
    """Return the lines that the source said until now, with the territory of each."""
    said = (
        select(SourceRecord.identity, Actor.territory_code)
        .join(Actor, Actor.id == SourceRecord.actor_id)
        .where(
            SourceRecord.source_id == planned.reading.source, SourceRecord.missing_since.is_(None)
        )
    )
    return dict(session.execute(said).all())


def _becoming_hidden(
    planned: Plan,
    rows: Mapping[Where, ActorRow],
    territories: LineTerritories,
    *,
    is_written: bool,
) -> Iterator[dict[str, Any]]:
    """Yield the lines whose actors this list hides, and that are new or were less hidden."""
    edits = planned.changes.edits
    for where, row in rows.items():
        actor = planned.actors[where]
        edit = edits.get(actor)
        if edit is None or actor not in planned.protected:
            continue
        if edit.is_new or raised(edit.former_level, edit.level):
            named = _named(row, actor, stores_name=edit.is_new and not is_written)
            found = named | {"new": edit.is_new, "own": hides(row)}
            yield found | {"territory": territories.of(where)}


def _pairs(
    planned: Plan, rows: Mapping[Where, ActorRow], *, is_written: bool
) -> Iterator[dict[str, Any]]:
    """Yield new lines that may be known actors."""
    lines = {actor: where for where, actor in planned.actors.items()}
    for each in planned.same:
        if each.other and each.actor_id in lines:
            row = rows[lines[each.actor_id]]
            named = _named(row, each.actor_id, stores_name=not is_written)
            yield named | {"other": str(each.other)}


def _named(row: ActorRow, actor: UUID, *, stores_name: bool) -> dict[str, Any]:
    found = {"sheet": row.sheet, "line": row.line, "territory": row.territory, "actor": str(actor)}
    return found | ({"name": row.name} if stores_name else {})
