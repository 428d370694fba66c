"""Whom a source is to be asked about: on its page until there is an answer, mailed by nobody."""

import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit.journal import Author
from app.lists import asked
from app.models import AuditEntry, DepositLine, Role, SourceFile
from app.operations.waiting import waiting
from app.platform.database.sessions import read, write
from app.records import acts, many
from app.visibility import OPERATOR
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.owning import home, part
from tests.desk.imports.reviewing import named
from tests.makers import decide
from tests.short_lists import ids

MISSING = "?resultat=missing"
WHY = {"who": "essai", "why": "essai"}


def source_of(lists: Lists, page: str) -> str:
    """The address of the page of a list's source."""
    with read(lists.databases.staff) as session:
        file = session.get_one(SourceFile, UUID(page.rpartition("/")[2]))
        return f"/gestion/sources/{file.source_id}"


def press(lists: Lists, browser: Browser, page: str, name: str, deed: str) -> None:
    """Answer the line of somebody who is missing."""
    text = browser.get(f"{page}/relire{MISSING}").text
    row = next(each for each in text.split("<li ")[1:] if f">{name}<" in each)
    found = re.search(r'id="l-([0-9a-f-]+)"', row)
    assert found
    data = {"geste": f"{deed}.{found[1]}", "vu": seen_in(text)}
    assert browser.post(f"{page}/relire{MISSING}", data=data).status_code == 303


def asking(lists: Lists, browser: Browser, source: str, *missing: str) -> tuple[list[str], str]:
    """A list of which some are to be asked about, waiting to be applied; all its lines before."""
    some = [*named(source, 2), *missing]
    lists.applied(browser, *some, source=source)
    page = lists.sent(browser, *some[:2], source=source)
    for line in missing:
        press(lists, browser, page, line.partition(";")[0], "plus-tard")
    return some, page


def apply(lists: Lists, browser: Browser, page: str) -> None:
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    assert lists.state(page) == "applied"


def section(browser: Browser, source: str) -> str:
    """What the page of a source says of whom it is to be asked about; "" where nobody is."""
    text = browser.get(source).text
    parts = text.split('aria-labelledby="demandes"')
    return unescape(parts[1].split("</section>")[0]) if len(parts) > 1 else ""


def message(browser: Browser, source: str) -> str:
    text = section(browser, source).split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    return text.replace("\u00a0", " ")


def lost(name: str, street: str) -> str:
    return f"{name};Association;{street};93000;Bobigny;;"


