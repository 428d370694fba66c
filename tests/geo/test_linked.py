"""A web address names a place in whatever order and with whatever signs its words stand."""

import pytest

from geo.address import address_keys, spelled_keys
from geo.linked import (
    has_point,
    is_of_a_map,
    joined,
    joined_as_written,
    joined_keys,
    linked_keys,
    says_way,
)
from tests import effort

SITE = "https://exemple.fr/"


def keys(link: str) -> set[str]:
    return {*map(joined, linked_keys(link)), *joined_keys(link)}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("10 RUE LACS", "10-rue-des-lacs"),
        ("10 RUE LACS", "rue-des-lacs-10.html"),
        ("10 RUE LACS", "maps/place/Rue+des+Lacs+10,+93000+Bobigny"),
        ("10 RUE LACS", "10ruedeslacs"),
        ("10 RUE LACS", "10ruedeslacsbobigny/contact"),
        ("10 RUE LACS", "10-ruedeslacs-bobigny"),
        ("10 RUE LACS", "ruedeslacs10"),
        ("10 RUE LACS", "10bisruelacs"),
        ("10 AVENUE VICTOR HUGO", "10avvictorhugo"),
        ("10 AVENUE VICTOR HUGO", "av-victor-hugo-10"),
        ("10 RUE ETOILE", "10-rue-de-l-etoile"),
        ("10 RUE ETOILE", "10-rue-de-letoile"),
        ("10 RUE ETOILE", "10-rue-de-l'%C3%A9toile"),
        ("10 RUE ETOILE", "10ruedeletoile"),
        ("10 RUE 8 MAI 1945", "rue-du-8-mai-1945-10"),
        ("10 RUE 8 MAI 1945", "10ruedu8mai1945"),
        ("10 RUE 11 NOVEMBRE", "rue-du-11-novembre-10"),
        ("10 RUE CACHEE", "10rcachee"),
        ("10 ROUTE PARIS", "10rtedeparis"),
        ("10 AVENUE EMILE ZOLA", "10avemilezola"),
        ("10 COUR SAINT EMILION", "10coursaintemilion"),
        ("10 COURS LAFAYETTE", "10courslafayette"),
        ("10 RUE ETOILE", "10-rue-de-l%E9toile"),
        ("10 AVENUE FORET", "?adr=10+avenue+de+la+For%EAt"),
        ("10 RUE CACHEE", "numero-10-de-la-rue-cachee"),
        ("10 RUE CACHEE", "?num=10&voie=rue+cachee"),
        ("10 RUE CACHEE", "?voie=rue+cachee&num=10"),
        ("10 RUE CACHEE", "10-b-rue-cachee"),
        ("10 RUE CACHEE", "bobigny-93/10-r-cachee"),
        ("10 RUE CACHEE", "2024/10-bis-r-cachee"),
        ("10 CHEMIN LACS", "93008/10-che-des-lacs"),
        ("10 RUE CACHEE", "rue-cachee-10bis"),
        ("10 RUE CACHEE", "rue_cachee_10ter.html"),
        ("10 ROUTE ANCIENNE PARIS", "10-ancienne-route-de-paris"),
        ("10 ROND-POINT LACS", "10rondpointdeslacs"),
        ("10 GRANDE RUE", "grande-rue-10"),
        ("10 GRANDE RUE", "10granderue-bobigny"),
        ("10 GRANDE RUE", "10-grand-rue"),
    ],
)
def test_a_web_address_has_the_key_of_the_place_in_it(key: str, path: str) -> None:
    assert joined(key) in keys(SITE + path)
    assert joined(key.replace("10", "12")) not in keys(SITE + path)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("article/2024/10/places", {"10PLACES"}),
        ("cours-2024", {"2024COURS"}),
        ("feuille-de-route-2024-2027", set()),
        ("agenda/10-mai", set()),
        ("10", set()),
        ("page-12-rue-prevert", {"12RUEPREVERT"}),
        (
            "10-rue-de-la-garenne",
            {f"10RUE{each}GARENNE" for each in ("DELA", "ELA", "LA", "A", "")},
        ),
    ],
)
def test_a_web_address_has_few_keys(path: str, found: set[str]) -> None:
    assert keys(SITE + path) == found


@pytest.mark.parametrize("host", ["10ruedeslacs", "xn--10ruedeslcs-g7a"])
def test_a_host_may_be_a_place(host: str) -> None:
    assert "10RUELACS" in keys(f"https://{host}.exemple.fr")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("10 rue Jean de La Fontaine", "10ruejeandelafontaine"),
        ("10 place de l'Hôtel de Ville", "10placedelhoteldeville"),
        ("10 place de l'Hôtel de Ville", "10-place-de-lhotel-de-ville"),
        ("10 place de l'Hôtel de Ville Résidence des Pins", "10placedelhoteldeville"),
        ("12 à 14 place de l'Hôtel de Ville", "14placedelhoteldeville"),
        ("10 rue Saint-Denis", "10ruestdenis"),
        ("10 rue du Général de Gaulle", "10rueduGaldegaulle"),
        ("10 R ST DENIS", "10ruesaintdenis"),
    ],
)
def test_a_web_address_has_a_place_as_it_is_written(address: str, path: str) -> None:
    places = spelled_keys(address_keys(None, address, "93008"), address, "93008")
    assert {*map(joined, places), *joined_as_written(places, address)} & keys(SITE + path)


def test_an_address_of_many_short_forms_takes_no_time() -> None:
    assert len(joined_as_written({"10 RUE" + " SAINT" * 20}, "10 rue" + " saint" * 20)) < 100


def test_a_long_name_is_found_by_its_beginning() -> None:
    name = "general " * 12
    assert joined(f"10 RUE {name.upper()}") in keys(f"{SITE}10rue{name.replace(' ', '')}")


