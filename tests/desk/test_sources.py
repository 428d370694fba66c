"""Sources at the desk: what came and when more is expected, whose they are, and what is set."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, text

from app.audit.reading import Wanted, lines
from app.lists.content_days import content_day
from app.lists.followed import after
from app.lists.sources import find_or_make_source
from app.models import Actor, Role, Source
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from importers.registers.catalogue import registers
from tests.desk.bureau import Browser, Bureau
from tests.short_lists import APART, ASE, CRIP, SHELTER, csv, run

UNKNOWN = "Structure inconnue;Machin;8 rue Ouverte;93000;Bobigny;01 99 00 00 30;"
LILLE = "Service de Lille;CRIP;3 rue Autre;59000;Lille;01 99 00 00 20;"
NAMELESS = ";CRIP;4 rue Autre;93000;Bobigny;01 99 00 00 21;"
CONTACT = {"nom": "Service Exemple", "courriel": "liste@example.org", "telephone": "01 99 00 00 00"}


@pytest.fixture(scope="module")
def made(bureau: Bureau) -> dict[str, UUID]:
    """Names of lists -> their sources: two of the 93, one of the 59; and a register of both."""
    runtime = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    run(runtime, csv(CRIP, SHELTER, UNKNOWN, NAMELESS), "ASE 93 2026-05.csv")
    run(runtime, csv(CRIP, SHELTER), "ASE 93 2026-06.csv")
    run(runtime, csv(ASE, APART), "Santé.csv")
    run(runtime, csv(LILLE), "Nord.csv", territory="59")
    finess = registers()["finess"]
    with write(bureau.databases.staff) as session:
        key = index_key(session, bureau.vault)
        for code in ("93", "59"):
            find_or_make_source(session, bureau.vault, key, finess.title, code, finess)
    with read(bureau.databases.staff) as session:
        opened = bureau.vault.open
        return {
            opened("source", each.id, "name", each.name).decode(): each.id
            for each in session.scalars(select(Source))
        }


@pytest.fixture(autouse=True)
def _as_it_was(bureau: Bureau, made: dict[str, UUID]) -> None:
    bureau.clock.at = datetime.now(UTC)
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE source SET cadence = NULL, contact = NULL, rank = 10"))


def words(answer: httpx.Response) -> str:
    """What a page says, without its elements."""
    assert answer.status_code == 200, answer.status_code
    main = answer.text.split("<main")[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def journal(bureau: Bureau) -> str:
    """What the journal says of the last deed."""
    with read(bureau.databases.staff) as session:
        return lines(session, bureau.vault, Wanted())[0].detail


def set_of(browser: Browser, source: UUID, **given: str) -> httpx.Response:
    answer = browser.post(f"/gestion/sources/{source}", data=CONTACT | given)
    assert answer.status_code == 303, answer.text
    return answer


@pytest.mark.slow
def test_what_came_is_shown_and_a_file_leads_to_its_lines(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    browser = bureau.signed_in()
    shown = words(browser.get("/gestion/sources"))
    assert "4 sources" in shown
    assert "FINESS 2 territoires Nord (59) Seine-Saint-Denis (93)" in shown
    assert "06/2026" in shown
    address = f"/gestion/sources/{made['ASE 93']}"
    page = browser.get(address)
    assert "Colonne du fichier Lue comme Nom Nom Catégorie Catégorie" in words(page)
    first = re.search(rf'href="({address}/[^"]+)">ASE 93 2026-05', page.text)
    assert first
    # Read, unusable, perhaps twice, unclassified.
    row = page.text.split("ASE 93 2026-05.csv")[1].split("</tr>")[0]
    assert re.findall(r"desk-number\">(\d+)", row) == ["4", "1", "0", "1"]
    file = browser.get(first[1])
    assert "inutilisable" in words(file)
    assert "Foyer fictif" in file.text
    assert "rue Cachée" not in file.text
    assert "01 99 00 00 21" not in file.text
    received = re.search(r'href="([^"]+/recu[^"]+)">Ligne 2<', file.text)
    assert received
    assert browser.get(unescape(received[1])).status_code == 200
    refused = browser.get(f"{first[1]}?devenir=rejected")
    assert "Ligne 5" in refused.text
    assert "Ligne 2" not in refused.text


def test_a_chart_is_a_picture_that_says_itself_in_words(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    page = bureau.signed_in().get("/gestion/sources")
    label = "Lignes à revoir : 0 % du dernier fichier, entre 0 % et 50 % des 2 derniers"
    chart = page.text.split(f'aria-label="{label}"')[1].split("</svg>")[0]
    assert f"<title>{label}</title>" in chart
    assert chart.count("z") == 1
    assert "<script" not in chart


@pytest.mark.slow
def test_a_list_that_did_not_come_for_six_months_is_first_and_counted_today(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    assert "attendue" not in words(bureau.signed_in().get("/gestion"))
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE source SET cadence = 12 WHERE territory_code = '59'"))
    bureau.clock.pass_by(days=185)
    browser, referent = bureau.signed_in(), bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "2 listes attendues ne sont pas arrivées" in words(browser.get("/gestion"))
    assert 'href="/gestion/sources?etat=attendues"' in browser.get("/gestion").text
    shown = words(browser.get("/gestion/sources"))
    assert shown.index("ASE 93") < shown.index("Nord")
    only = words(browser.get("/gestion/sources?etat=attendues"))
    assert "Santé" in only
    assert "Nord" not in only
    assert "2 listes attendues" in words(referent.get("/gestion"))
    state = bureau.signed_in(Role.REFERENT_ETAT)
    assert "attendue" not in words(state.get("/gestion"))


def test_a_referent_follows_its_own_territories_and_others_none(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    shown = words(browser.get("/gestion/sources"))
    assert "Nord" not in shown
    assert "ASE 93" in shown
    elsewhere = f"/gestion/sources/{made['Nord']}"
    assert browser.get(elsewhere).status_code == 404
    for deed in ("", "/effacer", "/annuler"):
        assert browser.post(elsewhere + deed, data=CONTACT | {"avant": "x"}).status_code == 404
    for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        other = bureau.signed_in(role)
        assert other.get("/gestion/sources").status_code == 403
        assert other.get(f"/gestion/sources/{made['ASE 93']}").status_code == 403


def test_a_file_of_another_source_is_not_found(bureau: Bureau, made: dict[str, UUID]) -> None:
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    with read(bureau.databases.staff) as session:
        file = session.scalar(
            text("SELECT id FROM source_file WHERE source_id = :of").bindparams(of=made["Nord"])
        )
    assert browser.get(f"/gestion/sources/{made['ASE 93']}/{file}").status_code == 404


def test_rank_cadence_and_contact_are_set_noted_and_taken_back(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    browser, source = bureau.signed_in(), made["ASE 93"]
    done = set_of(browser, source, rang="20", attendue="3")
    page = browser.get(done.headers["location"])
    assert "Service Exemple, liste@example.org, 01 99 00 00 00" in words(page)
    assert "tous les trois mois" in words(page)
    said = journal(bureau).split(" · ")
    months = "attendue : comme d’habitude → tous les 3 mois"
    assert sorted(said) == [months, "contact : changé", "rang : 10 → 20"]
    undo = re.search(r'name="avant" value="([^"]+)"', page.text)
    assert undo
    back = browser.post(f"/gestion/sources/{source}/annuler", data={"avant": undo[1]})
    assert "personne n’est noté" in words(browser.get(back.headers["location"]))
    assert "rang : 20 → 10" in journal(bureau)
    assert "annulé : oui" in journal(bureau)
    # What is taken back is so once.
    again = browser.post(f"/gestion/sources/{source}/annuler", data={"avant": undo[1]})
    assert again.status_code == 409


def test_a_contact_is_sealed_and_erased_without_a_trace(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    browser, source = bureau.signed_in(), made["ASE 93"]
    set_of(browser, source)
    with read(bureau.databases.staff) as session:
        stored = session.scalars(select(Source.contact).where(Source.id == source)).one()
    assert stored
    assert b"liste@example.org" not in stored
    done = browser.post(f"/gestion/sources/{source}/effacer")
    assert "liste@example.org" not in browser.get(done.headers["location"]).text
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Source.contact).where(Source.id == source)).one() is None
    bureau.clock.pass_by(minutes=16)
    late = browser.post(
        f"/gestion/sources/{source}/annuler",
        data={"avant": done.headers["location"].partition("avant=")[2]},
    )
    assert late.status_code in (303, 409, 401)
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Source.contact).where(Source.id == source)).one() is None


def test_what_is_expected_no_more_is_never_late_and_has_no_contact(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    browser, source = bureau.signed_in(), made["ASE 93"]
    set_of(browser, source)
    done = set_of(browser, source, rang="10", attendue="0")
    page = words(browser.get(done.headers["location"]))
    assert "personne n’est noté" in page
    bureau.clock.pass_by(days=250)
    assert "Nord" in words(bureau.signed_in().get("/gestion/sources?etat=attendues"))
    assert "ASE 93" not in words(bureau.signed_in().get("/gestion/sources?etat=attendues"))


def test_a_territory_that_sent_nothing_for_six_months_shows_whatever_is_expected_of_it(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    quiet = '(59) <span class="desk-muted">la dernière le'
    assert quiet not in bureau.signed_in().get("/gestion/sources").text
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE source SET cadence = 0 WHERE territory_code = '59'"))
    bureau.clock.pass_by(days=185)
    page = bureau.signed_in().get("/gestion/sources")
    assert quiet in page.text
    assert "depuis six mois" in words(page)
    assert "(59)" not in bureau.signed_in(Role.REFERENT_DEPARTEMENT).get("/gestion/sources").text


def test_a_territory_whose_only_list_was_of_no_use_has_sent_none(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    status = "UPDATE source_file SET status = :status WHERE source_id = :source"
    never = "Nord (59)</li>"
    for given, shown in (("refused", True), ("imported", False)):
        with write(bureau.databases.staff) as session:
            session.execute(text(status), {"status": given, "source": made["Nord"]})
        page = bureau.signed_in().get("/gestion/sources").text
        assert (never in page) is shown


def test_a_referent_sets_the_contact_alone(bureau: Bureau, made: dict[str, UUID]) -> None:
    browser, source = bureau.signed_in(Role.REFERENT_DEPARTEMENT), made["ASE 93"]
    assert 'name="rang"' not in browser.get(f"/gestion/sources/{source}").text
    set_of(browser, source, rang="50", attendue="0")
    with read(bureau.databases.staff) as session:
        found = session.scalars(select(Source).where(Source.id == source)).one()
        assert (found.rank, found.cadence, bool(found.contact)) == (10, None, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrong",
    [
        {"courriel": "sans arobase"},
        {"telephone": "appelez-moi"},
        {"nom": "x" * 201},
        {"rang": "1000", "attendue": "3"},
        {"rang": "10", "attendue": "5"},
        {"rang": "x", "attendue": "y"},
    ],
)
def test_what_cannot_be_read_is_said_and_stays_in_the_form(
    bureau: Bureau, made: dict[str, UUID], wrong: dict[str, str]
) -> None:
    browser, source = bureau.signed_in(), made["ASE 93"]
    answer = browser.post(f"/gestion/sources/{source}", data=CONTACT | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert (CONTACT | wrong)["nom"] in answer.text
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Source.contact).where(Source.id == source)).one() is None


def test_a_list_of_a_higher_rank_wins_from_its_next_file_on(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    runtime = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    set_of(bureau.signed_in(), made["Santé"], rang="20", attendue="6")
    run(runtime, csv(ASE, APART.replace("00 99", "00 98")), "Santé.csv")
    run(runtime, csv(APART.replace("00 99", "00 97")), "Autre.csv")
    with read(bureau.databases.staff) as session:
        records = session.scalars(select(func.array_to_string(Actor.phones, " "))).all()
    assert any("199000098" in each for each in records)
    assert not any("199000097" in each for each in records)


def test_counts_of_a_file_are_stored_with_it(bureau: Bureau, made: dict[str, UUID]) -> None:
    with read(bureau.databases.staff) as session:
        counted = session.scalars(text("SELECT summary::text FROM source_file")).all()
    assert all({"doubtful", "unclassified"} <= json.loads(each).keys() for each in counted if each)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Liste ASE 93 – 2026-03 (2).xlsx", (date(2026, 3, 1), False)),
        ("liste 12-03-2026.csv", (date(2026, 3, 12), True)),
        ("liste_20260312.csv", (date(2026, 3, 12), True)),
        ("Établissements Février 2026.ods", (date(2026, 2, 1), False)),
        ("liste_de\u0301cembre_2025.ods", (date(2025, 12, 1), False)),
        ("liste_ase_93_v3.ods", None),
        ("liste 2026-13.csv", None),
        ("siret 12345678901234.csv", None),
    ],
)
def test_the_day_of_a_list_is_read_from_its_name(name: str, day: tuple[date, bool] | None) -> None:
    assert content_day(name) == day


def test_months_end_where_a_month_is_shorter() -> None:
    assert after(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert after(date(2026, 11, 27), 6) == date(2027, 5, 27)


def test_how_many_lines_may_be_somebody_else_is_told_to_a_curateur_alone(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    page = f"/gestion/sources/{made['ASE 93']}"
    assert "Peut-être en double" in words(bureau.signed_in().get(page))
    referent = words(bureau.signed_in(Role.REFERENT_DEPARTEMENT).get(page))
    assert "Lignes inutilisables" in referent
    assert "Peut-être en double" not in referent


def test_counts_of_a_former_release_are_read_by_curateurs_alone(
    bureau: Bureau, made: dict[str, UUID]
) -> None:
    address = f"/gestion/sources/{made['Santé']}"
    curateur, referent = bureau.signed_in(), bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "pas comptées" not in words(referent.get(address))
    with write(bureau.databases.staff) as session:
        of_it = {"source": made["Santé"]}
        former = "UPDATE source_file SET summary = summary - 'erased' WHERE source_id = :source"
        session.execute(text(former), of_it)
    assert "pas comptées" not in words(curateur.get(address))
    assert "pas comptées" in words(referent.get(address))
