"""Writes column facet_key of an actor: what it has of each facet as one text, to be counted by.

To sort and compare one text takes half as long as two arrays and five columns. Landed migrations
call these functions: they may be added to, and never write anything else for the same arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alembic import op
from sqlalchemy import text

PUBLISHED = "status = 'published'"


@dataclass(frozen=True)
class Part:
    """What a facet writes. columns: of an actor, with their types; expression: SQL, never null."""

    columns: tuple[tuple[str, str], ...]
    expression: str


# The first part, that no facet writes: who has a point and, in the second, who is protected.
DRAWN = Part((("drawn", "boolean"),), "CASE WHEN drawn THEN '1' ELSE '' END")
PLACED = Part(
    (("drawn", "boolean"), ("protected", "boolean")),
    "CASE WHEN drawn THEN '1' WHEN protected THEN 'p' ELSE '' END",
)


def code(column: str) -> Part:
    """Return the part of a column of one code."""
    return Part(((column, "text"),), column)


def codes(column: str) -> Part:
    """Return the part of a column of several codes: between spaces."""
    return Part(((column, "text[]"),), f"array_to_string({column}, ' ')")


def years(least: str, most: str) -> Part:
    """Return the part of two columns of a number: "least-most", either of which may be empty."""
    return Part(
        ((least, "integer"), (most, "integer")),
        f"coalesce({least}::text, '') || '-' || coalesce({most}::text, '')",
    )


def one_of(column: str, values: Sequence[str], written: str) -> Part:
    """Return the part of a column that holds one of some values, which is all that is written."""
    known = ", ".join(f"'{each}'" for each in values)
    return Part(
        ((column, "text"),), f"CASE WHEN {column} IN ({known}) THEN '{written}' ELSE '' END"
    )


# "|", as app.search.counts splits the key. A literal would do the same, but databases that have
# this function would then have another text of it than new ones.
BETWEEN = " || chr(124) || "


def create(parts: Sequence[Part], first: Part = DRAWN) -> None:
    """Create the function, the column and its indexes; parts: in the order of app.search.facets."""
    written = (first, *parts)
    columns = [column for part in written for column in part.columns]
    # In a generated column, hence IMMUTABLE, although array_to_string says less of itself: these
    # are arrays of text.
    op.execute(
        f"CREATE FUNCTION public.actor_facet_key({', '.join(map(' '.join, columns))})"
        " RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        f" RETURN {BETWEEN.join(part.expression for part in written)}"
    )
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("REVOKE ALL ON FUNCTION public.actor_facet_key FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION public.actor_facet_key TO "{database}_staff"')
    given = ", ".join(["point IS NOT NULL", *(name for name, _ in columns[1:])])
    # In bytes: the order means nothing.
    op.execute(
        'ALTER TABLE actor ADD COLUMN facet_key text COLLATE "C" NOT NULL'
        f" GENERATED ALWAYS AS (public.actor_facet_key({given})) STORED"
    )
    op.execute(
        "CREATE INDEX ix_actor_counted ON actor"
        f" (territory_code, facet_key, protected, opening_hours) WHERE {PUBLISHED}"
    )
    op.execute(f"CREATE INDEX ix_actor_facet_key ON actor (facet_key) WHERE {PUBLISHED}")


def drop() -> None:
    """Drop them; no view may read the column."""
    op.execute("ALTER TABLE actor DROP COLUMN facet_key")
    op.execute("DROP FUNCTION public.actor_facet_key")


def show(columns: str) -> None:
    """Create the view that public pages read, with these columns and facet_key, the last one."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(
        f"CREATE VIEW open.actor AS SELECT {columns}, facet_key FROM public.actor WHERE {PUBLISHED}"
    )
    op.execute(f'GRANT SELECT ON open.actor TO "{database}_public"')
