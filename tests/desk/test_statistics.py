"""Statistics at the desk: who reads which territory, and what no page nor file says."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import insert

from app.models import PageView, Role
from app.platform.database.sessions import write
from geo.zones import paris_day
from tests.desk.bureau import Bureau

HERE = "/gestion/statistiques"
EMBED = "7" * 24


@pytest.fixture(scope="module", autouse=True)
def _views(bureau: Bureau) -> None:
    """Enough views in two territories, too few in a third, and searches that nobody answered."""
    yesterday = paris_day(bureau.clock()) - timedelta(days=1)
    cells = [
        ("territoire", "93", "", "", 41), ("fiche", "93", "", "", 12), ("fiche", "59", "", "", 33),
        ("fiche", "75", "", "", 4), ("accueil", "", "", "", 27), ("carte", "", "", EMBED, 19),
        ("sans_resultat", "93", "fonction:hebergement", "", 8),
        ("sans_resultat", "59", "langue:ro", "", 6), ("sans_resultat", "75", "age", "", 4),
    ]  # fmt: skip
    rows = [
        {"day": yesterday, "is_rest": False, "page": page, "territory_code": territory,
         "facet": facet, "embed_id": embed, "count": count}
        for page, territory, facet, embed, count in cells
    ]  # fmt: skip
    with write(bureau.databases.staff) as session:
        session.execute(insert(PageView), rows)


def words(answer: httpx.Response) -> str:
    """What a page says, without its elements and the values that one may choose."""
    main = re.sub(r"<select.*?</select>", "", answer.text.split("<main")[1], flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.mark.parametrize("role", [Role.CURATEUR, Role.ADMINISTRATEUR])
def test_who_has_no_territories_reads_of_all(bureau: Bureau, role: Role) -> None:
    said = words(bureau.signed_in(role).get(HERE))
    assert "132 pages vues" in said
    assert "Seine-Saint-Denis 53" in said
    assert "Nord 33" in said
    assert "aucun en particulier 46" in said
    assert "Missions : Hébergement" in said
    assert "Paris" not in said


@pytest.mark.parametrize("role", [Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT])
def test_a_referent_reads_of_its_own_territory_alone(bureau: Bureau, role: Role) -> None:
    browser = bureau.signed_in(role)
    said = words(browser.get(HERE))
    assert "53 pages vues" in said
    assert "Nord" not in said
    for territory in ("59", "00", "x\0"):
        asked = httpx.QueryParams({"territoire": territory})
        assert browser.get(f"{HERE}?{asked}").status_code == 422
        answer = browser.post(f"{HERE}/export", data={"territoire": territory})
        assert answer.status_code == 422
    file = browser.post(f"{HERE}/export").content.decode("utf-8-sig")
    assert {line.split(";")[3] for line in file.splitlines()[1:]} == {'"93"'}


def test_a_page_is_narrowed_by_territory_and_kind(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    assert "12 pages vues" in words(browser.get(f"{HERE}?territoire=93&page=fiche"))
    assert "Rien à montrer ici" in words(browser.get(f"{HERE}?territoire=75"))
    only = words(browser.get(f"{HERE}?page=sans_resultat"))
    assert "Langues parlées : roumain" in only.replace("Roumain", "roumain")
    assert "Rien à montrer" not in only
    for period in ("90-jours", "12-mois"):
        assert "132 pages vues" in words(browser.get(f"{HERE}?periode={period}"))


@pytest.mark.parametrize("asked", ["periode=1-an", "page=enfant", "page=%00", "periode=%00"])
def test_what_is_not_known_is_said_to_be_so(bureau: Bureau, asked: str) -> None:
    answer = bureau.signed_in().get(f"{HERE}?{asked}")
    assert answer.status_code == 422
    assert "Filtre" in answer.text


def test_the_file_has_the_numbers_of_the_page_and_none_below_the_floor(bureau: Bureau) -> None:
    answer = bureau.signed_in().post(f"{HERE}/export", data={"periode": "12-mois"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="statistiques-')
    lines = [line.split('";"') for line in answer.content.decode("utf-8-sig").splitlines()[1:]]
    counts = sorted(int(line[-1].strip('"')) for line in lines)
    assert counts == [6, 8, 12, 19, 27, 33, 41]
    assert not any('"75"' in "".join(line) for line in lines)


def test_the_bars_are_said_in_words_as_well(bureau: Bureau) -> None:
    page = bureau.signed_in().get(HERE).text
    (title,) = set(re.findall(r"<title>(Pages vues par jour[^<]*)</title>", page))
    assert title == "Pages vues par jour : 132 au plus"
    assert page.count("moins de 5</span>") == 29
