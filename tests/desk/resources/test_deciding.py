"""Who publishes what: four eyes for sheets, two curateurs for what names a hidden place."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.audit.actions import Action
from app.models import Role
from app.platform.database.sessions import write
from tests.desk.resources.room import (
    HELD,
    HERE,
    NAMES_HOME,
    Room,
    held_of,
    id_of,
    publish,
    sent,
    words,
)
from tests.resource_contents import document, sheet


def test_a_sheet_is_published_by_another_curateur_than_its_writer(room: Room) -> None:
    writer, reader = room.curateur(), room.curateur()
    page = room.written(writer, sheet(title="Fiche à deux"))
    assert "fait=demande" in publish(writer, page).headers["location"]
    assert not room.is_read(page)
    assert "Fiche à deux" in reader.get(f"{HERE}?onglet=a-relire").text
    assert "fait=publie" in publish(reader, page).headers["location"]
    assert room.is_read(page)


def test_what_waits_may_be_given_back_to_its_writer(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    page = room.written(referent, document(title="Rendue"), what="demander")
    assert curateur.post(f"{page}/rendre").status_code == 303
    assert room.status(page) == "draft"
    assert "Rendue à qui l’écrit" in words(referent.get(f"{page}/historique"))
    assert curateur.post(f"{page}/rendre").status_code == 409


@pytest.mark.slow
def test_what_names_a_home_is_held_until_two_agree(room: Room) -> None:
    writer, reader = room.curateur(), room.curateur()
    page = room.written(writer, document(title="Retenue à deux", summary=NAMES_HOME))
    assert "fait=retenue" in publish(writer, page).headers["location"]
    assert not room.is_read(page)
    assert "Résumé : une adresse d’un lieu" in words(writer.get(HELD))
    decide = held_of(writer, "Retenue à deux")
    answer = writer.post(decide, {"reponse": "accorder"})
    assert "fait=accord" in answer.headers["location"]
    assert writer.post(decide, {"reponse": "accorder"}).status_code == 409
    reader.post(f"{page}/ouvrir", {"version": "1"})
    answer = reader.post(decide, {"reponse": "accorder"})
    assert "fait=sortie" in answer.headers["location"]
    assert room.is_read(page)


@pytest.mark.slow
def test_nobody_agrees_to_a_held_text_that_they_have_not_opened(room: Room) -> None:
    writer, reader = room.curateur(), room.curateur()
    page = room.written(writer, document(title="Retenue sans être lue", summary=NAMES_HOME))
    publish(writer, page)
    decide = held_of(writer, "Retenue sans être lue")
    answer = reader.post(decide, {"reponse": "accorder"})
    assert answer.headers["location"] == f"{page}?version=1&fait=a-lire"
    shown = reader.get(answer.headers["location"])
    assert "Lisez d’abord ce texte" in words(shown)
    assert "Lire ce texte" in words(shown)
    assert "10 rue Cachée" not in shown.text
    assert "fait=accord" in writer.post(decide, {"reponse": "accorder"}).headers["location"]
    assert "fait=a-lire" in reader.post(decide, {"reponse": "accorder"}).headers["location"]
    assert not room.is_read(page)
    reader.post(f"{page}/ouvrir", {"version": "1"})
    assert "fait=sortie" in reader.post(decide, {"reponse": "accorder"}).headers["location"]


def test_a_held_text_is_refused_by_whoever_has_not_opened_it(room: Room) -> None:
    page = room.written(room.curateur(), document(title="Non lue", summary=NAMES_HOME), "publier")
    other = room.curateur()
    answer = other.post(held_of(other, "Non lue"), {"reponse": "refuser"})
    assert "fait=refusee" in answer.headers["location"]
    assert room.status(page) == "draft"


def test_one_refuses_a_held_text(room: Room) -> None:
    curateur = room.curateur()
    page = room.written(curateur, document(title="Refusée", summary=NAMES_HOME), what="publier")
    answer = curateur.post(held_of(curateur, "Refusée"), {"reponse": "refuser"})
    assert "fait=refusee" in answer.headers["location"]
    assert room.status(page) == "draft"


@pytest.mark.slow
def test_whoever_wrote_a_held_text_reads_what_any_text_that_waits_says(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    plain = room.written(referent, document(title="Titre commun"), what="demander")
    named = room.written(
        referent, document(title="Titre commun", summary=NAMES_HOME), what="demander"
    )
    assert "fait=retenue" in publish(curateur, named).headers["location"]
    for way in ("", "/historique", "?fait=demande"):
        said = [
            words(referent.get(f"{page}{way}")).replace(id_of(page), "") for page in (plain, named)
        ]
        summary = document().summary
        assert said[0].replace(summary, NAMES_HOME) == said[1]
    listed = referent.get(f"{HERE}?onglet=a-relire").text
    assert id_of(named) in listed
    assert "retenue" not in listed.lower()
    assert referent.get(HELD).status_code == 403


@pytest.mark.slow
def test_a_colleague_opens_what_names_a_home_and_that_is_noted(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    content = document(title="Au 10 rue Cachée, Bobigny", summary=NAMES_HOME)
    page = room.written(referent, content, what="demander")
    assert "Cachée" in referent.get(page).text
    for path in (page, f"{page}/historique", f"{HERE}?onglet=a-relire"):
        assert "Cachée" not in curateur.get(path).text
    assert curateur.get(f"{page}/modifier").status_code == 303
    mine = sent(document(title="Autre"), based_on="0")
    assert "Cachée" not in curateur.post(f"{page}/modifier", mine).text
    assert curateur.post(f"{page}/ouvrir", {"version": "1"}).status_code == 303
    assert room.noted() == Action.RESOURCE_READ
    assert "Cachée" in curateur.get(page).text
    room.bureau.clock.pass_by(minutes=20)
    assert "Cachée" not in curateur.get(page).text


def test_a_masked_title_is_found_by_none_of_its_words(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    hidden = document(title="Zorgard, au 10 rue Cachée, Bobigny")
    page = room.written(referent, hidden, what="demander")
    plain = room.written(referent, document(title="Zorgard sans lieu"), what="demander")
    tab = f"{HERE}?onglet=a-relire"
    assert f'href="{page}">Titre masqué<' in curateur.get(tab).text
    found = curateur.get(f"{tab}&q=zorgard").text
    assert page not in found
    assert plain in found
    assert "Aucun titre n’a ces mots ici" in words(curateur.get(f"{tab}&q=zorgard%2C+au+10"))
    assert page in referent.get(f"{tab}&q=zorgard%2C+au+10").text


def test_others_than_curateurs_read_no_text_of_a_colleague_before_readers_do(room: Room) -> None:
    page = room.written(room.referent(), document(title="D’un seul"))
    other = room.referent()
    for way in ("", "/modifier", "/historique"):
        assert other.get(f"{page}{way}").status_code == 404
    assert "D’un seul" not in other.get(f"{HERE}?onglet=brouillons").text
    publish(room.curateur(), page)
    assert "D’un seul" in other.get(page).text


def test_whoever_restores_what_names_a_home_opens_it_first(room: Room) -> None:
    page = room.written(room.curateur(), document(title="À rétablir", summary=NAMES_HOME))
    other = room.curateur()
    assert (
        other.post(f"{page}/retablir", {"version": "1"}).headers["location"].endswith("?version=1")
    )
    assert "10 rue Cachée" not in other.get(page).text
    other.post(f"{page}/ouvrir")
    assert room.noted() == Action.RESOURCE_READ
    assert "fait=retablie" in other.post(f"{page}/retablir", {"version": "1"}).headers["location"]


@pytest.mark.slow
def test_a_held_text_stays_held_as_its_writer_asks_again(room: Room) -> None:
    referent, one, other = room.referent(), room.curateur(), room.curateur()
    page = room.written(referent, document(title="Redemandée", summary=NAMES_HOME), what="demander")
    publish(one, page)
    for each in (one, other):
        assert each.post(f"{page}/ouvrir", {"version": "1"}).status_code == 303
    agreed = one.post(held_of(one, "Redemandée"), {"reponse": "accorder"})
    assert "fait=accord" in agreed.headers["location"]
    assert "fait=demande" in referent.post(f"{page}/demander").headers["location"]
    assert room.status(page) == "held"
    assert one.post(f"{page}/rendre").status_code == 409
    answer = other.post(held_of(other, "Redemandée"), {"reponse": "accorder"})
    assert "fait=sortie" in answer.headers["location"]


def test_nobody_asks_for_what_readers_have_as_it_is(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    page = room.written(referent, document(title="Déjà lue"), what="demander")
    publish(curateur, page)
    assert referent.post(f"{page}/demander").status_code == 409
    assert room.status(page) == "published"


@pytest.mark.parametrize(
    "way", ["publier", "rendre", "relue", "retirer", "retirer/annuler", "effacer", "ouvrir"]
)
def test_others_than_curateurs_decide_nothing(room: Room, way: str) -> None:
    referent = room.referent()
    page = room.written(referent)
    assert referent.post(f"{page}/{way}", {"version": "1"}).status_code == 403


def test_an_administrateur_has_no_room_here(room: Room) -> None:
    browser = room.bureau.signed_in(Role.ADMINISTRATEUR)
    assert browser.get(HERE).status_code == 403
    assert HERE not in browser.get("/gestion").text


@pytest.mark.slow
def test_what_is_withdrawn_comes_back_within_the_hour_and_not_after(room: Room) -> None:
    page, curateur = room.published(document(title="Retirée un instant")), room.curateur()
    assert "fait=retiree" in curateur.post(f"{page}/retirer").headers["location"]
    assert not room.is_read(page)
    assert "Retirée un instant" in curateur.get(f"{HERE}?onglet=retirees").text
    assert "Annuler" in curateur.get(page).text
    assert "fait=remise" in curateur.post(f"{page}/retirer/annuler").headers["location"]
    assert room.is_read(page)
    assert curateur.post(f"{page}/retirer").status_code == 303
    room.bureau.clock.pass_by(minutes=61)
    later = room.curateur()
    assert f"{page}/retirer/annuler" not in later.get(page).text
    assert later.post(f"{page}/retirer/annuler").status_code == 409


def test_what_is_erased_is_as_if_it_had_never_been(room: Room) -> None:
    page, curateur = room.published(document(title="Effacée")), room.curateur()
    room.bureau.clock.pass_by(minutes=20)
    assert curateur.post(f"{page}/effacer").status_code == 403
    assert room.is_read(page)
    proved = room.curateur()
    assert "fait=effacee" in proved.post(f"{page}/effacer").headers["location"]
    assert not room.is_read(page)
    answers = [proved.get(each) for each in (page, f"{HERE}/0123456789abcdef")]
    assert [each.status_code for each in answers] == [404, 404]


@pytest.mark.slow
def test_a_term_that_comes_asks_by_itself_and_is_set_anew(room: Room) -> None:
    page, curateur = room.published(document(title="À son terme")), room.curateur()
    due = f"{HERE}?onglet=a-revoir"
    assert "À son terme" not in curateur.get(due).text
    soon = room.bureau.clock.at.date() + timedelta(days=20)
    with write(room.bureau.databases.staff) as session:
        for table in ("resource", "resource_record"):
            statement = text(f"UPDATE {table} SET review_on = :soon WHERE public_id = :id")
            session.execute(statement, {"soon": soon, "id": id_of(page)})
    assert "À son terme" in curateur.get(due).text
    assert "arrive à son terme" in words(curateur.get("/gestion"))
    assert curateur.post(f"{page}/relue").status_code == 303
    assert "À son terme" not in curateur.get(due).text
    assert room.noted() == Action.RESOURCE_REVIEWED


def test_what_waits_is_counted_on_the_rail_and_today(room: Room) -> None:
    curateur, referent = room.curateur(), room.referent()
    room.written(referent, document(title="Attend"), what="demander")
    page = curateur.get("/gestion").text
    assert f'href="{HERE}?onglet=a-relire"' in page
    rail = page.split(f'href="{HERE}" ')[1].split("</li>")[0]
    assert "en attente" in rail
    assert (
        "en attente"
        not in referent.get("/gestion").text.split(f'href="{HERE}" ')[1].split("</li>")[0]
    )


@pytest.mark.slow
def test_whoever_wrote_a_former_version_alone_learns_nothing_of_the_last(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    plain = room.written(referent, document(title="Corrigée"), what="demander")
    named = room.written(referent, document(title="Corrigée", summary=NAMES_HOME), what="demander")
    assert curateur.post(f"{named}/ouvrir").status_code == 303
    for page, summary in ((plain, "Suite."), (named, f"Suite. {NAMES_HOME}")):
        mine = sent(document(title="Corrigée", summary=summary), based_on="1")
        assert "fait=enregistre" in curateur.post(f"{page}/modifier", mine).headers["location"]
        assert "Suite." not in referent.get(page).text
        assert referent.get(f"{page}/historique").status_code == 404
        assert referent.post(f"{page}/demander").status_code == 404
    said = {page: words(referent.get(page)) for page in (plain, named)}
    assert "reprise par un collègue" in said[plain]
    assert said[plain].replace(document().summary, NAMES_HOME) == said[named]
    publish(curateur, plain, 2)
    publish(curateur, named, 2)
    assert room.status(named) == "held"
    assert words(referent.get(named)) == said[named]
    assert "Suite." in referent.get(plain).text
    assert f'href="{named}"' in referent.get(f"{HERE}?onglet=brouillons").text
    assert f'href="{plain}"' in referent.get(f"{HERE}?onglet=publiees").text


@pytest.mark.slow
def test_each_line_of_a_list_leads_to_a_version_that_its_reader_may_read(room: Room) -> None:
    writer, other, curateur = room.referent(), room.referent(), room.curateur()
    page = room.written(writer, document(title="Lue et reprise"), what="demander")
    publish(curateur, page)
    mine = sent(document(title="Suite d’un curateur"), based_on="1")
    assert curateur.post(f"{page}/modifier", mine).status_code == 303
    for referent in (writer, other):
        assert page in referent.get(f"{HERE}?onglet=publiees&q=lue+et+reprise").text
        shown = words(referent.get(page))
        assert "Lue et reprise publiée" in shown
        assert "Un collègue a repris ce texte" in shown
        assert "Suite d’un curateur" not in shown
        # As the list of dead links leads there.
        assert referent.get(f"{page}/modifier").headers["location"] == page
    assert "Suite d’un curateur" in words(curateur.get(page))


def test_what_somebody_writes_is_not_lost_as_a_colleague_goes_on_with_it(room: Room) -> None:
    referent, curateur = room.referent(), room.curateur()
    page = room.written(referent, document(title="À quatre mains"), what="demander")
    theirs = sent(document(title="Suite d’un curateur"), based_on="1")
    assert curateur.post(f"{page}/modifier", theirs).status_code == 303
    for seen in ("1", "2"):
        mine = sent(document(title="Écrit pendant ce temps"), based_on=seen)
        said = referent.post(f"{page}/modifier", mine)
        assert "Texte repris par un collègue" in words(said, 409)
        assert 'value="Écrit pendant ce temps"' in said.text
        assert "Suite d’un curateur" not in said.text


@pytest.mark.slow
@pytest.mark.parametrize("way", ["demander", "rendre"])
def test_what_is_withdrawn_comes_back_also_where_a_newer_version_is_asked_for(
    room: Room, way: str
) -> None:
    page, curateur = room.published(sheet(title="Retirée, puis redemandée")), room.curateur()
    mine = sent(sheet(title="Retirée, puis récrite"), based_on="1")
    assert curateur.post(f"{page}/retirer").status_code == 303
    assert curateur.post(f"{page}/modifier", mine).status_code == 303
    assert curateur.post(f"{page}/demander").status_code == 303
    if way == "rendre":
        assert room.curateur().post(f"{page}/rendre").status_code == 303
    assert f"{page}/retirer/annuler" in curateur.get(page).text
    assert "fait=remise" in curateur.post(f"{page}/retirer/annuler").headers["location"]
    assert room.is_read(page)
    assert room.status(page) == ("waiting" if way == "demander" else "published")
    assert f"{page}/retirer/annuler" not in curateur.get(page).text
    assert curateur.post(f"{page}/retirer/annuler").status_code == 404
