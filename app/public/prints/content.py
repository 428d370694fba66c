"""What the sheet of a search says: its actors by category or step, numbered as on its map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, groupby

from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.public.prints.place_map import draw_place
from app.public.prints.wording import hours, where
from app.search.actor_schemas import ActorCard
from app.search.columns import Record
from app.search.competence import who_follows
from app.search.criteria import Search
from app.search.rows import About, read_selection
from app.search.schemas import Followed
from importers import vocabulary
from importers.vocabulary import Category

# Of a territory that follows a child.
UNKNOWN = "Aucune liste reçue ne dit qui y décide. Le 119 oriente, jour et nuit."
# Of a step.
NOBODY = "Aucun acteur connu ici ; le code QR mène à la liste, qui dit qui est plus loin."


@dataclass(frozen=True, slots=True)
class Line:
    """An actor. number: of its mark on the map, None where it has none; where, hours: in lines.

    several: how many neutral ones of its category and territory it stands for, as on the page.
    """

    card: ActorCard
    number: int | None
    where: tuple[str, ...]
    hours: tuple[str, ...]
    several: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """All actors of a category or of a step of a situation, in the order of the list.

    category: None for a step; sentence: what is done in a step, or who does it meanwhile.
    """

    title: str
    lines: tuple[Line, ...]
    category: Category | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PrintedSearch:
    """A search on paper. address: of the same view; day: of Paris; drawn: how many are on the map.

    criteria: what is selected beyond what the title says.
    map_svg: the map, with a title for who cannot see it; around: what its target and its circle
    are, "" where it has none; outside: as PlaceMap has it.
    """

    about: About
    criteria: tuple[str, ...]
    address: str
    day: date
    sections: tuple[Section, ...]
    drawn: int
    map_svg: str
    around: str
    outside: tuple[tuple[str, int], ...]


def read_printed_search(
    session: Session, search: Search, at: datetime, *, site: str, publisher: str
) -> PrintedSearch:
    """Return what the paper of a search says.

    Of MOST_PRINTED actors at most. at: now, aware; site: the address of the service.
    """
    selection = read_selection(session, search, at, site=site, publisher=publisher)
    about = selection.about
    records = _in_order(search, chain.from_iterable(selection.batches))
    title = f"Carte : {about.where}. Les numéros sont ceux de la liste."
    drawing = draw_place(session, search, title, records)
    return PrintedSearch(
        about=about,
        criteria=_criteria(session, search, about),
        address=site + search.url(),
        day=about.at.date(),
        sections=(
            *_follows(who_follows(session, search, at)),
            *_sections(search, _lines(records, drawing.numbers)),
        ),
        drawn=sum(number is not None for number in drawing.numbers),
        map_svg=drawing.svg,
        around=_around(search),
        outside=drawing.outside,
    )


def _criteria(session: Session, search: Search, about: About) -> tuple[str, ...]:
    names = read_names(session) if search.among else {}
    places = {f"{names[code]} ({code})" for code in search.among}
    # A title has the names of a few territories only: those of many are all among the criteria.
    if not all(names[code] in about.where for code in search.among):
        return about.criteria
    return tuple(each for each in about.criteria if each not in places)


def _around(search: Search) -> str:
    if search.place is None or search.extent:
        return ""
    circle = f" ; cercle : {search.reach} km" if search.reach else ""
    return f"Cible : {search.place.label}{circle}."


def _in_order(search: Search, records: Iterable[Record]) -> list[Record]:
    if search.situation:
        return sorted(records, key=lambda record: record.group)
    order = {code: rank for rank, code in enumerate(vocabulary.load().categories)}
    return sorted(records, key=lambda record: order[record.card.category.code])


def _lines(
    records: Iterable[Record], numbers: Iterable[int | None]
) -> Iterator[tuple[Record, Line]]:
    for record, number in zip(records, numbers, strict=True):
        yield record, _line(record.card, number)


def _line(card: ActorCard, number: int | None) -> Line:
    return Line(card, number, where(card), hours(card.opening_hours, card.hours_text))


def _follows(followed: Followed | None) -> Iterator[Section]:
    """Yield those of the territory that follows the child, which the map does not show."""
    if followed:
        cards = chain.from_iterable(each.actors for each in followed.in_charge)
        lines = tuple(_line(card, None) for card in cards)
        yield Section(f"Suivi par : {followed.name}", lines, sentence="" if lines else UNKNOWN)


def _sections(search: Search, lines: Iterable[tuple[Record, Line]]) -> Iterator[Section]:
    if search.situation:
        by_step: dict[int, list[Line]] = {}
        for record, line in lines:
            by_step.setdefault(record.group, []).append(line)
        for number, step in enumerate(search.situation.step):
            found = _gathered(by_step.get(number, ()))
            sentence = step.sentence if found else f"{NOBODY} {step.meanwhile}"
            yield Section(f"{number + 1}. {step.title}", found, sentence=sentence)
        return
    for category, several in groupby(lines, key=lambda pair: pair[0].card.category):
        found = _gathered(line for _, line in several)
        alone = sum(line.several for line in found) == 1
        title = category.label if alone else category.label_plural
        yield Section(title, found, category)


def _gathered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines in their order, those of neutral actors that say the same as one."""
    found: dict[object, Line] = {}
    for line in lines:
        card = line.card
        neutral = (card.seat_territory_code, card.category.code)
        key: object = neutral if card.answered_by_others else card.public_id
        known = found.get(key)
        found[key] = line if known is None else replace(known, several=known.several + 1)
    return tuple(found.values())