@pytest.mark.slow
def test_what_was_answered_is_shown_while_a_list_is_read_and_once_it_is_applied(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Demande", lost("Local perdu", "1 rue Perdue"))
    source = source_of(lists, page)
    shown = section(browser, source)
    assert ">Local perdu</a>" in shown
    assert "Camille Exemple" in shown
    assert f'href="{page}/relire?resultat=missing"' in shown
    assert "Réponse reçue" not in shown
    apply(lists, browser, page)
    with read(lists.databases.staff) as session:
        here = select(DepositLine.outcome).where(DepositLine.file_id == lists.stored(page).file_id)
        assert session.scalars(here).all() == ["missing"]
    shown = section(browser, source)
    assert "Réponse reçue : garder" in shown
    assert "Camille Exemple" in shown
    assert message(browser, source).splitlines()[:5] == [
        "Bonjour,",
        "",
        "Votre dernière liste ne nomme plus cet acteur, qu’une liste précédente nommait :",
        "",
        "- Local perdu, Bobigny",
    ]
    assert "1 acteur à demander" in browser.get("/gestion/sources").text
    assert "Demande" in browser.get("/gestion/sources?etat=demandes").text
    assert 'href="/gestion/sources?etat=demandes"' in browser.get("/gestion").text


@pytest.mark.slow
def test_the_contact_and_an_open_link_stand_beside_the_message(lists: Lists) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Jointe", lost("Local joint", "2 rue Perdue"))
    source = source_of(lists, page)
    assert "lien de dépôt" not in message(browser, source)
    contact = {"nom": "Service Exemple", "courriel": "liste@example.org", "telephone": ""}
    browser.post(source, data=contact)
    browser.post(f"{source}/liens", data={"lien": "00000000-0000-4000-8000-00000000000a"})
    assert "À Service Exemple, liste@example.org." in section(browser, source)
    assert "lien de dépôt que vous avez reçu : il sert jusqu’au" in message(browser, source)
    assert "liste@example.org" not in message(browser, source)


@pytest.mark.slow
def test_a_protected_actor_is_named_outside_by_its_id_and_neutral_name_alone(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    shelter = home("Foyer Zibeline", "3 rue Perdue", "01 96 00 33 01")
    plain = lost("Local Zinnia", "33 rue Perdue")
    _, page = asking(lists, browser, "Foyer Zibeline et autres", shelter, plain)
    apply(lists, browser, page)
    source = source_of(lists, page)
    for reader in (browser, referent):
        said = message(reader, source)
        assert re.search(r"- Lieu d’accueil – Seine-Saint-Denis \(identifiant [0-9a-f]{16}\)", said)
        assert "- Local Zinnia, Bobigny" in said
        assert "répondez avec cet identifiant" in said
        for secret in ("Zibeline", "rue Perdue", "96 00 33"):
            assert secret not in said
    assert section(referent, source).count("Réponse reçue : garder") == 1
    assert "un curateur en décide" in section(referent, source)
    hidden = re.search(r"identifiant ([0-9a-f]{16})", message(browser, source))
    assert hidden
    refused = referent.post(f"{source}/reponses", data={"acteur": hidden[1]})
    assert refused.status_code == 404
    assert browser.post(f"{source}/reponses", data={"acteur": hidden[1]}).status_code == 303


@pytest.mark.slow
def test_what_nobody_publishes_is_in_no_message(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = [lost("Local tu", "4 rue Perdue"), lost("Local dit", "44 rue Perdue")]
    _, page = asking(lists, browser, "Tue", *lines)
    apply(lists, browser, page)
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Local tu"], secret=True, **WHY)
    source = source_of(lists, page)
    # A secret one is decided alone, on its sheet.
    assert "Local tu" not in section(browser, source)
    assert "- Local dit, Bobigny" in message(browser, source)
    assert "Lieu" not in message(browser, source)


@pytest.mark.slow
def test_a_list_that_names_them_again_ends_it_and_stays_its_end(lists: Lists) -> None:
    browser = lists.signed_in()
    some, page = asking(lists, browser, "Retrouvée", lost("Local retrouvé", "5 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    again = lists.sent(browser, *some[:2], "", source="Retrouvée")
    apply(lists, browser, again)
    assert "Local retrouvé" in section(browser, source)
    found = lists.applied(browser, *some, source="Retrouvée")
    assert section(browser, source) == ""
    lost_again = lists.sent(browser, *some[:2], "", "", source="Retrouvée")
    apply(lists, browser, lost_again)
    assert section(browser, source) == ""
    with read(lists.databases.staff) as session:
        assert UUID(source.rpartition("/")[2]) not in asked.count(session, OPERATOR)
    lists.undo(browser, lost_again)
    lists.undo(browser, found)
    # As before that list: it is missing, and was to be asked about.
    assert "Local retrouvé" in section(browser, source)


@pytest.mark.slow
def test_who_is_archived_is_asked_about_no_more(lists: Lists) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Archivée", lost("Local fermé", "6 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    assert "Local fermé" in section(browser, source)
    with write(lists.databases.staff) as session:
        given = (OPERATOR, Author("essai"), [ids(lists.runtime)["Local fermé"]], many.ARCHIVE)
        assert many.do(session, lists.vault, *given).done == 1
    assert section(browser, source) == ""


@pytest.mark.slow
def test_an_answer_that_they_stay_ends_it_is_noted_and_is_taken_back(lists: Lists) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Répondue", lost("Local gardé", "7 rue Perdue"))
    apply(lists, browser, page)
    source, actor = source_of(lists, page), ids(lists.runtime)["Local gardé"]
    before = section(browser, source)
    answer = browser.post(f"{source}/reponses", data={"acteur": actor})
    assert answer.status_code == 303
    shown = browser.get(answer.headers["location"]).text
    assert "Réponse notée" in shown
    assert section(browser, source) == ""
    assert "Local gardé" in lists.actors()
    assert browser.post(f"{source}/reponses", data={"acteur": actor}).status_code == 404
    with read(lists.databases.staff) as session:
        noted = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "source_answered")
        ).all()
        said = lists.vault.open_json("audit_entry", noted[-1].id, "detail", noted[-1].detail)
    assert said == {"source": source.rpartition("/")[2]}
    assert f'action="{source}/reponses/annuler"' in shown
    assert browser.post(f"{source}/reponses/annuler", data={"acteur": actor}).status_code == 303
    assert section(browser, source) == before


@pytest.mark.slow
def test_a_later_list_of_which_somebody_says_that_they_stay_ends_it(lists: Lists) -> None:
    browser = lists.signed_in()
    some, page = asking(lists, browser, "Décidée", lost("Local décidé", "8 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    later = lists.sent(browser, *some[:2], "", source="Décidée")
    press(lists, browser, later, "Local décidé", "refuser")
    before = section(browser, source)
    assert "Local décidé" in before
    apply(lists, browser, later)
    assert section(browser, source) == ""
    # It was the wrong list, and what it ended is to be asked still.
    lists.undo(browser, later)
    assert section(browser, source) == before


@pytest.mark.slow
def test_asked_by_two_lists_they_are_one_question_since_the_first(lists: Lists) -> None:
    browser = lists.signed_in()
    some, page = asking(lists, browser, "Deux fois", lost("Local double", "9 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    before = section(browser, source)
    later = lists.sent(browser, *some[:2], "", source="Deux fois")
    press(lists, browser, later, "Local double", "plus-tard")
    assert section(browser, source) == before
    apply(lists, browser, later)
    assert section(browser, source) == before
    browser.post(f"{source}/reponses", data={"acteur": ids(lists.runtime)["Local double"]})
    assert section(browser, source) == ""


@pytest.mark.slow
def test_a_list_that_is_undone_or_given_up_asks_nothing(lists: Lists) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Défaite", lost("Local défait", "10 rue Perdue"))
    source = source_of(lists, page)
    apply(lists, browser, page)
    lists.undo(browser, page)
    assert section(browser, source) == ""
    _, page = asking(lists, browser, "Abandonnée", lost("Local abandonné", "11 rue Perdue"))
    assert section(browser, source_of(lists, page))
    browser.post(f"{page}/annuler")
    assert section(browser, source_of(lists, page)) == ""


@pytest.mark.slow
def test_what_a_referent_asks_stays_whatever_becomes_of_the_rest(lists: Lists) -> None:
    curateur, browser = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    some = [*named("Partagée", 2), lost("Local partagé", "12 rue Perdue")]
    lists.applied(curateur, *some, source="Partagée")
    shelter = home("Foyer Mangue", "13 rue Perdue", "01 96 00 33 13")
    changed = some[0].replace("01 98 00 00", "01 98 00 77")
    page = lists.sent(browser, changed, some[1], shelter, source="Partagée")
    press(lists, browser, page, "Local partagé", "plus-tard")
    rest = part(lists, browser, page)
    assert rest
    source = source_of(lists, page)
    assert "Réponse reçue : garder" in section(browser, source)
    row = curateur.get(f"{rest}/relire{MISSING}").text
    assert "À demander à la source" in row
    assert curateur.post(f"{rest}/annuler").status_code == 303
    assert "Local partagé" in section(browser, source)


@pytest.mark.slow
def test_a_referent_reads_of_their_own_territories_alone(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    far = "Local de Lille;Association;1 rue Lilloise;59000;Lille;;"
    _, page = asking(lists, browser, "Deux territoires", far, lost("Local d’ici", "14 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    assert "Local de Lille" in section(browser, source)
    assert "Local de Lille" not in referent.get(source).text
    assert "Local d’ici" in section(referent, source)
    with read(lists.databases.staff) as session:
        found = asked.count(session, OPERATOR)
    assert found[UUID(source.rpartition("/")[2])] == 2
    row = referent.get("/gestion/sources").text.split("Deux territoires</a>")[1].split("</th>")[0]
    assert "1 acteur à demander" in row


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.REFERENT_ETAT, Role.ADMINISTRATEUR])
def test_nobody_else_reads_or_answers_what_is_asked(lists: Lists, role: Role) -> None:
    browser, other = lists.signed_in(), lists.signed_in(role)
    name = f"Local {role}"
    _, page = asking(lists, browser, f"Pour {role}", lost(name, f"15 rue {role}"))
    apply(lists, browser, page)
    source, actor = source_of(lists, page), ids(lists.runtime)[name]
    assert other.get(source).status_code == 403
    for deed in ("reponses", "reponses/annuler"):
        assert other.post(f"{source}/{deed}", data={"acteur": actor}).status_code == 403
    assert name in section(browser, source)
    with read(lists.databases.staff) as session:
        given = (role, ["93"], lists.clock())
        tasks = waiting(session, lists.vault, *given, who="essai")
    assert not any("à demander" in task.one for task in tasks)
    elsewhere = "/gestion/sources/00000000-0000-4000-8000-000000000001/reponses"
    assert browser.post(elsewhere, data={"acteur": actor}).status_code == 404


@pytest.mark.slow
def test_whoever_sends_by_a_link_reads_nothing_of_it(lists: Lists) -> None:
    browser = lists.signed_in()
    _, page = asking(lists, browser, "Liée", lost("Local lié", "16 rue Perdue"))
    apply(lists, browser, page)
    source = source_of(lists, page)
    given = {"lien": "00000000-0000-4000-8000-00000000000b"}
    shown = browser.post(f"{source}/liens", data=given).text
    found = re.search(r'id="lien" value="https?://[^/"]+(/depot/[^"]+)"', shown)
    assert found
    sender = lists.browser()
    before = sender.get(found[1]).text
    assert "Local lié" not in before
    assert "demander" not in before
    browser.post(f"{source}/reponses", data={"acteur": ids(lists.runtime)["Local lié"]})
    assert sender.get(found[1]).text == before
