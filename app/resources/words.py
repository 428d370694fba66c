"""The words of a query, as PostgreSQL looks for them: stems, and synonyms that the desk writes."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from markupsafe import Markup, escape
from sqlalchemy import (
    CTE,
    ColumnElement,
    Subquery,
    Text,
    any_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG
from sqlalchemy.orm import Session

from app.models.resource import TEXTS
from app.platform.database.driver import Written, compiled, read_rows
from app.platform.database.sessions import among
from app.resources.texts import MARKS
from app.visibility import Viewer
from geo.text import fold

MOST_WORDS = 8
# Of a text, as much as is looked through for passages.
READ = 8_000
NEAR, MOST_NEAR, LEAST_LETTERS = 0.35, 5, 4
_WORD = re.compile(r"[^\W_]+")
_FRENCH = literal("public.plain_french", REGCONFIG)
# In two steps: rows of one group would rewrite what others have put in. A word of a group, wherever
# it stands among others, becomes the sign of the group, and that any of its phrases.
_TO_SIGN: ColumnElement[str] = literal_column("'SELECT target, token FROM resource_synonym'")
_TO_PHRASES: ColumnElement[str] = literal_column(
    "'SELECT token, string_agg(concat(''('', phrase, '')''), '' | '')::tsquery"
    " FROM resource_synonym GROUP BY token'"
)
_SHOWN = f"StartSel={MARKS[0]},StopSel={MARKS[1]},MaxFragments=2,MaxWords=24,MinWords=10"


def plain(text: str) -> str:
    """Return the words of a text that are looked for, and no sign between them."""
    return " ".join(_WORD.findall(text)[:MOST_WORDS])


def _asked() -> CTE:
    """Return the query of "words", every one of which must be found, or one of its synonyms."""
    words = func.plainto_tsquery(_FRENCH, bindparam("words", type_=Text))
    rewritten = func.ts_rewrite(func.ts_rewrite(words, _TO_SIGN), _TO_PHRASES)
    return select(rewritten.label("query")).cte("asked")


def ranked(session: Session, viewer: Viewer, text: str) -> list[list[str]]:
    """Return the public ids of those that have the words of a text, the best first.

    Those of one list are as good as each other: whoever shows them knows which is the newest.
    """
    rows = read_rows(session, _ranks(viewer.resources()).given({"words": plain(text)}))
    # Put in order here: PostgreSQL takes longer to sort thousands of ids than to find them.
    return [ids for _, ids in sorted(rows, key=lambda row: -row[0])]


# What a professional reads is another object each time.
@lru_cache(maxsize=8)
def _ranks(seen: Subquery) -> Written:
    asked = _asked()
    # By what says what it is: words of long texts do not weigh more where there are more.
    rank = func.ts_rank(seen.c.head, asked.c.query).label("rank")
    ids = func.array_agg(seen.c.public_id)
    having = seen.c.words.op("@@")(asked.c.query)
    return compiled(select(rank, ids).select_from(asked.join(seen, having)).group_by(rank))


def passages(
    session: Session, viewer: Viewer, text: str, ids: Iterable[str]
) -> Mapping[str, Markup]:
    """Return, for some of those found, where their texts have the words, marked."""
    given = {"words": plain(text), "ids": list(ids)}
    rows = read_rows(session, _passages(viewer.resources()).given(given))
    return {public_id: marked(passage) for public_id, passage in rows if MARKS[0] in passage}


@lru_cache(maxsize=8)
def _passages(seen: Subquery) -> Written:
    asked = _asked()
    whole = func.left(seen.c.summary + "\n" + seen.c.body, READ)
    passage = func.ts_headline(_FRENCH, whole, asked.c.query, _SHOWN)
    found = asked.join(seen, seen.c.public_id == any_(bindparam("ids", type_=TEXTS)))
    return compiled(select(seen.c.public_id, passage).select_from(found))


def marked(text: str) -> Markup:
    """Return a text as HTML with what is marked in it; all else of it is text, whatever it says."""
    # Escaped first: what PostgreSQL leaves between the marks may be of any tag.
    start, stop = MARKS
    return Markup(str(escape(text)).replace(start, "<mark>").replace(stop, "</mark>"))  # noqa: S704


def near_words(session: Session, viewer: Viewer, text: str) -> tuple[str, ...]:
    """Return words of titles and labels that resemble those of a text, the nearest first."""
    seen = viewer.resources().c
    words = fold(plain(text)).split()
    each = func.unnest(func.string_to_array(seen.folded, " "), type_=Text)
    known = select(each.label("word")).distinct().subquery("known")
    asked = select(func.unnest(literal(words, ARRAY(Text)), type_=Text).label("word"))
    like = asked.subquery("asked")
    likeness = func.similarity(known.c.word, like.c.word)
    nearest = (
        select(known.c.word, func.max(likeness).label("likeness"))
        .select_from(known.join(like, likeness > NEAR))
        .where(func.length(known.c.word) >= LEAST_LETTERS)
        .where(~among(known.c.word, words))
        .group_by(known.c.word)
        .order_by(func.max(likeness).desc(), known.c.word)
        .limit(MOST_NEAR)
    ).subquery("nearest")
    # Of the few alone: a word that nobody can look for leads nowhere.
    sought = func.numnode(func.plainto_tsquery(_FRENCH, nearest.c.word)) > 0
    found = select(nearest.c.word).where(sought)
    return tuple(session.scalars(found.order_by(nearest.c.likeness.desc(), nearest.c.word)))
