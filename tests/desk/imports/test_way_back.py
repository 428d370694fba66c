"""From one line of a list one comes back to those narrowed as they were, and goes on after it."""

import re
from html import unescape
from uuid import uuid4

import pytest

from app.models import Role
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.reviewing import NAMELESS, correct, named, press, row_of

pytestmark = pytest.mark.slow

WRONG = "Écoute sans appel;Association;7 rue du Retour;93000;Bobigny;01 98 00;"
HOME = "Foyer du Retour;MECS;9 rue du Retour;93300;Aubervilliers;01 98 00 00 77;"


def opened_from(row: str) -> str:
    found = re.search(r'formaction="([^"]+)"', row)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_line_leads_back_to_the_lines_as_they_were_narrowed(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Retour"), HOME, source="Retour")
    query = "?resultat=created&etat=none"
    where = opened_from(row_of(browser, page, "Foyer du Retour", query))
    text = browser.post(where).text
    back = re.findall(rf'href="{page}/relire\?([^#"]+)#l-', text)
    assert set(back) == {"resultat=created&amp;etat=none&amp;page=1"}
    # What nothing narrows by is not carried on.
    assert "autre" not in browser.post(f"{where}&autre=1&champ=%00").text.split("<h1>")[0]
    answer = correct(browser, where.partition("?")[0], text)
    assert answer.headers["location"].startswith(f"{page}/relire?#l-")


def test_a_number_that_cannot_be_read_is_corrected_on_the_page_of_its_line(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Appel"), WRONG, source="Sans appel")
    plain = row_of(browser, page, "Appel 1")
    assert "Corriger la ligne" not in plain
    row = row_of(browser, page, "Écoute sans appel", "?categorie=association")
    assert "Corriger la ligne" in row
    where = opened_from(row)
    text = browser.post(where).text
    (seen,) = re.findall(r'name="vu" value="([^"]+)"', text)
    given = {"vu": unescape(seen)}
    action = re.search(r'action="([^"]+/corriger[^"]*)"', text)
    assert action
    answer = browser.post(action[1].replace("&amp;", "&"), data=given | {"c5": "01 98 00 00 70"})
    way = answer.headers["location"]
    assert way == f"{page}/relue?categorie=association&page=1"
    assert "La liste est relue" in browser.get(way).text
    lists.work()
    assert browser.get(way).headers["location"] == f"{page}/relire?categorie=association&page=1"
    row = row_of(browser, page, "Écoute sans appel", "?categorie=association")
    assert "01 98 00 00 70" in row
    assert "Ce numéro" not in row


def test_an_applied_list_leads_on_to_what_is_left_to_decide(lists: Lists) -> None:
    browser = lists.signed_in()
    unknown = "Passerelle;Chose inconnue;3 rue du Retour;93000;Bobigny;01 98 00 00 79;"
    page = lists.sent(browser, *named("Ensuite"), unknown, NAMELESS, source="Ensuite")
    assert 'id="ensuite"' not in browser.get(page).text
    press(browser, page, "Ensuite 0", "refuser")
    lists.apply(browser, page)
    lists.work()
    text = browser.get(page).text
    after = text.partition('id="ensuite"')[2].partition("</section>")[0]
    assert re.search(r'href="/gestion/a-classer">À classer</a> <span class="desk-muted">\d', after)
    source = re.search(r'href="(/gestion/acteurs\?source=[^"]+)"', after)
    assert source
    assert "Ensuite 1" in browser.get(source[1]).text
    assert "Ensuite 0" not in browser.get(source[1]).text


def test_the_next_list_of_a_source_is_sent_under_its_name_and_territory(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    lille = ";ASE;1 rue Suivante;59000;Lille;01 98 00 00 33;"
    page = lists.applied(curateur, f"Nord suivant{lille}", source="Suivante", territoire="59")
    way = re.search(r'href="(/gestion/imports\?liste=[0-9a-f-]+)"', curateur.get(page).text)
    assert way
    form = curateur.get(way[1]).text
    assert 'value="Suivante"' in form
    assert '<option value="59" selected>' in form
    # Of another territory: that there is such a source is nobody else's.
    other = way[1].rpartition("=")[0] + f"={uuid4()}"
    assert referent.get(way[1]).status_code == referent.get(other).status_code == 404


def test_a_curateur_reads_the_masked_lines_alone_and_a_referent_learns_of_none(
    lists: Lists,
) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    beside = "Voisine du Retour;Association;9 rue du Retour;93300;Aubervilliers;01 98 00 00 78;"
    page = lists.sent(curateur, *named("Masque"), HOME, beside, source="Masque")
    (way,) = re.findall(r'href="([^"]+/relire\?resultat=masked)"', curateur.get(page).text)
    text = curateur.get(way).text
    names = ("Masque 1", "Foyer du Retour", "Voisine du Retour")
    assert [name for name in names if name in text] == ["Foyer du Retour", "Voisine du Retour"]
    assert re.search(r'value="masked" selected>[^<]+\(2\)', text)
    seen = referent.get(way).text
    assert 'value="masked"' not in seen
    assert "Masque 1" in seen
    assert "resultat=masked" not in referent.get(page).text


def test_a_referent_corrects_a_known_line_alike_whoever_stands_beside_it(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    some = [
        f"Connue {n};Association;{n} rue Connue;93000;Bobigny;01 98 00 00 8{n};" for n in range(4)
    ]
    lists.applied(curateur, *some, source="Connue")
    home = "Foyer Connu;MECS;1 rue Connue;93000;Bobigny;;"
    wrong = [each.replace("01 98 00 00 8", "01 98 ") + "x@y.example" for each in some]
    page = lists.sent(referent, *wrong, home, source="Connue")
    rows = [row_of(referent, page, f"Connue {n}") for n in range(4)]
    assert {"Corriger la ligne" in each for each in rows} == {True}
    texts = [referent.post(opened_from(each)) for each in rows]
    assert {each.status_code for each in texts} == {200}


def test_what_somebody_else_did_meanwhile_leads_back_to_the_lines_and_to_the_list(
    lists: Lists,
) -> None:
    first, second = lists.signed_in(), lists.signed_in()
    page = lists.sent(first, *named("Devancé"), source="Devancé")
    text = second.get(f"{page}/relire").text
    (seen,) = re.findall(r'name="lu" value="([^"]+)"', text)
    (line,) = re.findall(r'id="l-([0-9a-f-]+)"', row_of(first, page, "Devancé 1"))
    as_read = {"vu": seen_in(text), "lu": unescape(seen), "geste": f"accepter.{line}"}
    press(first, page, "Devancé 1", "refuser")
    refused = second.post(f"{page}/relire?resultat=created", data=as_read)
    assert refused.status_code == 409
    assert f'href="{page}/relire?resultat=created">Revenir aux lignes</a>' in refused.text
    press(first, page, "Devancé 0", "accepter")
    lists.apply(first, page)
    lists.work()
    late = second.post(f"{page}/relire", data=as_read)
    # Of an applied list no line is left to decide of.
    assert f'href="{page}">Revenir à la liste</a>' in late.text
    ended = second.post(f"{page}/annuler")
    assert ended.status_code == 409
    assert f'href="{page}">Revenir à la liste</a>' in ended.text
