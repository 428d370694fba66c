"""Fields that are for professionals: who reads them of an actor, and what never goes with them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from app.accounts import ending, people
from app.models import AuditEntry, OperatorCode, ReadersChoice, RevealChoice, Role
from app.models.privileges import PUBLIC_VIEWS
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.records import acts
from geo.zones import paris_day
from importers.phones import one_phone
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import Home
from tests.desk.service import HOW, WHO, Service
from tests.makers import decide
from tests.revealed import write_choice


def test_a_list_gives_professionals_nothing_whatever_its_words_name(
    bureau: Bureau, service: Service, professional: Browser
) -> None:
    assert service.read(professional) == set()
    # A name and a town lead nowhere by a digest, and no word of these says that it is a home.
    service.list(how=f"{HOW} Orientation par Les Tilleuls, à Gap.", who=f"{WHO} Appelez le 119.")
    assert service.read(professional) == set()
    with bureau.databases.public.connect() as connection:
        # Lists, maps, searches, counts, files, embeds and feeds are made of these alone.
        for view in PUBLIC_VIEWS:
            rows = connection.execute(text(f"SELECT v::text FROM {view} v")).scalars()
            assert service.found("\n".join(rows)) == set(), view


@pytest.mark.slow
def test_a_curateur_alone_gives_a_number_and_takes_it_back(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    page = curateur.get(service.page).text
    assert "équipe seule" in page
    assert "répond de ce qu’il ne nomme aucun lieu caché" in page
    # Hours of a number are read without a number by nobody.
    assert service.say(curateur, "duty_hours", "professionnel") == 303
    assert service.read(professional) == set()
    assert service.say(curateur, "direct_lines", "professionnel") == 303
    assert service.read(professional) == {"line", "hours"}
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert service.say(referent, "direct_lines", "protege") == 403
    assert service.say(curateur, "duty_hours", "protege") == 303
    assert service.read(professional) == {"line"}
    assert service.say(curateur, "direct_lines", "protege") == 303
    assert service.read(professional) == set()
    with read(bureau.databases.staff) as session:
        noted = select(AuditEntry.action).where(AuditEntry.subject == str(service.id))
        assert list(session.scalars(noted)).count("readers_written") == 4
        clear = session.execute(text("SELECT r::text FROM readers_choice r")).scalars()
        assert service.line not in "".join(clear)


def test_a_referent_undoes_no_decision_of_a_curateur_not_to_give_a_text(
    bureau: Bureau, service: Service, curateur: Browser
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    for browser in (curateur, referent):
        assert service.say(browser, "referral", "protege") == 303
        with read(bureau.databases.staff) as session:
            said = select(ReadersChoice.readers).where(ReadersChoice.actor_id == service.id)
            assert list(session.scalars(said)) == ["protege"]


def test_of_two_who_decide_at_once_what_is_taken_back_is_noted(
    bureau: Bureau, service: Service, curateur: Browser
) -> None:
    assert service.say(curateur, "referral", "professionnel") == 303
    noted = text("SELECT count(*) FROM withdrawal WHERE what = 'choice' AND subject = :it")
    with write(bureau.databases.staff) as session:
        given = select(ReadersChoice).where(ReadersChoice.actor_id == service.id)
        # As who decides otherwise writes it, who did not find it there.
        session.scalars(given).one().readers = "protege"
    with read(bureau.databases.staff) as session:
        assert session.execute(noted, {"it": str(service.id)}).scalar_one() == 1


def test_what_was_taken_back_as_a_whole_before_is_given_by_value_now(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    former = {"actor_id": service.id, "field": "referral", "mark": b"", "readers": "protege"}
    with write(bureau.databases.staff) as session:
        said = {"revision": 0, "made_at": bureau.clock.at, "made_by": "essai"}
        session.add(ReadersChoice(**former, **said))
    assert service.read(professional) == set()
    assert service.say(curateur, "referral", "professionnel") == 303
    assert service.read(professional) == {"how"}


@pytest.mark.slow
def test_a_text_never_leads_to_a_hidden_place_whoever_gave_it(
    bureau: Bureau, service: Service, place: Home, professional: Browser, curateur: Browser
) -> None:
    assert service.say(curateur, "referrers", "professionnel") == 303
    for named in (place.street, place.phone, f"https://example.org/acteurs/{place.public_id}"):
        service.list(how=f"{HOW} Voir {named}.")
        assert service.say(curateur, "referral", "professionnel") == 303
        assert service.read(professional) == {"who"}, named
    # A bare name leads nowhere by a digest: who gives it is told whose it is, and decides.
    service.list(how=f"{HOW} Orientation par {place.name}.")
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert place.name not in referent.get(service.page).text.replace(f"par {place.name}", "")
    page = curateur.get(service.page).text
    assert f"le nom d’un lieu caché : <strong>{place.name}, Aubervilliers</strong>" in page
    form = {"champ": "referral", "lecteurs": "professionnel"}
    seen = page.split('name="champ" value="referral"')[1].split('name="lu" value="')[1][:64]
    for anyway in ("", "0" * 64):
        answer = curateur.post(f"{service.page}/lecteurs", form | {"lu": seen, "malgre": anyway})
        assert (answer.status_code, "Nom d’un lieu caché" in answer.text) == (409, True)
    assert service.read(professional) == {"who"}
    assert service.say(curateur, "referral", "professionnel") == 303
    assert service.read(professional) == {"how", "who"}
    # Nor does a number that is a home's as well, which hides where its neighbour is.
    beside = Service(bureau)
    beside.line = one_phone(place.phone) or ""
    beside.list()
    assert curateur.post(f"{beside.page}/ouvrir").status_code == 303
    for field in ("direct_lines", "referrers"):
        assert beside.say(curateur, field, "professionnel") == 303
    assert beside.read(professional) == {"who"}
    # Whoever becomes hidden later as well.
    other = Home(bureau)
    service.list(how=f"{HOW} Voir {other.street}.")
    assert service.say(curateur, "referral", "professionnel") == 303
    assert service.read(professional) == {"how", "who"}
    decide(runtime(bureau), acts.protect, other.public_id, who="essai", why="Foyer d’exemple.")
    assert service.read(professional) == {"who"}


@pytest.mark.slow
def test_what_is_hidden_says_nothing_and_what_was_opened_before_is_asked_anew(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    for field in ("direct_lines", "referral"):
        assert service.say(curateur, field, "professionnel") == 303
    # Its operator pressed its code, which waits until a list is written.
    moments = ("made_at", "shown_at", "link_ends_at", "asked_at")
    pressed = dict.fromkeys(moments, bureau.clock.at)
    said = {"id": uuid4(), "label": b"", "made_by": "essai", "digest": uuid4().bytes}
    with write(bureau.databases.staff) as session:
        session.add(OperatorCode(actor_id=service.id, **said, **pressed))
    assert service.read(professional) == set()
    with write(bureau.databases.staff) as session:
        session.delete(session.get_one(OperatorCode, said["id"]))
    assert service.read(professional) == {"line", "how"}
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="Menaces.")
    assert service.read(professional) == set()
    assert curateur.post(f"{service.page}/ouvrir").status_code == 303
    assert 'action="/gestion/acteurs/' in (page := curateur.get(service.page).text)
    assert "/lecteurs" not in page
    today = bureau.clock.at.date()
    lifted = {"who": "essai", "consent": today, "why": "Ce sont des bureaux."}
    decide(runtime(bureau), acts.unprotect, service.public_id, **lifted)
    assert service.read(professional) == set()
    assert service.say(curateur, "referral", "professionnel") == 303
    assert service.read(professional) == {"how"}
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="x", secret=True)
    assert professional.get(f"/pro/acteurs/{service.public_id}").status_code == 404


def described(bureau: Bureau, service: Service, browser: Browser) -> set[str]:
    """What a professional reads of what a hidden place is, and of all else that is hidden of it."""
    page = browser.get(f"/pro/acteurs/{service.public_id}").text
    words = {"category": "<dd>Association", "ages": "de 12 à 17 ans", "missions": "<dd>Écoute"}
    others = {"name": service.word, "town": "Aubervilliers", "phone": service.phone}
    said = {name for name, value in (words | others).items() if value in page.lower() + page}
    return said | service.found(page)


@pytest.mark.slow
def test_what_a_neutral_sheet_is_is_read_where_its_operator_agreed_and_nothing_else(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="Menaces.")
    assert described(bureau, service, professional) == set()
    path = f"{service.page}/professionnels"
    assert curateur.post(f"{service.page}/ouvrir").status_code == 303
    said = {"choix": "never", "decrit": "true", "comment": "Courrier", "lu": ""}
    said["jour"] = f"{paris_day(bureau.clock.at):%d/%m/%Y}"
    refused = curateur.post(path, said | {"par": "gip"})
    assert refused.status_code == 422
    assert "À demander à l’opérateur" in refused.text
    assert described(bureau, service, professional) == set()
    assert curateur.post(path, said).status_code == 303
    assert 'name="decrit" value="true" checked' in curateur.get(path).text
    assert described(bureau, service, professional) == {"category", "ages", "missions"}
    with bureau.databases.public.connect() as connection:
        rows = "\n".join(connection.execute(text("SELECT actor::text FROM actor")).scalars())
        assert service.word not in rows
    # A release that does not know it writes another choice.
    with write(bureau.databases.staff) as session:
        row = session.get_one(RevealChoice, service.id)
        row.made_at += timedelta(seconds=1)
    assert described(bureau, service, professional) == set()
    with write(bureau.databases.staff) as session:
        write_choice(session, bureau.vault, service.id, choice="never", described=True)
    assert described(bureau, service, professional) == {"category", "ages", "missions"}
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="Encore.")
    assert described(bureau, service, professional) == set()
    again = curateur.get(path).text
    assert "Ce choix ne vaut plus" in again
    assert 'name="decrit" value="true" checked' not in again
    with write(bureau.databases.staff) as session:
        write_choice(session, bureau.vault, service.id, choice="never", described=True)
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="x", secret=True)
    assert professional.get(f"/pro/acteurs/{service.public_id}").status_code == 404


@pytest.mark.parametrize("field", ["direct_lines", "referral"])
def test_a_restored_backup_gives_nothing_again_of_what_was_taken_back_since(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser, field: str
) -> None:
    subject = str(service.id)
    assert service.say(curateur, field, "professionnel") == 303
    with read(bureau.databases.staff) as session:
        noted = text("SELECT count(*) FROM withdrawal WHERE what = 'choice' AND subject = :it")
        assert session.execute(noted, {"it": subject}).scalar_one() == 0
    assert service.say(curateur, field, "protege") == 303
    with read(bureau.databases.staff) as session:
        assert session.execute(noted, {"it": subject}).scalar_one() == 1
    # As the backup has it.
    assert service.say(curateur, field, "professionnel") == 303
    with write(bureau.databases.staff) as session:
        revoked_again.choices(session, bureau.vault, [subject], "essai")
    assert service.read(professional) == set()


@pytest.mark.slow
def test_who_is_not_an_approved_professional_any_more_is_a_visitor(
    bureau: Bureau, service: Service, curateur: Browser
) -> None:
    page = f"/pro/acteurs/{service.public_id}"
    for field in ("referral", "referrers"):
        assert service.say(curateur, field, "professionnel") == 303
    for role in (Role.CURATEUR, Role.ADMINISTRATEUR):
        assert bureau.signed_in(role).get(page).status_code == 403
    disabled, expired = (bureau.enrolled(Role.PROFESSIONNEL) for _ in range(2))
    browser = bureau.signed_in_as(disabled)
    assert service.read(browser) == {"how", "who"}
    with write(bureau.databases.staff) as session:
        account = people.get(session, disabled.id)
        ending.disable(session, account, bureau.clock.at)
    invited, _ = bureau.invited(Role.PROFESSIONNEL)
    nobody = bureau.browser()
    before = bureau.clock.at
    bureau.clock.pass_by(days=364)
    late = bureau.signed_in_as(expired)
    assert service.read(late) == {"how", "who"}
    bureau.clock.pass_by(days=2)
    again = bureau.signed_in_as(expired)
    for each in (browser, late, again, nobody, bureau.try_door(bureau.browser(), invited, "0")):
        answer = each if not isinstance(each, Browser) else each.get(page)
        assert answer.status_code != 200
        assert service.found(answer.text) == set()
    bureau.clock.at = before
