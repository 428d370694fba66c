"""2,000 generated places over every territory, written as staff write them, half of them hidden."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.embeds.look import Look
from app.embeds.registered import read_locked
from app.embeds.registration import Draft, register
from app.embeds.stored import revoke
from app.gazetteer.load import read_gazetteer
from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.models import Actor, ActorProtected
from app.platform.database.sessions import write as commit
from app.records.acts import protect
from app.runtime.staff import Runtime
from geo.gazetteer import Gazetteer
from geo.territories import Commune
from tests.attack import committees
from tests.attack.agenda import PlantedEvents, announce_after, announce_before
from tests.attack.letters import PlantedLetters, send_after, send_before
from tests.attack.places import (
    COLUMNS,
    FAMILIES,
    MARKER,
    OPEN_MARKER,
    OPEN_REGISTER,
    SERVICES,
    SHELTERS,
    Case,
    InventedPlace,
)
from tests.attack.resources import PlantedResources, write_after, write_before
from tests.makers import decide
from tests.planted import HOSPITAL, Planted, bring

SIZE = 2_000

# Name of a list -> the places that it holds.
LISTS: dict[str, tuple[Case, ...]] = {
    "open": ("open", "decided", "secret"),
    "sealed": ("sealed", "neighbour", "archived"),
    "draft": ("draft",),
}
# Some of them: each is a transaction of its own.
NAMED_IN_REGISTERS = {"01", "2A", "59", "69M", "93", "974"}
# Register, what it calls a shelter, and how: the directory knows no homes, only who is beside one.
NAMED_AS = (
    ("annuaire", "aav", "Association {}"),
    ("inclusion", "CHRS", "Résidence {}"),
    ("ror", "MECS", "MECS {}"),
)


@dataclass(slots=True)
class Dataset:
    """What was written. published, hidden_ids: public ids that answer, and that must not.

    Hidden ones are those of drafts, archives and secrets, those that acts took away, and those of
    resources and events. embeds: ids of registered ones, the last one revoked.
    """

    places: list[InventedPlace]
    published: dict[str, str] = field(default_factory=dict)
    hidden_ids: set[str] = field(default_factory=set)
    territories: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    resources: PlantedResources = field(default_factory=PlantedResources)
    events: PlantedEvents = field(default_factory=PlantedEvents)
    letters: PlantedLetters = field(default_factory=PlantedLetters)

    @property
    def secrets(self) -> list[InventedPlace]:
        """The places whose words, numbers and points must not be read."""
        return [place for place in self.places if place.hidden]


def generate(gazetteer: Gazetteer, size: int = SIZE) -> list[InventedPlace]:
    """Return places spread over all territories, always the same."""
    chance = random.Random(23)  # noqa: S311 - to be the same each time, not to be secret
    communes: dict[str, list[Commune]] = {}
    for commune in gazetteer.communes:
        communes.setdefault(commune.territory, []).append(commune)
    codes = sorted(communes)
    places: list[InventedPlace] = []
    for number in range(size):
        of_territory = communes[codes[number % len(codes)]]
        case = _case(number // len(codes), number)
        commune = chance.choice(of_territory)
        beside = None
        if case == "neighbour" and places[number - len(codes)].category not in SHELTERS:
            # Nobody knows what the place of the round before is: it hides no other.
            case = "open"
        if case == "neighbour":
            # The place of the round before, in the same territory.
            beside = number - len(codes)
            commune = places[beside].commune
        categories = SHELTERS if case in ("sealed", "archived") else SERVICES
        category = "genre inconnu" if number % 29 == 7 and case == "sealed" else ""
        places.append(
            InventedPlace(
                number,
                case,
                category or chance.choice(categories),
                commune,
                *_near(chance, commune),
                beside=beside,
            )
        )
    return places


def changed(places: Iterable[InventedPlace], gazetteer: Gazetteer) -> list[InventedPlace]:
    """Return hidden places with other secrets in the same territory; nothing public changes.

    What a place is within its family, what it does, for whom and of which age are secrets too.
    """
    chance = random.Random(24)  # noqa: S311
    communes: dict[str, list[Commune]] = {}
    for commune in gazetteer.communes:
        communes.setdefault(commune.territory, []).append(commune)
    moved = []
    for place in places:
        commune = chance.choice(communes[place.commune.territory])
        lon, lat = _near(chance, commune)
        other = replace(place, edition=1, commune=commune, lon=lon, lat=lat, beside=None)
        if place.neutral:
            family = next(each for each in FAMILIES if place.category in each)
            following = (family.index(place.category) + 1) % len(family)
            other = replace(other, category=family[following])
        moved.append(other)
    return moved


def _case(turn: int, number: int) -> Case:
    if turn == 17:
        # Each act reads all communes again: a few of them say as much as many.
        rare: dict[int, Case] = {0: "draft", 1: "archived", 2: "decided", 3: "secret"}
        return rare.get(number % 16, "sealed")
    turns: tuple[Case, ...] = ("open", "sealed", "neighbour", "open")
    return turns[turn % 4] if turn < 18 else "open"


def _near(chance: random.Random, commune: Commune) -> tuple[float | None, float | None]:
    if commune.lon is None or commune.lat is None:
        return None, None

    def shifted(value: float) -> float:
        # A kilometre or two, so that no rounding gives the commune's own point.
        return round(value + chance.choice((-1, 1)) * chance.uniform(0.004, 0.016), 6)

    return shifted(commune.lon), shifted(commune.lat)


def name_in_registers(runtime: Runtime, places: Iterable[InventedPlace]) -> None:
    """Let each register name the shelters of some territories, or who stands beside them."""
    shelters = _named_in_registers(places)
    bring(
        runtime,
        "finess",
        [_hospital(each) for each in shelters]
        + [
            _as_named(each, each.finess, f"SERVICE {each.word(0)}".upper(), sort="177")
            for each in shelters
        ],
        # Until now it named nobody of them.
        accept=True,
    )
    for code, sort, name in NAMED_AS:
        bring(
            runtime,
            code,
            [
                _as_named(each, f"N{each.number}", name.format(each.word(0)), sort)
                for each in shelters
            ],
        )


def name_units_beside(runtime: Runtime, places: Iterable[InventedPlace]) -> None:
    """Let FINESS name hospitals at the addresses of these shelters, and their units."""
    hospitals = [_hospital(each) for each in _named_in_registers(places)]
    bring(runtime, "finess", hospitals)
    units = [replace(each, sort="M41") for each in hospitals]
    edition = bring(runtime, "finess_activites", units)
    assert edition.lines.keys() == NAMED_IN_REGISTERS


def _named_in_registers(places: Iterable[InventedPlace]) -> list[InventedPlace]:
    return [
        place
        for place in places
        if place.case == "sealed" and place.commune.territory in NAMED_IN_REGISTERS
    ]


def _hospital(place: InventedPlace) -> Planted:
    """Return a hospital at the address of a shelter; its words are nobody's secret."""
    name = f"CENTRE HOSPITALIER {OPEN_MARKER}upital {place.number}".upper()
    hospital = _as_named(place, f"{OPEN_REGISTER}5{place.serial}", name, sort=HOSPITAL)
    return replace(hospital, siret="")


