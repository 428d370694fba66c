"""Coverage at the desk: a role reads of a territory what it may, of all others what is public."""

import re

import pytest

from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read, write
from tests.desk.bureau import Bureau
from tests.makers import add_actor

HERE = "/gestion/couverture?fonction=hebergement"
ROW = re.compile(r'<tr data-area="([^"]+)".*?</tr>', re.S)


@pytest.fixture(scope="module", autouse=True)
def _secret(bureau: Bureau) -> None:
    """A place in each of two territories, whose existence is secret, and a neutral sheet."""
    with write(bureau.databases.staff) as session:
        for code in ("93", "59"):
            for status in ("secret", "published"):
                add_actor(
                    session.connection(), territory_code=code, functions=["hebergement"],
                    status=status, protected=True, category="heberger",
                )  # fmt: skip


def cells(html: str, code: str) -> dict[str, str]:
    """Return what the row of a territory says, by title."""
    (row,) = (each[0] for each in ROW.finditer(html) if each[1] == code)
    found = re.findall(r'<td data-title="([^"]+)"[^>]*>(.*?)</td>', row, re.S)
    return {title: text.strip() for title, text in found}


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        (Role.CURATEUR, "2", "2"),
        (Role.REFERENT_DEPARTEMENT, "2", ""),
        (Role.REFERENT_ETAT, None, None),
    ],
)
def test_protected_ones_are_counted_for_who_may_know_of_them(
    bureau: Bureau, role: Role, own: str | None, other: str | None
) -> None:
    html = bureau.signed_in(role).get(HERE).text
    found = [cells(html, code) for code in ("93", "59")]
    assert [each["Acteurs"] for each in found] == ["1", "1"]
    assert [each.get("Protégés") for each in found] == [own, other]


def test_the_territories_of_a_referent_come_first_and_others_lead_to_what_is_public(
    bureau: Bureau,
) -> None:
    html = bureau.signed_in(Role.REFERENT_DEPARTEMENT).get(HERE).text
    assert ROW.findall(html)[0] == "93"
    table = html.partition("<tbody>")[2]
    assert 'href="/gestion/acteurs?territoire=93"' in table
    assert 'href="/gestion/acteurs?territoire=59"' not in table
    assert re.search(r'href="[^"]*/departements/59\?fonction=hebergement"', table)


def test_an_administrateur_has_no_business_there(bureau: Bureau) -> None:
    assert bureau.signed_in(Role.ADMINISTRATEUR).get(HERE).status_code == 403


def test_the_file_of_the_desk_counts_nobody_whom_visitors_do_not(bureau: Bureau) -> None:
    answer = bureau.signed_in(Role.CURATEUR).post("/gestion/couverture/export")
    text = answer.content.decode("utf-8-sig")
    assert "attachment" in answer.headers["content-disposition"]
    with read(bureau.databases.staff) as session:
        territories = len(read_names(session))
    lines = [line.split('";"') for line in text.splitlines() if '"hebergement"' in line]
    assert len(lines) == territories + 1
    (here,) = (line for line in lines if line[0] == '"93')
    assert here[5] == "1"


def test_the_outlines_of_the_map_are_announced(bureau: Bureau) -> None:
    html = bureau.signed_in(Role.CURATEUR).get(HERE).text
    (asked,) = re.findall(r'data-areas="([^"]*)"', html)
    assert f'<link rel="preload" href="{asked}" as="fetch" crossorigin>' in html
