"""What of a resource may not be published before two people have read it.

It names somebody hidden, or what was erased at somebody's request; or it says an address beside a
word of accommodation, or a point of a map, which may be that of a home that we do not know.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import structlog
from sqlalchemy.orm import Session

from app.cataloguing.bodies import as_published
from app.records.erased import Erased, read_erased
from app.records.marks import Mark
from app.records.naming import hidden_among, hidden_sheets, named_in, says_point
from app.records.sealed import RecordUnreadable
from app.records.unpublishing import Remark
from app.resources.content import Content, DocumentPart, Relation
from app.resources.fields import FIELDS
from app.resources.identifiers import READERS
from app.resources.markdown import addresses, plain
from app.vault.digests import find_key, index_key
from app.vault.sealing import NotOpened, Vault
from geo.address import numbered_keys_in
from geo.named import is_named_in
from importers.accommodation import in_text

log = structlog.get_logger(__name__)
Key = TypeVar("Key", bound=Hashable)
_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n+")
_OPEN = ("published", "host")
# Before the code of a relation: the mark of a text by which another resource is tied to it.
RELATION = "relation "
_LOOKED = "texts that were looked through"
# What a resource is called, and who is behind it: all of its page speaks of them.
_NAMING = frozenset(("title", "subtitle", "bodies", "organiser", "by"))
# Where an event takes place: whatever else is said of it is said of there.
_WHERE = "place"
# Words of lists, which say nothing of a place.
_CODED = frozenset(
    (
        *(each.name for each in FIELDS if each.type.choices is not None),
        *("audience", "territories", "relations", "actor_ids", "numbers", "calls", "mode", "state"),
    )
)


@dataclass(frozen=True, slots=True)
class Screened:
    """named: all that a text names; hidden: those marks of it that are of somebody hidden."""

    named: frozenset[Mark]
    hidden: frozenset[Mark]
    remarks: tuple[Remark, ...]


class _Alone(NamedTuple):
    """What a text says that stands beside no other one. shown: as a page may show it; says_where:
    a point of a map, or an address beside a word of accommodation.
    """

    shown: Sequence[str]
    named: Set[Mark]
    says_where: bool


class _Looked(NamedTuple):
    """What a text says by itself. near: words beside an address, points: of a map, by field."""

    fields: Mapping[str, list[str]]
    named: frozenset[Mark]
    near: frozenset[tuple[str, str]]
    points: frozenset[str]


def screen(session: Session, vault: Vault, content: Content) -> Screened:
    """Look a resource through as it would be published, whoever wrote it."""
    tied = {(f"{RELATION}{each.relation}", each.resource_id) for each in _relations(content)}
    tied |= {("actor", each) for each in content.actor_ids}
    return _screened(session, vault, _published(session, content), tied)


def screen_texts(session: Session, vault: Vault, texts: Mapping[str, str]) -> tuple[Remark, ...]:
    """Look through texts that stand beside resources, by the names of their fields."""
    return screen_tied(session, vault, texts).remarks


def hidden_of(session: Session, vault: Vault, texts: Mapping[Key, str]) -> set[Key]:
    """Return which texts name somebody hidden by now, by their keys.

    None stands beside another one: each is looked through by itself, and once, since many say the
    same, as reasons do, and it takes long.
    """
    looked = {text: _look_alone(text) for text in {*texts.values()} if text}
    if not looked:
        return set()
    every = set().union(*(each.named for each in looked.values()))
    hidden = hidden_among(session, vault, every) | hidden_sheets(session, every)
    erased = read_erased(session, index_key(session, vault))
    found = {text for text, each in looked.items() if each.says_where or hidden & each.named}
    found |= {text for text, each in looked.items() if _says_erased(erased, each.shown)}
    return {key for key, text in texts.items() if text in found}


def withheld_of(session: Session, vault: Vault, texts: Mapping[Key, str]) -> set[Key]:
    """Return which texts a list does not show: those that name somebody hidden, and those that
    cannot be compared with who is, since a record of these does not open. Raises KeyMissing where
    none does.
    """
    try:
        return hidden_of(session, vault, texts)
    except (NotOpened, RecordUnreadable) as error:
        find_key(session, vault)
        log.error("texts not compared with hidden places", why=type(error).__name__)
    found = set()
    for key, text in texts.items():
        try:
            found |= hidden_of(session, vault, {key: text})
        except (NotOpened, RecordUnreadable):
            found.add(key)
    return found


def screen_tied(
    session: Session, vault: Vault, texts: Mapping[str, str], actors: Iterable[str] = ()
) -> Screened:
    """Look through texts by the names of their fields, and the actors that they are tied to.

    actors: public ids.
    """
    tied = {("actor", each) for each in actors}
    return _screened(session, vault, {name: [text] for name, text in texts.items()}, tied)


def look_first(session: Session, contents: Iterable[Content]) -> None:
    """Look contents through before whoever hides actors has to wait for that: what a text says is
    the same under their lock, and who of it is hidden is asked there alone.
    """
    known: dict[str, _Looked] = session.info.setdefault(_LOOKED, {})
    for content in contents:
        written = _published(session, content)
        known[repr(written)] = _look(written)


def _published(session: Session, content: Content) -> dict[str, list[str]]:
    """Return the texts of a content; its page has the names that their authority has for bodies."""
    written = _written(content)
    bodies = (*written["bodies"], *as_published(session, content.bodies))
    return written | {"bodies": list(dict.fromkeys(bodies))}


def _look_alone(text: str) -> _Alone:
    # Most read the same without their signs.
    texts = list(dict.fromkeys((text, plain(text))))
    shown = list(dict.fromkeys((*texts, *addresses(text))))
    near = any(True for each in texts for _ in _near({"": (each,)}))
    return _Alone(shown, named_in(shown), near or any(map(says_point, shown)))


def _look(written: Mapping[str, Sequence[str]]) -> _Looked:
    fields = {name: _shown(texts) for name, texts in written.items()}
    whole = [text for texts in fields.values() for text in texts]
    near = {*_near(written), *_near({name: map(plain, texts) for name, texts in written.items()})}
    points = {
        name
        for name, texts in fields.items()
        if name not in READERS and any(map(says_point, texts))
    }
    # What stands in two fields stands together on its page.
    named = frozenset(named_in(("\n".join(whole),)))
    return _Looked(fields, named, frozenset(near), frozenset(points))


def _screened(
    session: Session, vault: Vault, written: Mapping[str, Sequence[str]], tied: Set[Mark]
) -> Screened:
    looked = session.info.get(_LOOKED, {}).get(repr(written)) or _look(written)
    named = looked.named | tied
    hidden = hidden_among(session, vault, set(named))
    hidden |= hidden_sheets(session, named)
    erased = read_erased(session, index_key(session, vault))
    remarks: list[Remark] = []
    for name, texts in looked.fields.items():
        found = hidden & (named_in(texts) | {("actor", each) for each in texts}) if hidden else ()
        remarks += [Remark(name, what, "hidden") for what in sorted({each[0] for each in found})]
        if _says_erased(erased, texts):
            remarks.append(Remark(name, "", "erased"))
        words = sorted(word for field, word in looked.near if field == name)
        if name in looked.points:
            words.append("point")
        remarks += [Remark(name, word, "near") for word in words]
    if hidden and not any(each.why == "hidden" for each in remarks):
        remarks += [Remark("", what, "hidden") for what in sorted({each[0] for each in hidden})]
    return Screened(frozenset(named), frozenset(hidden), tuple(remarks))


def _says_erased(erased: Erased, texts: Iterable[str]) -> bool:
    return any(erased.text(text) != text for text in texts)


def _relations(content: Content) -> tuple[Relation, ...]:
    return content.own.relations if isinstance(content.own, DocumentPart) else ()


def _written(content: Content) -> dict[str, list[str]]:
    """Return the texts of every field by its name, in the order of its page.

    Those of its form's own part by their own names, which no other field has.
    """
    dumped = content.model_dump(mode="json")
    return {name: list(_texts(value)) for name, value in (dumped | dumped.pop("own")).items()}


def _shown(written: Iterable[str]) -> list[str]:
    """Return texts as written, and as their page shows and links them."""
    texts = list(written)
    linked = (address for each in texts for address in addresses(each))
    return list(dict.fromkeys((*texts, *map(plain, texts), *linked)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _near(fields: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield the words of accommodation beside an address, with the field that says where.

    They stand in its sentence, in one beside it, which may end the field before, or in what the
    whole resource is called; of where an event takes place, anywhere.
    """
    sentences = [
        (name, each)
        for name, texts in fields.items()
        for text in (texts if name not in _CODED else ())
        for each in _SENTENCES.split(text)
        if each.strip()
    ]
    naming = [each for name, each in sentences if name in _NAMING]
    for at, (name, sentence) in enumerate(sentences):
        if not (numbered_keys_in(sentence) or is_named_in(sentence)):
            continue
        beside = sentences if name == _WHERE else sentences[max(0, at - 1) : at + 2]
        for said in (*naming, *(each for _, each in beside)):
            found = in_text(said, naming=False)
            words = (*found.houses, *found.mentions, *(word for _, word in found.doubtful))
            yield from ((name, word) for word in words)