@pytest.mark.parametrize(
    ("home", "path"),
    [
        ("10 RUE GARE", "10-rue-de-la-garenne"),
        ("12 RUE PRE", "12-rue-prevert"),
        ("5 RUE MER", "5-rue-mermoz"),
        ("10 RUE CACHE", "rue-cachee-10"),
    ],
)
def test_a_word_that_begins_as_a_name_does_is_another(home: str, path: str) -> None:
    assert joined(home) not in keys(SITE + path)


@pytest.mark.parametrize(
    ("street", "path", "said"),
    [
        ("10 rue de l'Étoile", "rue-de-letoile", True),
        ("10 rue de l'Étoile", "ruedeletoile10", True),
        ("Rue Cachée", "agence-rue-cachee", True),
        ("Le Bourg", "mairie-le-bourg", True),
        ("Le Bourg", "mairie-du-lebourget", False),
        ("10 rue Cachée", "rue-haute", False),
        ("10 B rue Cachée", "rue-cachee", True),
        ("10 quater rue Cachée", "rue-cachee", True),
        ("10-12 rue Cachée", "ruecachee", True),
        ("10 et 12 rue Cachée", "rue-cachee", True),
        ("10 Grande Rue", "granderue", True),
        ("10 Grande Rue", "grand-rue", True),
        ("10 Grande Rue", "rue-grande", False),
        ("Résidence du Lac", "residencedulac", True),
        ("Rue du 8 mai 1945", "rue-du-8-mai-1945", True),
        ("Rue Pic", "rue-picasso", False),
        ("Rue Pic", "rue-pic-10", True),
        ("Rue Pic", "rue-pic10", True),
        ("", "rue-haute", False),
    ],
)
def test_a_web_address_says_a_way_however_its_words_are_parted(
    street: str, path: str, said: bool
) -> None:
    assert says_way(SITE + path, street) == said


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.app.goo.gl/AbCdEf",
        "https://goo.gl/maps/AbCdEf",
        "https://waze.com/ul/hu09tvn",
        "https://www.waze.com/ul?ll=1",
        "https://plus.codes/8FW4W96V+VR",
        "https://what3words.com/mot.autre.tiers",
        "w3w.co/mot.autre.tiers",
        "https://maps.google.fr/?cid=123",
        "https://www.google.com/maps/place/Association+Libre",
        "https://www.bing.com/maps?cp=1",
        "https://bit.ly/3abc",
        "https://share.google/AbCdEf",
        "https://www.google.com/url?q=https://exemple.fr",
        "https://www.google.fr/local/place?x=1",
        "https://search.google.com/local/reviews?placeid=1",
        "https://earth.google.com/web/search/X",
        "https://macarte.ign.fr/carte/AbC",
        "https://framacarte.org/m/123",
        "https://u.osmfr.org/m/123",
        "https://osm.li/AbC",
        "https://www.qwant.com/maps/place/1",
        "https://yandex.com/maps/1",
        "https://ge0.me/AbC",
        *("https://www.geoportail.gouv.fr/carte?permalink=yes", "https://cartes.gouv.fr/a"),
        *("https://umap.incubateur.anct.gouv.fr/fr/map/a", "https://umap.openstreetmap.de/a"),
        *("https://adresse.data.gouv.fr/base-adresse-nationale/93008_1", "https://her.is/a"),
        *("https://www.viamichelin.com/maps", "https://mapcarta.com/fr/1", "https://waze.to/a"),
        *("https://ville.maps.arcgis.com/apps/a", "https://arcg.is/a"),
        *("https://lstu.fr/a", "https://v.gd/a", "https://tiny.one/a"),
        *("https://urlz.fr/a", "https://vu.fr/a", "https://lc.cx/a", "https://frama.link/a"),
        *("https://huit.re/a", "https://rb.gy/a", "https://lnkd.in/a", "https://t.ly/a"),
        *("https://tiny.cc/a", "https://shorturl.at/a", "https://buff.ly/a"),
        *("https://rebrand.ly/a", "https://qrco.de/a", "https://fb.me/a"),
        # Another address stands in it.
        "goo.gl/maps?u=https://x",
        "HTTPS://GOO.GL/maps",
    ],
)
def test_a_page_of_a_map_is_known(link: str) -> None:
    assert is_of_a_map(link)


@pytest.mark.parametrize(
    "link",
    [
        *("https://exemple.fr/maps", "https://notgoo.gl.exemple.fr", "https://mapsdev.fr"),
        *("https://www.google.com/search?q=x", "https://here.com.exemple.fr", "https://"),
        *("https://reseau.ly", "https://exemple.fr/?u=https://bit.ly/a", "https://www.qwant.com/"),
    ],
)
def test_another_page_is_none_of_a_map(link: str) -> None:
    assert not is_of_a_map(link)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("48.90721, 2.44512", True),
        ("48°54'25.9\"N 2°26'42.4\"E", True),
        ("le code 8FW4W96V+VR", True),
        ("https://exemple.fr/?c=W96V%2BVR", True),
        ("///mot.autre.tiers", True),
        ("https://exemple.fr/a.b.c", False),
        ("16+ ans, 3 + 2 places, C++ et 2+2", False),
        ("20° à l'ombre", False),
        ("16.12.2025 et 17.12.2025", False),
    ],
)
def test_a_point_is_found_in_a_text(text: str, has: bool) -> None:
    assert has_point(text) == has


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a-", "rue-", "10-rue-", "10rue", "rue10", "%25"])
def test_a_huge_web_address_takes_linear_time(piece: str) -> None:
    with effort.at_most(5):
        keys(SITE + piece * (100_000 // len(piece)))
