"""What is asked of the service of today: good values, bad ones, and those that look for secrets."""

from collections.abc import Iterable
from urllib.parse import quote

from app.agenda.event import FORMS
from app.places.grid import STEP, position_code
from app.resources.criteria import NATIONAL, Order
from app.resources.fields import FILTERS
from app.resources.parameters import PRECISE
from app.search.reading import CODES
from tests.attack.dataset import Dataset
from tests.attack.places import InventedPlace
from tests.attack.resources import COLLECTION, UNPUBLISHED
from tests.attack.walk import HOST, Pair, Paths, Values

WORLD = "-180,-90,180,90"

# Sheets to hand over that are asked for: each takes a fifth of a second.
SHEETS = 60
# In steps of the grid: the point itself, its neighbours, and about 5 and 25 km from it.
AROUND = ((0, 0), (1, 0), (0, -1), (10, 0), (0, 50))


def values_of(dataset: Dataset) -> Values:
    """Return what is asked of a service over these places."""
    hidden = [place for place in dataset.places if place.hidden and place.lon is not None]
    some = hidden[:: max(1, len(hidden) // 6)][:6]
    ids: list[tuple[str, ...]] = [*dataset.published.items()]
    ids += [(public_id, "acteur") for public_id in sorted(dataset.hidden_ids)]
    ids += [(bad, "acteur") for bad in ("x", "0" * 16, "%", "é", "0" * 500)]
    ids += [(ids[0][0], some[0].word(0))]
    embeds: list[tuple[str, ...]] = [
        (each,) for each in (*dataset.embeds, "0" * 24, "x", "%", some[0].word(0))
    ]
    few = ["93", "974", "69M"]
    codes = few + [code for code in dataset.territories if code not in few]
    codes += ["2a", "1", "999", "%", "x" * 300, some[0].word(0)]
    searched = [text for place in some for text in (place.word(0), place.street, place.phone)]
    searched += ["", "saint denis", "93", "93000", "%", "x" * 200, *(p.siret for p in some)]
    places, place_texts = _places(some[:4]), _place_texts(some[:4])
    own = [place.commune.territory for place in some]
    return Values(
        paths={
            (): [()],
            ("code",): [(code,) for code in codes],
            ("public_id", "slug"): ids,
            ("public_id",): [(public_id,) for public_id, _ in ids[:: len(ids) // SHEETS]],
            ("embed_id",): embeds,
            **_resources(dataset, some[0]),
            **_mailed(dataset, some[0]),
        },
        query={
            "q": [*searched, "mise à l'abri", "ase", "asociation"],
            # Each value that a filter knows, and a secret.
            **{name: [*known, some[0].word(0)] for name, known in _known().items()},
            "age": ["0", "15", "25", "26", "x"],
            "sans": [*own[:3], "93", "999"],
            "dans": [*own[:3], "93", "999"],
            "suivi": [*own[:3], "93", "999", some[0].word(0)],
            "territoire": [*own[:3], "93", "2a", "999"],
            "lieu": places,
            "cadre": [each for place in some[:4] for each in extents(place)] + [WORLD, "x"],
            "loin": places,
            "ou": place_texts,
            "eloigner": place_texts,
            "avis": ["service", "adresse", "loin-lieu", "homonymes", "x"],
            "zoom": ["6", "0", "12", "16", "17", "19", "20", "x"],
            "bbox": _views(some[:4]),
            "page": ["1", "2", "3", "2000", "9999", "x"],
            # Of embeds, of the page that builds them, and of oEmbed.
            **{name: ["non", "x"] for name in ("liste", "filtres")},
            **{name: ["14508c", "x"] for name in ("couleur", "papier", "encre")},
            "coins": ["0", "24", "x"],
            "portee": ["territoires", "lieu", "france", PRECISE, NATIONAL, "x"],
            "couleurs": ["site", "choisies", "x"],
            "hauteur": ["320", "1600", "x"],
            "url": [*_addresses(places), "x"],
            "format": ["json", "xml"],
            **{name: ["1", "300", "x"] for name in ("maxwidth", "maxheight")},
        },
        anchors=[(), *_anchors(some), (("url", f"http://{HOST}/departements/93"),)],
        others=2,
    )


def _known() -> dict[str, list[str]]:
    """Return what filters know, of actors and of resources: some have the same name."""
    known = {name: list(values) for name, values in CODES.items()}
    for name, offered in FILTERS.items():
        # Of languages there are hundreds.
        values = [*(offered.choices or ("2021", "2019-2022", "organisme-d-exemple"))][:20]
        known[name] = list(dict.fromkeys((*known.get(name, ()), *values)))
    known["tri"] += [each.value for each in Order]
    known["type"] += [*FORMS]
    known["mois"] = ["2027-03", "2027-13", "x"]
    return known


def _events(dataset: Dataset) -> list[tuple[str, ...]]:
    """Return paths of events: those that answer, and those that nobody reads."""
    ids = (*dataset.events.shown, *sorted(dataset.events.hidden_ids))
    return [(each,) for each in (*ids, "x", "%", "0" * 16)]


def _mailed(dataset: Dataset, secret: InventedPlace) -> Paths:
    """Return paths of events and letters, and of the links of their mails."""
    return {
        ("event_id",): _events(dataset),
        ("month",): _months(dataset),
        ("token",): _tokens(secret),
    }


def _months(dataset: Dataset) -> list[tuple[str, ...]]:
    """Return paths of letters: those that answer, and those that nobody reads."""
    planted = dataset.letters
    return [(each,) for each in (*planted.shown, *planted.hidden, "2027-13", "x", "%")]


def _tokens(secret: InventedPlace) -> list[tuple[str, ...]]:
    """Return what stands for links of mails, none of them ours."""
    return [(each,) for each in ("x", "%", "A" * 115, "é" * 300, secret.word(0))]


def _resources(dataset: Dataset, secret: InventedPlace) -> Paths:
    """Return paths of resources: those that answer, that are withdrawn, and that nobody reads."""
    planted = dataset.resources
    ids = [*planted.published, *planted.withdrawn, *sorted(planted.hidden_ids)]
    bad = ["x", "0" * 16, "%", "é", "0" * 500, secret.word(0)]
    named = [(each, planted.published.get(each, "ressource")) for each in (*ids, *bad)]
    numbers = [(each, number) for each in (*ids, *bad) for number in ("1", "2", "99")]
    return {
        ("resource_id",): [(each,) for each in (*ids, *bad)],
        ("resource_id", "slug"): [*named, (ids[0], secret.word(0))],
        ("resource_id", "number"): [*numbers, (ids[0], "0"), (ids[0], "x"), (ids[0], "-1")],
        ("collection",): [(COLLECTION,), (UNPUBLISHED,), ("x",), ("%00",), (secret.word(0),)],
    }


def positions(place: InventedPlace) -> list[str]:
    """Return points of the grid around a place, and the place itself, finer than the grid."""
    if place.lon is None or place.lat is None:
        return []
    near = [
        position_code(place.lat + north * STEP, place.lon + east * STEP) for north, east in AROUND
    ]
    return [f"{place.lat},{place.lon}", *near]


def extents(place: InventedPlace) -> list[str]:
    """Return rectangles around a hidden place and beside it, down to one step of the grid."""
    if place.lon is None or place.lat is None:
        return []
    lon, lat = place.lon, place.lat
    corners = [(lon - d, lat - d, lon + d, lat + d) for d in (1e-6, STEP, 0.1)]
    corners += [(lon + STEP, lat - 0.1, lon + 0.2, lat + 0.1), (lon - 5, lat + STEP, lon, lat + 1)]
    return [",".join(f"{degrees:.6f}" for degrees in each) for each in corners]


def _places(some: Iterable[InventedPlace]) -> list[str]:
    communes = [place.commune.code for place in some]
    around = [each for place in some for each in positions(place)]
    return [*communes, *around, "99999", "0,0", "91,181", "48.9", "x"]


def _addresses(places: Iterable[str]) -> list[str]:
    """Return addresses of the service's own maps, and of another site's."""
    paths = ["/departements/93", "/autour", "/integration/93?liste=non"]
    paths += [f"/autour?lieu={quote(each)}&rayon=5" for each in places]
    return [f"http://{HOST}{path}" for path in paths] + ["https://exemple.fr/departements/93"]


def _views(some: Iterable[InventedPlace]) -> list[str]:
    """Return views of a map around hidden places, small and large, and what is none."""
    found = [
        f"{place.lon - wide},{place.lat - wide},{place.lon + wide},{place.lat + wide}"
        for place in some
        if place.lon is not None and place.lat is not None
        for wide in (0.001, 0.02, 0.5)
    ]
    return [*found, WORLD, "1,2,3", "x"]


def _place_texts(some: Iterable[InventedPlace]) -> list[str]:
    """Return what may be typed into the box: places, addresses of hidden ones, their names."""
    found = ["saint denis", "93200", "Bobigny", "974", "paris 11e", "bobingy", "%", "x" * 200, ""]
    for place in some:
        found += [
            place.commune.name,
            f"{place.street}, {place.commune.name}",
            f"Service {place.word(0)}",
            f"{place.lat}, {place.lon}",
        ]
    return found


def _anchors(some: list[InventedPlace]) -> list[tuple[Pair, ...]]:
    """Return searches around hidden places, away from them and in their territories."""
    radii, gaps = CODES["rayon"], CODES["ecart"]
    found: list[tuple[Pair, ...]] = []
    for number, place in enumerate(some):
        at = positions(place)
        near = at[number % len(at)]
        around: list[tuple[Pair, ...]] = [
            (("lieu", near), ("rayon", radii[number % len(radii)])),
            (("cadre", [*extents(place), ""][number % 5]),),
            (("territoire", place.commune.territory),),
            (("lieu", place.commune.code), ("loin", near), ("ecart", gaps[number % len(gaps)])),
        ]
        view: tuple[Pair, ...] = (("zoom", "12"), ("bbox", _views([place])[1]))
        found += [*around, view, *(each + view for each in around)]
    return found