def _as_named(place: InventedPlace, number: str, name: str, sort: str) -> Planted:
    """Return a place as a register names it, in other letters than a list."""
    return Planted(
        number,
        name,
        place.street.upper(),
        next(iter(place.commune.postcodes), ""),
        place.commune.name.upper(),
        place.commune.code,
        sort,
        phone=f"+33 {place.phone[1:]}",
        siret=place.siret,
        lon=str(place.lon or ""),
        lat=str(place.lat or ""),
    )


def as_list(places: Sequence[InventedPlace]) -> bytes:
    """Return a list as a département sends it."""
    lines = [";".join(COLUMNS), *(place.line() for place in places)]
    return "\r\n".join(lines).encode("cp1252", "replace")


def write(runtime: Runtime, size: int = SIZE) -> Dataset:
    """Write the places through import and acts, the only ways in."""
    with Session(runtime.staff) as session:
        gazetteer = read_gazetteer(session.connection())
    places = generate(gazetteer, size)
    dataset = Dataset(places, territories=sorted(each.code for each in gazetteer.territories))
    # What resources, events and letters say of them is published until they are hidden.
    dataset.resources = write_before(runtime, places)
    dataset.events = announce_before(runtime, places)
    dataset.letters = send_before(runtime, places)
    name_units_beside(runtime, places)
    for name, cases in LISTS.items():
        send(runtime, name, [place for place in places if place.case in cases])
    name_in_registers(runtime, places)
    for place in places:
        if place.case in ("decided", "secret"):
            public_id = _read(runtime, dataset)[f"Service {place.word(0)}"]
            dataset.hidden_ids.add(public_id)
            why = f"menaces, voir {place.word(4)}"
            decide(runtime, protect, public_id, who="essai", why=why, secret=place.case == "secret")
    _read(runtime, dataset)
    dataset.embeds = _embed(runtime, dataset.secrets[0])
    write_after(runtime, places, dataset.resources)
    announce_after(runtime, dataset.events)
    send_after(runtime, dataset.letters, dataset.resources, dataset.events)
    committees.seat(runtime, dataset.territories[-1])
    dataset.hidden_ids |= dataset.resources.hidden_ids | dataset.events.hidden_ids
    return dataset


def _embed(runtime: Runtime, place: InventedPlace) -> list[str]:
    """Register embeds of where a hidden place is, and revoke the last one."""
    around, territory = f"lieu={place.commune.code}", f"territoire={place.commune.territory}"
    # The first ones are asked the most: nothing but where is locked.
    locks = (
        (around, Look()),
        (territory, Look()),
        (f"dans={place.commune.territory}&dans=93", Look(listed=False)),
        (f"{territory}&public=mineurs", Look(filters=False)),
        (around, Look()),
    )
    ids = []
    for query, look in locks:
        with commit(runtime.staff) as session:
            draft = Draft(
                search=read_locked(session, query),
                look=look,
                origins=("https://www.exemple.fr",),
                name="Département d'exemple",
                contact="carte@exemple.fr",
            )
            ids.append(register(session, draft, "essai"))
    with commit(runtime.staff) as session:
        revoke(session, runtime.vault, ids[-1], who="essai", why=f"près de {place.word(4)}")
    return ids


def send(runtime: Runtime, name: str, places: Sequence[InventedPlace]) -> None:
    """Import a list, named after one of its shelters; the same name is the same source again."""
    filename = f"Foyer {MARKER}isource {name}.csv"
    upload = Upload(filename, as_list(places), "essai", draft=name == "draft")
    summary = import_list(runtime.staff, runtime.vault, runtime.settings, upload)
    assert summary.rejected == 0, summary.problems[:3]
    assert summary.read == len(places)


def _read(runtime: Runtime, dataset: Dataset) -> dict[str, str]:
    """Return true name -> public id, and note which ids answer and which must not."""
    ids = {}
    dataset.published.clear()
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(Actor, ActorProtected).join(ActorProtected, ActorProtected.actor_id == Actor.id)
        )
        for actor, sealed in rows:
            record = runtime.vault.open_json("actor_protected", actor.id, "record", sealed.record)
            ids[record["name"]] = actor.public_id
            if actor.status == "published":
                dataset.published[actor.public_id] = actor.slug
            else:
                dataset.hidden_ids.add(actor.public_id)
    return ids
