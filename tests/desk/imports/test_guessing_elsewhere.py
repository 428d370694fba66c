"""A référent who guesses what an actor elsewhere is reads the same, whether they are right."""

import re
from uuid import UUID as Id

import pytest

from app.models import Role, SourceFile
from app.platform.database.sessions import read
from app.records import acts
from tests.desk.actors.forms import correct as write_sheet
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import finess, numbered, outcomes
from tests.desk.imports.owning import part
from tests.desk.imports.reviewing import correct, opened, press
from tests.desk.imports.test_review_secrecy import main_of
from tests.makers import decide
from tests.short_lists import ids, run

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILLED = (
    "",
    "/relire",
    "/relire?resultat=updated",
    "/relire?champ=phones",
    "/relire?etat=reserved",
)
WAYS = ("", "/relire", "/relire?resultat=unchanged", "/relire?resultat=recalled")
BECAME = (
    *("", "created", "updated", "unchanged", "conflicting", "rejected", "ignored"),
    *("left", "elsewhere"),
)


def sent(lists: Lists, browser: Browser, source: str, *lines: str) -> str:
    data = numbered(*lines)
    answer = lists.send(browser, data, source=source, portee="partielle")
    assert answer.status_code == 303
    lists.work()
    return answer.headers["location"].partition("?")[0]


@pytest.mark.slow
def test_a_referent_learns_nothing_of_actors_elsewhere_by_a_line_that_was_corrected(
    lists: Lists,
) -> None:
    number, name, city = finess(), "Ailleurs corrigé", "9 rue Loin;59000;Lille"
    known = f"{number};{name};ASE;{city};01 97 00 19 01;;"
    run(lists.runtime, numbered(known), source="A ailleurs", territory="59")
    phone = "01 97 00 19 02"
    assert write_sheet(lists.signed_in(), ids(lists.runtime)[name], phones=phone).is_redirect
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    said, pages = [], []
    for guessed in (phone, "01 97 00 19 03"):
        nameless, source = f"{number};;ASE;;;;{guessed};;", f"B {guessed}"
        own = [f";Service {n};ASE;{n} rue {source};93000;Bobigny;;;" for n in range(3)]
        page = sent(lists, browser, source, nameless, own[0])
        # Without a name it was nobody's, and a référent corrects it.
        where, text = opened(browser, page, 2)
        assert correct(browser, where, text, c1=name).status_code == 303
        lists.work()
        part(lists, browser, page)
        other = f"{number};{name};ASE;;;;01 97 00 19 04;;"
        part(lists, browser, sent(lists, browser, source, other, own[1]))
        page = sent(lists, browser, source, nameless, own[2])
        shown = [main_of(browser.get(f"{page}{way}")) for way in WAYS]
        said.append([UUID.sub("…", each.replace(guessed, "…")) for each in shown])
        pages.append(page)
    assert [outcomes(lists, page) for page in pages] == [
        {"created": 1, "unchanged": 1},
        {"created": 1, "conflicting": 1},
    ]
    assert said[0] == said[1]


@pytest.mark.slow
def test_a_referent_learns_nothing_of_actors_elsewhere_by_what_a_curateur_chose_there(
    lists: Lists,
) -> None:
    number, name, phone = finess(), "Ailleurs choisi", "01 97 00 18 02"
    known = f"{number};{name};ASE;8 rue Loin;59000;Lille;01 97 00 18 01;;"
    run(lists.runtime, numbered(known), source="A choisi", territory="59")
    curateur, browser = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert write_sheet(curateur, ids(lists.runtime)[name], phones=phone).is_redirect
    said = []
    for guessed in (phone, "01 97 00 18 03"):
        own = f"C {guessed}"
        line = f";Service seul;ASE;1 rue {own};93000;Bobigny;;;"
        page = sent(lists, browser, own, f"{number};{name};ASE;;;;{guessed};;", line)
        if guessed != phone:
            press(curateur, page, name, "refuser")
        assert part(lists, browser, page)
        said.append(main_of(browser.get(page)).replace(guessed, "…"))
    assert UUID.sub("…", said[0]) == UUID.sub("…", said[1])


