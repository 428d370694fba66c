"""By its code an operator hides its own record at once; two people of the desk show it again."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from app.accounts.codes import LETTERS
from app.audit.actions import Action
from app.desk.door.hide_routes import MISCOPIED, USELESS
from app.models import Actor, ActorProtected, AuditEntry, OperatorCode, Revision, Role
from app.operations.forgetting import forget_ended
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.code_letters import is_well_copied, written
from app.records.hiding_by_code import write_hiding
from app.records.operator_codes import LINK_FOR
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import CODE, HIDE, Home, sent
from tests.meanwhile import until
from tests.serving import unnumbered

# The first code that is well copied: nobody has it.
NOBODY = "a" * 16


def everything(bureau: Bureau) -> tuple[object, ...]:
    tables = ("actor", "actor_protected", "operator_code", "revision", "audit_entry")
    with read(bureau.databases.staff) as session:
        return tuple(
            tuple(session.scalars(text(f"SELECT t::text FROM {each} t ORDER BY 1")))
            for each in tables
        )


@pytest.mark.slow
def test_a_code_hides_its_record_at_once_and_names_nobody(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    assert home.is_public()
    status, page = sent(bureau, code)
    assert (status, "C’est masqué" in page) == (200, True)
    assert not home.is_public()
    assert home.word not in page.lower()
    assert home.first_id not in page
    with read(bureau.databases.staff) as session:
        last = session.scalars(
            select(Revision).where(Revision.actor_id == home.id).order_by(Revision.number)
        ).all()[-1]
        noted = select(AuditEntry.who).where(
            AuditEntry.action == Action.HIDDEN_BY_CODE, AuditEntry.subject == str(home.id)
        )
        assert session.scalars(noted).all() == ["code:operator"]
        assert (last.action, last.who) == ("protect", "code:operator")
    sheet = curateur.get(home.page).text
    assert "Masqué par son opérateur" in sheet
    assert "masqué par son opérateur, avec son code" in sheet
    today = curateur.get("/gestion").text
    assert "masqué par son opérateur" in today or "masqués par leur opérateur" in today
    assert "/gestion/masques?cause=operateur" in today.replace("&amp;", "&")
    assert home.name in curateur.get("/gestion/masques?cause=operateur").text


def test_to_open_the_pages_writes_nothing_and_a_link_shows_its_code_once(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    link, before = home.link(curateur), everything(bureau)
    visitor = bureau.browser()
    for _ in range(3):
        assert visitor.get(link).status_code == 200
        assert visitor.get(HIDE).status_code == 200
        assert visitor.get(f"{HIDE}?code={NOBODY}").status_code == 200
    assert everything(bureau) == before
    shown = visitor.post(link)
    assert shown.status_code == 200
    assert home.word not in shown.text.lower()
    # It is printed, not photographed; « la carte » alone would be the map, or a card.
    assert "data-print" in shown.text
    assert "la carte" not in shown.text
    (code,) = CODE.findall(shown.text)
    plain = code.replace("-", "").lower()
    dump = str(everything(bureau)).lower()
    assert plain not in dump
    assert code.lower() not in dump
    answers = {visitor.post(link).text, visitor.get(link).text}
    answers |= {visitor.post(f"/connexion/code/{'x' * 43}").text}
    (said,) = {unnumbered(each) for each in answers}
    assert "Ce lien ne sert plus" in said


def test_two_who_open_a_link_at_once_read_one_code(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    link = home.link(curateur)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: bureau.browser().post(link).status_code, range(4)))
    assert sorted(found) == [200, 410, 410, 410]


@pytest.mark.slow
def test_a_link_ends_after_two_weeks_and_the_night_takes_it(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    link, code = home.link(curateur), home.code(curateur, "Veille")
    bureau.clock.at += LINK_FOR
    try:
        assert bureau.browser().post(link).status_code == 410
        forget_ended(bureau.databases.staff, bureau.clock.at + timedelta(seconds=1))
        with read(bureau.databases.staff) as session:
            of_home = select(OperatorCode.shown_at).where(OperatorCode.actor_id == home.id)
            assert [each is not None for each in session.scalars(of_home)] == [True]
        assert sent(bureau, code)[0] == 200
    finally:
        bureau.clock.at -= LINK_FOR


def test_a_wrong_code_a_revoked_one_and_one_of_nobody_read_the_same(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    holders = curateur.get(f"{home.page}/operateur").text
    (revoked,) = re.findall(r"/operateur/([0-9a-f-]{36})/revoquer", holders)
    assert curateur.post(f"{home.page}/operateur/{revoked}/revoquer").status_code == 303
    one, other = sent(bureau, code, "192.0.2.41"), sent(bureau, NOBODY, "192.0.2.42")
    assert one == other
    assert one[0] == 422
    assert USELESS in one[1]
    assert home.is_public()


@pytest.mark.parametrize("given", ["", "abc", "\x00", "é" * 16, "0" * 16, f"{NOBODY}b", "b" * 16])
def test_a_code_that_is_miscopied_is_said_so_without_a_look(bureau: Bureau, given: str) -> None:
    before = everything(bureau)
    status, page = sent(bureau, given)
    assert (status, MISCOPIED in page) == (422, True)
    assert everything(bureau) == before


def test_a_code_is_read_however_it_is_written_and_one_letter_or_swap_is_found(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    plain = code.replace("-", "").lower()
    assert is_well_copied(plain)
    assert is_well_copied(f" {code.replace('-', ' ')} ")
    assert written(plain) == code
    for place in range(16):
        for letter in set(LETTERS) - {plain[place]}:
            assert not is_well_copied(plain[:place] + letter + plain[place + 1 :])
        swapped = plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :]
        assert swapped == plain or not is_well_copied(swapped)
    assert sent(bureau, plain.replace("", " "))[0] == 200
    assert not home.is_public()


@pytest.mark.slow
def test_a_flood_of_guesses_makes_no_holder_wait(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    found = [sent(bureau, NOBODY, "198.51.100.9")[0] for _ in range(12)]
    assert found[:3] == [422] * 3
    assert set(found[3:]) == {429}
    assert sent(bureau, code, "198.51.100.9")[0] == 200
    assert not home.is_public()


@pytest.mark.slow
def test_many_guesses_from_everywhere_are_noted_in_the_journal(bureau: Bureau) -> None:
    with read(bureau.databases.staff) as session:
        tried = select(AuditEntry.id).where(AuditEntry.action == Action.CODES_TRIED)
        before = len(session.scalars(tried).all())
    for number in range(1, 101):
        sent(bureau, NOBODY, f"203.0.113.{number}")
    with read(bureau.databases.staff) as session:
        assert len(session.scalars(tried).all()) > before


@pytest.mark.slow
def test_a_code_that_is_sent_twice_is_answered_the_same_and_writes_one_version(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: sent(bureau, code), range(4)))
    assert len(answers) == 1
    assert not home.is_public()
    with read(bureau.databases.staff) as session:
        by_code = select(Revision.number).where(
            Revision.actor_id == home.id, Revision.who == "code:operator"
        )
        assert len(session.scalars(by_code).all()) == 1
        assert session.get_one(Actor, home.id).status == "published"


@pytest.mark.slow
def test_it_is_hidden_at_once_while_a_list_is_written_and_its_cause_after(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    with write(bureau.databases.staff) as writes:
        hold(writes, IMPORT_LOCK)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(sent, bureau, code)
            until(lambda: not home.is_public())
            status, page = answer.result()
    assert (status, "C’est masqué" in page) == (200, True)
    with read(bureau.databases.staff) as session:
        asked = select(OperatorCode).where(OperatorCode.actor_id == home.id)
        code_id, waits = session.scalars(asked).one().id, session.scalars(asked).one().asked_at
        jobs = session.scalars(text("SELECT args::text FROM jobs.procrastinate_jobs")).all()
    assert waits
    assert any(str(code_id) in each for each in jobs)
    for _ in range(2):
        with write(bureau.databases.staff) as session:
            write_hiding(session, bureau.vault, code_id)
    with read(bureau.databases.staff) as session:
        assert session.get_one(ActorProtected, home.id).level == "neutral"
        assert session.get_one(Actor, home.id).protected
    assert not home.is_public()


@pytest.mark.slow
def test_codes_are_given_by_curateurs_alone_and_the_label_is_sealed(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    given = {"code": str(uuid4()), "qui": "Direction"}
    assert referent.post(f"{home.page}/operateur", given).status_code == 403
    assert referent.get(f"{home.page}/operateur").status_code == 403
    many = [home.link(curateur, f"Équipe {n}") for n in range(20)]
    refused = curateur.post(f"{home.page}/operateur", given | {"qui": "Veille du lundi"})
    assert (len(set(many)), refused.status_code) == (20, 409)
    assert 'value="Veille du lundi"' in refused.text
    for each in re.findall(r"/operateur/([0-9a-f-]{36})/revoquer", refused.text):
        curateur.post(f"{home.page}/operateur/{each}/revoquer")
    assert curateur.post(f"{home.page}/operateur", given | {"qui": "  "}).status_code == 422
    home.code(curateur, "Veille des Lilas")
    assert "Veille des Lilas" in curateur.get(f"{home.page}/operateur").text
    assert "Lilas" not in str(everything(bureau))
    # Sent again, the form makes no second link.
    assert curateur.post(f"{home.page}/operateur", given).status_code == 200
    assert curateur.post(f"{home.page}/operateur", given).status_code == 303


@pytest.fixture(params=["equipe@example.org", None], ids=["contact", "none"])
def contact(bureau: Bureau, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """What the service says of where to write to."""
    templates = bureau.app.state.site.templates
    before = templates.globals["contact"]
    # A template keeps what it names.
    templates.cache.clear()
    templates.globals["contact"] = request.param
    yield request.param
    templates.cache.clear()
    templates.globals["contact"] = before


def test_who_has_no_code_that_serves_reads_whom_to_tell(
    bureau: Bureau, home: Home, curateur: Browser, contact: str | None
) -> None:
    code = home.code(curateur)
    shown = bureau.browser().post(home.link(curateur, "Veille")).text
    pages = [bureau.browser().get(HIDE).text, sent(bureau, NOBODY)[1], sent(bureau, code)[1], shown]
    links = ['href="mailto:equipe@example.org"' in each for each in pages]
    assert links == [contact is not None] * 4
    assert not any("appelez l’équipe" in each for each in pages)
    if contact is None:
        reached = ["la personne qui vous a envoyé" in each for each in pages]
        assert reached == [True, True, False, True]
