"""What of a resource may not be published before two people have read it.

It names somebody hidden, or what was erased at somebody's request; or it says an address beside a
word of accommodation, which may be that of a home that we do not know.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Actor
from app.platform.database.sessions import among
from app.records.erased import read_erased
from app.records.marks import Mark
from app.records.naming import hidden_among, named_in
from app.records.unpublishing import Remark
from app.resources.content import Content
from app.resources.markdown import addresses, plain
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.address import numbered_keys_in
from geo.named import is_named_in
from importers.accommodation import in_text

_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n+")
_OPEN = ("published", "host")


@dataclass(frozen=True, slots=True)
class Screened:
    """named: all that a text names; hidden: those marks of it that are of somebody hidden."""

    named: frozenset[Mark]
    hidden: frozenset[Mark]
    remarks: tuple[Remark, ...]


def screen(session: Session, vault: Vault, content: Content) -> Screened:
    """Look a resource through as it would be published, whoever wrote it."""
    return _screened(session, vault, dict(_fields(content)), content.actor_ids)


def screen_texts(session: Session, vault: Vault, texts: Mapping[str, str]) -> tuple[Remark, ...]:
    """Look through texts that stand beside resources, by the names of their fields."""
    fields = {name: list(dict.fromkeys((text, plain(text)))) for name, text in texts.items()}
    return _screened(session, vault, fields, ()).remarks


def _screened(
    session: Session, vault: Vault, fields: Mapping[str, Sequence[str]], actors: Sequence[str]
) -> Screened:
    whole = [text for texts in fields.values() for text in texts]
    # What stands in two fields stands together on its page.
    named = named_in(("\n".join(whole),)) | {("actor", each) for each in actors}
    hidden = hidden_among(session, vault, {each for each in named if each[0] != "actor"})
    hidden |= _hidden_actors(session, actors)
    erased = read_erased(session, index_key(session, vault))
    remarks: list[Remark] = []
    for name, texts in fields.items():
        found = hidden & (named_in(texts) | {("actor", each) for each in texts}) if hidden else ()
        remarks += [Remark(name, what, "hidden") for what in sorted({each[0] for each in found})]
        if any(erased.text(text) != text for text in texts):
            remarks.append(Remark(name, "", "erased"))
        remarks += [Remark(name, word, "near") for word in sorted(set(_near(texts)))]
    if hidden and not any(each.why == "hidden" for each in remarks):
        remarks += [Remark("", what, "hidden") for what in sorted({each[0] for each in hidden})]
    return Screened(frozenset(named), frozenset(hidden), tuple(remarks))


def _fields(content: Content) -> Iterator[tuple[str, list[str]]]:
    """Yield every field with its texts, as written and as its page shows and links them.

    Those of its form's own part by their own names, which no other field has.
    """
    dumped = content.model_dump(mode="json")
    for name, value in (dumped | dumped.pop("own")).items():
        written = list(_texts(value))
        linked = (address for each in written for address in addresses(each))
        yield name, list(dict.fromkeys((*written, *map(plain, written), *linked)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _near(texts: Iterable[str]) -> Iterator[str]:
    """Yield the words of accommodation that stand in the sentence of an address, or beside it."""
    sentences = [each for text in texts for each in _SENTENCES.split(text) if each.strip()]
    placed = [bool(numbered_keys_in(each)) or is_named_in(each) for each in sentences]
    for at, is_placed in enumerate(placed):
        for sentence in sentences[max(0, at - 1) : at + 2] if is_placed else ():
            found = in_text(sentence, naming=False)
            yield from (*found.houses, *found.mentions, *(word for _, word in found.doubtful))


def _hidden_actors(session: Session, actors: Sequence[str]) -> set[Mark]:
    if not actors:
        return set()
    hidden = or_(Actor.protected, Actor.status.not_in(_OPEN))
    found = select(Actor.public_id).where(among(Actor.public_id, actors), hidden)
    return {("actor", each) for each in session.scalars(found)}
