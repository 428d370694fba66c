"""Maps of other sites at the desk: looked at, registered, shown with their code, taken back."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import insert

from app.audit.reading import Wanted, lines
from app.models import PageView, Role
from app.platform.database.sessions import read, write
from geo.zones import paris_day
from tests.desk.bureau import ORIGIN, Browser, Bureau

HERE = "/gestion/cartes"
NEW = f"{HERE}/nouvelle"
CODE = '<iframe src="{}/integration/93?categorie=ase&amp;couleur=14508c" title="Carte"></iframe>'
OWN = CODE.format(ORIGIN)
ELSEWHERE = f"{ORIGIN}/departements/59"
SITE = "https://www.exemple.fr"


def words(answer: httpx.Response) -> str:
    """What a page says, without its elements."""
    main = answer.text.split("<main")[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def look_at(browser: Browser, code: str) -> httpx.Response:
    return browser.get(f"{NEW}?{httpx.QueryParams({'code': code})}")


def new_id(page: httpx.Response) -> str:
    (found,) = re.findall(r'name="carte" value="([0-9a-f]{24})"', page.text)
    return str(found)


def made(browser: Browser, code: str = OWN, **given: str) -> httpx.Response:
    """What the form of a map answers."""
    sent = {"code": code, "carte": new_id(look_at(browser, code)), "nom": "Exemple", "sites": SITE}
    return browser.post(HERE, data=sent | given)


def deeds(bureau: Bureau) -> list[str]:
    with read(bureau.databases.staff) as session:
        return [each.action for each in lines(session, bureau.vault, Wanted())[:2]]


@pytest.mark.slow
def test_a_map_is_looked_at_then_registered_then_taken_back(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    page = look_at(browser, OWN)
    assert "Seine-Saint-Denis ; " in words(page)
    # In the colours that were chosen, and in the only frame that the page may have.
    src = f"{ORIGIN}/integration/93?categorie=ase&amp;couleur=14508c"
    assert f'<iframe class="desk-frame" src="{src}"' in page.text
    assert f"; frame-src {ORIGIN}" in page.headers["content-security-policy"]
    assert 'value="Seine-Saint-Denis"' in page.text
    done = made(browser, sites=f"{SITE}\nHTTPS://Exemple.FR/", contact="carte@exemple.fr")
    assert done.status_code == 303, done.text
    shown = browser.get(done.headers["location"])
    assert "La carte est enregistrée" in words(shown)
    assert f"{SITE} https://exemple.fr" in words(shown)
    assert "par Camille Exemple" in words(shown)
    path = done.headers["location"].partition("?")[0]
    embed_id = path.rpartition("/")[2]
    assert f"{ORIGIN}/integration/carte/{embed_id}" in words(shown)
    assert f'href="{path}"' in browser.get(HERE).text

    assert browser.post(f"{path}/retirer", data={"raison": " "}).status_code == 400
    long = browser.post(f"{path}/retirer", data={"raison": "x" * 501})
    assert f'value="{"x" * 501}"' in long.text
    assert "La carte est enregistrée" not in words(browser.get(path))
    back = browser.post(f"{path}/retirer", data={"raison": "le site a fermé"})
    assert back.headers["location"].endswith("?fait=retiree")
    again = browser.post(f"{path}/retirer", data={"raison": "encore"})
    assert again.headers["location"].endswith("?fait=deja")
    shown = browser.get(path)
    assert "retirée" in words(shown)
    # It may name whoever is hidden nearby.
    assert "le site a fermé" not in shown.text
    assert "<textarea" not in shown.text
    assert "retirée le" in words(browser.get(HERE))
    assert deeds(bureau) == ["Carte d’un site retirée", "Carte d’un site enregistrée"]


def test_two_presses_make_one_map(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    sent = {
        "code": OWN,
        "carte": new_id(look_at(browser, OWN)),
        "nom": "Deux fois",
        "sites": SITE,
    }
    first, second = browser.post(HERE, data=sent), browser.post(HERE, data=sent)
    assert first.headers["location"] == second.headers["location"]
    assert browser.get(HERE).text.count("Deux fois") == 1


@pytest.mark.parametrize(
    ("code", "status", "why"),
    [
        ("https://ailleurs.example/integration/93", 404, "Aucune carte à intégrer"),
        ("bonjour", 404, "Aucune carte à intégrer"),
        (f"{ORIGIN}/integration/93?categorie=rien", 422, "rien"),
        (f"{ORIGIN}/integration/999", 404, "999"),
    ],
    ids=["another site", "no address", "unknown filter", "unknown territory"],
)
def test_what_is_no_map_of_ours_is_refused(
    bureau: Bureau, code: str, status: int, why: str
) -> None:
    answer = look_at(bureau.signed_in(), code)
    assert answer.status_code == status
    assert why in words(answer)
    assert "<iframe" not in answer.text
    assert unescape(answer.text).count(code) > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"sites": "http://www.exemple.fr"}, "sans https"),
        ({"sites": ""}, "de 1 à 20 sites"),
        ({"sites": "https://*.exemple.fr"}, "tous les sous-domaines"),
        ({"nom": " "}, "le nom compte de 1 à 100"),
        ({"contact": "javascript:alert(1)"}, "le contact est"),
    ],
    ids=["http", "no site", "sub-domains", "no name", "contact"],
)
def test_what_is_wrong_is_said_and_nothing_written_is_lost(
    bureau: Bureau, given: dict[str, str], why: str
) -> None:
    browser = bureau.signed_in()
    answer = made(browser, **{"nom": "Pas encore"} | given)
    assert answer.status_code == 400
    assert why in words(answer)
    for value in ({"nom": "Pas encore"} | given).values():
        assert value in unescape(answer.text)
    assert "Pas encore" not in words(browser.get(HERE))


@pytest.mark.slow
def test_a_referent_keeps_the_maps_of_its_own_territories_alone(bureau: Bureau) -> None:
    curateur, referent = bureau.signed_in(), bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    elsewhere = made(curateur, ELSEWHERE, nom="Nord").headers["location"].partition("?")[0]
    around = made(curateur, f"{ORIGIN}/autour?lieu=93008", nom="Autour").headers["location"]
    own = made(referent, nom="Chez soi").headers["location"].partition("?")[0]
    shown = words(referent.get(HERE))
    assert "Chez soi" in shown
    assert "Nord" not in shown
    assert "Autour" not in shown
    for other in (elsewhere, around.partition("?")[0]):
        assert referent.get(other).status_code == 404
        assert referent.post(f"{other}/retirer", data={"raison": "x"}).status_code == 404
    for code in (ELSEWHERE, f"{ORIGIN}/autour?lieu=93008", f"{ORIGIN}/autour?dans=93&dans=59"):
        refused = look_at(referent, code)
        assert refused.status_code == 403
        assert "Choisissez vos seuls territoires" in words(refused)
        assert "<iframe" not in refused.text
        sent = {"code": code, "carte": "0" * 24, "nom": "Non", "sites": SITE}
        assert referent.post(HERE, data=sent).status_code == 403
    assert referent.post(f"{own}/retirer", data={"raison": "fini"}).status_code == 303
    assert bureau.signed_in(Role.REFERENT_ETAT).get(HERE).status_code == 403


def test_a_map_says_day_by_day_how_often_it_was_shown(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    path = made(browser, nom="Comptée").headers["location"].partition("?")[0]
    assert "Aucun des 30 derniers jours n’en compte 5" in words(browser.get(path))
    today = paris_day(bureau.clock())
    of_it = {"page": "carte", "territory_code": "", "facet": "", "embed_id": path.split("/")[-1]}
    rows = [
        of_it | {"day": today - timedelta(days=ago), "is_rest": False, "count": count}
        for ago, count in ((1, 12), (2, 4), (3, 7), (31, 50))
    ]
    with write(bureau.databases.staff) as session:
        session.execute(insert(PageView), rows)
    page = browser.get(path)
    assert "Affichages 19 en 30 jours" in words(page)
    assert "Affichages par jour : 12 au plus" in page.text
    counts = re.findall(r'<td class="desk-number">(?:<[^>]*>)?([^<]*)<', page.text)
    assert counts[:4] == ["12", "moins de 5", "7", "moins de 5"]
    assert len(counts) == 30
