"""What a word of lists means, as a person classified all that have it: read so from then on.

Nothing is published by it that says of itself why it hides: the signs of a line stay.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.lists.chosen import MOST_WORDS, Taught, choose, held_choices
from app.models import Actor, Source
from app.platform.database.sessions import among
from app.records.lists_of import lists_known_to
from app.records.piles import SaidAs, groups, said_as, word_key
from app.records.undoing import UNDONE_WITHIN
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day
from importers import vocabulary
from importers.chosen import Chosen
from importers.terms import OFF_MAP, off_map, stem


def words_of(
    session: Session, vault: Vault, public_ids: Collection[str], word: str
) -> frozenset[SaidAs]:
    """Return how lists write a word for some actors, asked before these are called anew."""
    ids = session.scalars(select(Actor.id).where(among(Actor.public_id, set(public_ids)))).all()
    said, key = said_as(session, vault, ids).values(), word_key(word)
    return frozenset(each for each in said if key and word_key(each.word) == key)


def learn(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    said: Collection[SaidAs],
    category: str,
    batch: UUID,
) -> bool:
    """Let words mean a category in the lists whose actors were just classified so; batch: by what.

    category: OFF_MAP where they were archived since no category of the map is theirs. Not as long
    as one of these words waits of which nothing is doubtful: it may mean another thing there.
    Return whether a list is read otherwise now.
    """
    if category == OFF_MAP:
        category = off_map(paris_day())
    else:
        known_as = vocabulary.load().categories[category]
        if known_as.neutral or not known_as.publishable:
            # A form offers none of these.
            return False
    keys = {word_key(each.word) for each in said}
    waiting = (each for each in groups(session, vault, viewer) if word_key(each.word) in keys)
    if any(not actor.doubts for group in waiting for actor in group.actors):
        return False
    known = select(Source.id).where(
        among(Source.id, {each.source for each in said}), lists_known_to(viewer)
    )
    lists = sorted(session.scalars(known))
    words = {source: {e.word for e in said if e.source == source} for source in lists}
    by = (session, vault, viewer, author)
    read_so = [_let_mean(*by, each, words[each], category, batch) for each in lists]
    return any(read_so)


def unlearn(session: Session, vault: Vault, viewer: Viewer, author: Author, batch: UUID) -> bool:
    """Let words mean nothing again once what answered them was taken back; return whether some do.

    Where somebody said since how the list is read, what they said stays.
    """
    recent = select(Source.id).where(
        Source.mapped_at > func.now() - UNDONE_WITHIN, lists_known_to(viewer)
    )
    lists = session.scalars(recent.order_by(Source.id)).all()
    forgot = [_let_forget(session, vault, viewer, author, each, batch) for each in lists]
    return any(forgot)


def _let_forget(
    session: Session, vault: Vault, viewer: Viewer, author: Author, source: UUID, batch: UUID
) -> bool:
    before = held_choices(session, vault, source)
    gone = {each.word for each in before.taught if each.batch == str(batch)}
    if not gone or before.chosen is None:
        return False
    known = before.chosen.words.get("category", {})
    left = {key: code for key, code in known.items() if key not in gone}
    words = {**before.chosen.words, "category": left}
    if not left:
        del words["category"]
    chosen = before.chosen.model_copy(update={"words": words})
    taught = [each for each in before.taught if each.batch != str(batch)]
    if not choose(session, vault, viewer, source, chosen, taught):
        return False
    add(session, vault, author, Action.SOURCE_CHANGED, str(source), {"mots oubliés": len(gone)})
    return True


def _let_mean(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    source: UUID,
    said: Collection[str],
    category: str,
    batch: UUID,
) -> bool:
    """Let words of a list mean a category, unless somebody said already what they mean."""
    held = held_choices(session, vault, source)
    before = held.chosen or Chosen()
    known = before.words.get("category", {})
    # A mailbox is no word: folded, nobody would find it again to erase it.
    fresh = {key: category for each in said if "@" not in each and (key := stem(each))}
    fresh = {key: code for key, code in fresh.items() if key not in known}
    if not fresh or sum(map(len, before.words.values())) + len(fresh) > MOST_WORDS:
        return False
    words = {**before.words, "category": {**known, **fresh}}
    taught = [*held.taught, *(Taught(key, str(batch)) for key in fresh)]
    chosen = before.model_copy(update={"words": words})
    if not choose(session, vault, viewer, source, chosen, taught):
        return False
    add(session, vault, author, Action.SOURCE_CHANGED, str(source), {"mots": len(fresh)})
    return True