@pytest.mark.slow
def test_a_referent_learns_nothing_of_actors_elsewhere_by_whether_a_field_of_theirs_is_filled(
    lists: Lists,
) -> None:
    said, pages = [], []
    curateur, browser = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for n, phones in enumerate(("01 97 00 17 02", "01 97 00 17 03", "")):
        number, name = finess(), f"Ailleurs rempli {n}"
        known = f"{number};{name};ASE;{n} rue Pleine;59000;Lille;;;"
        run(lists.runtime, numbered(known), source=f"A rempli {n}", territory="59")
        if phones:
            assert write_sheet(curateur, ids(lists.runtime)[name], phones=phones).is_redirect
        own = f"D {n}"
        line = f";Service plein;ASE;1 rue {own};93000;Bobigny;;;"
        page = sent(lists, browser, own, f"{number};{name};ASE;;;;01 97 00 17 02;;", line)
        pages.append(outcomes(lists, page))
        shown = [main_of(browser.get(f"{page}{way}")) for way in FILLED]
        rest = part(lists, browser, page)
        # What is said otherwise waits among the disagreements.
        assert ("Rien n’en changerait plus" in curateur.get(rest).text) == bool(phones)
        shown += [main_of(browser.get(f"{page}{way}")) for way in ("", "/relire")]
        rows = re.findall(
            r"<tr data-row>.+?</tr>", main_of(browser.get("/gestion/imports")), re.DOTALL
        )
        its = [row for row in rows if own in row]
        assert its
        shown += [*its, main_of(browser.get(rest))]
        said.append([UUID.sub("…", each.replace(own, "…")) for each in shown])
    assert [set(each) for each in pages] == [
        {"created", "unchanged"},
        {"created", "conflicting"},
        {"created", "updated"},
    ]
    assert said[0] == said[1] == said[2]


@pytest.mark.slow
def test_a_referent_learns_nothing_of_actors_elsewhere_by_a_line_that_says_they_are_a_home(
    lists: Lists,
) -> None:
    said, browser = [], lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for n in range(2):
        number, name = finess(), f"Ailleurs masqué {n}"
        known = f"{number};{name};ASE;{n} rue Sue;59000;Lille;;;"
        run(lists.runtime, numbered(known), source=f"A masqué {n}", territory="59")
        if n:
            public_id = ids(lists.runtime)[name]
            decide(lists.runtime, acts.protect, public_id, who="essai", why="essai")
        own = f"E {n}"
        line = f";Service masqué;ASE;1 rue {own};93000;Bobigny;;;"
        page = sent(lists, browser, own, f"{number};{name};MECS;;;;;;", line)
        shown = [main_of(browser.get(f"{page}{way}")) for way in FILLED]
        part(lists, browser, page)
        shown += [main_of(browser.get(f"{page}{way}")) for way in WAYS]
        said.append([UUID.sub("…", each.replace(name, "…").replace(own, "…")) for each in shown])
    assert said[0] == said[1]


def of_source(lists: Lists, browser: Browser, page: str) -> list[str]:
    """What the pages of the source of a list say: its own, and those of the lines of its file."""
    with read(lists.databases.staff) as session:
        file = session.get_one(SourceFile, Id(page.rpartition("/")[2]))
    address = f"/gestion/sources/{file.source_id}"
    lines = (f"{address}/{file.id}?devenir={each}" for each in BECAME)
    return [main_of(browser.get(each)) for each in (address, *lines)]


@pytest.mark.slow
@pytest.mark.parametrize("applies", [Role.REFERENT_DEPARTEMENT, Role.CURATEUR])
def test_a_referent_learns_nothing_of_shelters_elsewhere_by_what_became_of_their_lines(
    lists: Lists, applies: Role
) -> None:
    browser, by = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.signed_in(applies)
    home, office, unclassified = finess(), finess(), finess()
    place = f"Foyer {applies};MECS;5 rue Tue;59000;Lille"
    known = f"Bureau {applies};ASE;6 rue Sue;59000;Lille"
    odd = f"Sans mission {applies};;7 rue Sue;59000;Lille"
    stored = (f"{home};{place};01 97 00 16 01;;", f"{office};{known};01 97 00 16 05;;")
    more = f"{unclassified};{odd};01 97 00 16 09;;"
    run(lists.runtime, numbered(*stored, more), source=f"A {applies}", territory="59")
    said, became = [], []
    guesses = (
        f"{home};{place};01 97 00 16 01;;",
        f"{home};{place.replace('5 rue', '15 rue')};01 97 00 16 01;;",
        f"{home};{place};01 97 00 16 02;;",
        f"{office};{known};01 97 00 16 05;;",
        f"{office};{known};01 97 00 16 06;;",
        # Whether a line has a category is of the line itself.
        f"{unclassified};{odd};01 97 00 16 09;;",
        f"{finess()};{odd.replace('7 rue', '8 rue')};01 97 00 16 08;;",
    )
    for n, guess in enumerate(guesses):
        own = f"F {applies} {n}"
        line = f";Service deviné;ASE;1 rue {own};93000;Bobigny;;;"
        page = sent(lists, browser, own, guess, line)
        part(lists, by, page)
        became.append(tuple(sorted(outcomes(lists, page).items())))
        shown = of_source(lists, browser, page)
        # Its own line leads to an actor that each list makes anew.
        led = re.search(r'/gestion/acteurs/(\w+)">Service deviné<', shown[1])
        assert led
        said.append([each.replace(own, "…").replace(led[1], "…") for each in shown])
    assert len(set(became)) > 1
    for each in said[1:5]:
        assert each == said[0]
    assert said[5] == said[6]
