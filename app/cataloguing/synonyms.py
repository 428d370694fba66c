"""Words that find each other: groups that the desk writes, of which a word stands in one."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.arranging import check_seen, let_change, note
from app.errors import Mesure23Error
from app.models import ResourceSynonym
from app.vault.sealing import Vault
from app.visibility import Viewer

LONGEST, MOST = 100, 12
# How a search asks for each of some words.
_ASKED = text(
    "SELECT word, plainto_tsquery('plain_french', word)::text AS target"
    " FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS given (word, place) ORDER BY place"
)


class WordsWrong(Mesure23Error):
    """{sentence}"""

    status = 422
    title = "Mots à corriger"
    advice = "Corrigez ces mots, puis enregistrez de nouveau."


def every(session: Session) -> dict[int, tuple[str, ...]]:
    """Return the words of each group, groups by their first word."""
    rows = select(ResourceSynonym.group_id, ResourceSynonym.word).order_by(ResourceSynonym.word)
    found: dict[int, list[str]] = defaultdict(list)
    for group, word in session.execute(rows):
        found[group].append(word)
    return {group: tuple(words) for group, words in found.items()}


def put(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    group: int | None,
    words: Sequence[str],
    seen: str | None = None,
) -> None:
    """Write the words of a group, a new one where none is given; without words it is removed.

    seen: digest of the words that its form showed, sorted. Raises NotYourDecision, TextNames,
    WordsWrong or ArrangedMeanwhile.
    """
    words = list(dict.fromkeys(words))
    let_change(session, vault, viewer, {f"word {place}": each for place, each in enumerate(words)})
    if group is not None:
        check_seen(seen, sorted(every(session).get(group, ())), sorted(words))
    if words:
        _check(session, group, words)
    if group is not None:
        session.execute(delete(ResourceSynonym).where(ResourceSynonym.group_id == group))
    else:
        newest = select(func.coalesce(func.max(ResourceSynonym.group_id), 0) + 1)
        group = session.scalars(newest).one()
    if words:
        rows = [{"word": each, "group_id": group} for each in words]
        session.execute(insert(ResourceSynonym), rows)
    note(session, vault, author, "mots" if words else "mots retirés", str(group))


def _check(session: Session, group: int | None, words: Sequence[str]) -> None:
    if not 2 <= len(words) <= MOST:
        raise WordsWrong(sentence=f"Un groupe a deux mots au moins, {MOST} au plus.")
    if long := next((each for each in words if len(each) > LONGEST), None):
        raise WordsWrong(sentence=f"« {long[:40]}… » est trop long : {LONGEST} signes au plus.")
    seen: dict[str, str] = {}
    if group is None:
        others = select(ResourceSynonym.target, ResourceSynonym.word)
    else:
        others = select(ResourceSynonym.target, ResourceSynonym.word).where(
            ResourceSynonym.group_id != group
        )
    elsewhere = {str(target): word for target, word in session.execute(others)}
    for word, target in session.execute(_ASKED, {"words": list(words)}):
        if not target:
            raise WordsWrong(sentence=f"« {word} » ne se cherche pas : il est trop courant.")
        if (same := seen.get(target)) is not None:
            raise WordsWrong(sentence=f"« {word} » se cherche déjà comme « {same} ».")
        if (other := elsewhere.get(target)) is not None:
            raise WordsWrong(sentence=f"« {word} » est déjà dans le groupe de « {other} ».")
        seen[target] = word
