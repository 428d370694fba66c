"""2,000 generated places over every territory, written as staff write them, half of them hidden.

What must never be read of a hidden place is unmistakable, and shaped as in real lists: its words
begin with "Brunqu", its mobile with 06 39 98, its register numbers with 9923. Those of the places
that are published begin with "Clarmo", 01 99 00 and 8823 instead.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.luhn import calc_check_digit

from app.embeds.look import Look
from app.embeds.registered import read_locked
from app.embeds.registration import Draft, register, revoke
from app.gazetteer.load import read_gazetteer
from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.models import Actor, ActorProtected
from app.platform.database.sessions import write as commit
from app.records.acts import protect
from app.runtime.staff import Runtime
from geo.gazetteer import Gazetteer
from geo.territories import Commune
from tests.makers import decide

SIZE = 2_000
MARKER, OPEN_MARKER = "Brunqu", "Clarmo"
MOBILE, OPEN_PHONE, GATE_PHONE = "063998", "019900", "046571"
REGISTER, OPEN_REGISTER = "9923", "8823"

# sealed: housed children, or of unknown category. neighbour: shares the address of the one before.
# decided: published, then protected by an act. secret: the same, and its existence is hidden.
Case = Literal["open", "sealed", "neighbour", "decided", "secret", "draft", "archived"]
SHELTERS = ("MECS", "Foyer de l'enfance", "Lieu de vie", "Pouponnière", "Autre hébergement")
SERVICES = ("ASE", "CRIP", "Association", "Police", "Santé", "Justice", "UAPED")
SYLLABLES = tuple(c + v for c in "bdfglmnprstvz" for v in "ae")
# Name of a list -> the places that it holds.
LISTS: dict[str, tuple[Case, ...]] = {
    "open": ("open", "decided", "secret"),
    "sealed": ("sealed", "neighbour", "archived"),
    "draft": ("draft",),
}
COLUMNS = (
    *("Identifiant", "Nom", "Sigle", "Type", "Adresse", "Code postal", "Commune", "Code INSEE"),
    *("Téléphone", "Téléphone communicable", "Courriel", "Site internet", "Description", "SIRET"),
    *("FINESS", "RNA", "Longitude", "Latitude", "Fonctions", "Public", "Statut"),
    *("Horaires", "Âge minimum", "Âge maximum", "Couverture"),
)


@dataclass(frozen=True, slots=True)
class InventedPlace:
    """One line of a list. edition: another one has the same identifier and other secrets."""

    number: int
    case: Case
    category: str
    commune: Commune
    lon: float | None
    lat: float | None
    edition: int = 0
    # Its address is that of another place.
    beside: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether its words are sentinels."""
        return self.case != "open"

    def word(self, part: int, number: int | None = None) -> str:
        """Return a word that no other place has."""
        rank = ((self.number if number is None else number) * 2 + self.edition) * 8 + part
        tail = ""
        for _ in range(4):
            rank, digit = divmod(rank, len(SYLLABLES))
            tail += SYLLABLES[digit]
        return (MARKER if self.hidden else OPEN_MARKER) + tail

    @property
    def street(self) -> str:
        """Number and way."""
        number = self.number if self.beside is None else self.beside
        return f"{number % 97 + 1} rue {self.word(1, number)}"

    @property
    def serial(self) -> str:
        """Four digits that no other place and edition has."""
        return f"{self.number + 5000 * self.edition:04d}"

    @property
    def phone(self) -> str:
        """Ten digits, of a range that is never given to anybody."""
        return (MOBILE if self.hidden else OPEN_PHONE) + self.serial

    @property
    def gate_phone(self) -> str:
        """Another ten digits, under a title that says they may be given: no list decides that."""
        return (MOBILE if self.hidden else GATE_PHONE) + f"{int(self.serial) + 2500:04d}"

    @property
    def register(self) -> str:
        """What its register numbers begin with."""
        return REGISTER if self.hidden else OPEN_REGISTER

    @property
    def siret(self) -> str:
        """Fourteen digits that pass both checks."""
        siren = self.register + self.serial
        siret = f"{siren}{calc_check_digit(siren)}0001"
        return siret + calc_check_digit(siret)

    @property
    def finess(self) -> str:
        """Nine digits."""
        return f"{self.register}0{self.serial}"

    @property
    def rna(self) -> str:
        """A W and nine digits."""
        return f"W{self.register}0{self.serial}"

    @property
    def words(self) -> list[str]:
        """Every made-up word of its line."""
        return [self.word(part) for part in range(8)]

    @property
    def hours(self) -> str:
        """In the syntax of OpenStreetMap, with a word of its own or without."""
        word = f'"Mo-Fr 09:00-17:00 ""sonner chez {self.word(7)}"""'
        return ("24/7", "Mo-Fr 09:00-17:00", word, "")[self.number % 4]

    @property
    def coverage(self) -> str:
        """Its commune, which a hidden place must not say; its territory, which is no secret."""
        return {0: self.commune.name, 1: "département"}.get(self.number % 5, "")

    def line(self) -> str:
        """Return its line of a list."""
        name, _, mail, site, text, acronym, text_end, _ = self.words
        gate = self.gate_phone if self.number % 3 == 0 else ""
        audience = "mineurs" if self.number % 2 else "parents, mineurs"
        cells = (
            *(f"E{self.number}", f"Maison {name}", acronym, self.category, self.street),
            *(self.commune.postcodes[0] if self.commune.postcodes else "", self.commune.name),
            *(self.commune.code, self.phone, gate, f"{mail.lower()}@example.org"),
            *(f"https://{site.lower()}.example/", f"Portail {text} derrière {text_end}"),
            *(self.siret, self.finess, self.rna),
            *("" if each is None else str(each) for each in (self.lon, self.lat)),
            *("écoute", audience, "fermé" if self.case == "archived" else "ouvert"),
            *(self.hours, str(self.number % 12), str(18 + self.number % 4), self.coverage),
        )
        return ";".join(cells)


@dataclass(slots=True)
class Dataset:
    """What was written. published, hidden_ids: public ids that answer, and that must not.

    Hidden ones are those of drafts, archives and secrets, and those that acts hid. embeds:
    ids of registered ones, the last one revoked.
    """

    places: list[InventedPlace]
    published: dict[str, str] = field(default_factory=dict)
    hidden_ids: set[str] = field(default_factory=set)
    territories: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)

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
    """Return hidden places with other secrets in the same territory; nothing public changes."""
    chance = random.Random(24)  # noqa: S311
    communes: dict[str, list[Commune]] = {}
    for commune in gazetteer.communes:
        communes.setdefault(commune.territory, []).append(commune)
    moved = []
    for place in places:
        commune = chance.choice(communes[place.commune.territory])
        lon, lat = _near(chance, commune)
        moved.append(replace(place, edition=1, commune=commune, lon=lon, lat=lat, beside=None))
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
    for name, cases in LISTS.items():
        send(runtime, name, [place for place in places if place.case in cases])
    for place in places:
        if place.case in ("decided", "secret"):
            public_id = _read(runtime, dataset)[f"Maison {place.word(0)}"]
            dataset.hidden_ids.add(public_id)
            why = f"menaces, voir {place.word(4)}"
            decide(runtime, protect, public_id, who="essai", why=why, secret=place.case == "secret")
    _read(runtime, dataset)
    dataset.embeds = _embed(runtime, dataset.secrets[0])
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
