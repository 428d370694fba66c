"""A doubtful line is read beside the actors that it may be, and a curateur answers there."""

import re

import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.models import AuditEntry, DepositLine, Role
from app.platform.database.sessions import read
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.reviewing import row_of
from tests.desk.imports.test_review_secrecy import main_of
from tests.short_lists import csv, run

ROW = re.compile(
    r"<tr>\s*<th scope=\"row\">(.*?)</th>\s*<td([^>]*)>(.*?)</td>(?:\s*<td[^>]*>(.*?)</td>)?",
    re.DOTALL,
)

OPENING = re.compile(r'formaction="([^"]+/ouvrir)" name="suite" value="([^"]+)"')


def compared(text: str) -> dict[str, tuple[str, str]]:
    """Field -> the line and the known actor, "*" before those that differ."""
    found = {}
    for label, both, *values in ROW.findall(text):
        if "colspan" in both:
            values = [values[0], values[0]]
        mark = "*" if "différent" in label else ""
        one, other = (mark + re.sub(r"<[^>]*>", "", each).strip() for each in values)
        found[re.sub(r"\s*<.*", "", label, flags=re.DOTALL)] = (one, other)
    return found


def answer(lists: Lists, browser: Browser, page: str, name: str, deed: str, more: str = "") -> int:
    """Answer a line; return the status."""
    found = re.search(r'id="l-([0-9a-f-]+)"', row_of(browser, page, name))
    assert found
    seen = seen_in(browser.get(f"{page}/relire").text)
    data = {"geste": f"{deed}.{found[1]}{more}", "vu": seen}
    return browser.post(f"{page}/relire", data=data).status_code


def stored(lists: Lists, page: str) -> dict[int | None, tuple[str | None, int | None]]:
    with read(lists.databases.staff) as session:
        here = DepositLine.file_id == lists.stored(page).file_id
        rows = session.scalars(select(DepositLine).where(here))
        return {each.line: (each.decision, each.answer) for each in rows}


def moved(lists: Lists, browser: Browser, word: str, phone: str) -> tuple[str, str]:
    """A list whose one actor was renamed where it stands; return its page and the new name."""
    known = f"Antenne {word};Association;6 rue {word};93000;Bobigny;{phone};"
    beside = f"Autre {word};Association;9 rue Autre {word};93300;Aubervilliers;;"
    lists.applied(browser, known, beside, source=word)
    renamed = (
        known.replace(f"Antenne {word}", f"Permanence {word}").replace("6 rue", "6, R.")
        + f"m@{word.lower()}.example.org"
    )
    return lists.sent(browser, renamed, beside, source=word), f"Permanence {word}"


@pytest.mark.slow
def test_a_doubtful_line_stands_beside_the_known_actor_with_reasons_that_weigh(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    page, name = moved(lists, browser, "Face", "01 98 00 81 00")
    text = row_of(browser, page, name)
    assert "Peut-être le même acteur que" in text
    assert re.search(r"même téléphone[^<]* <span[^>]*>indices moyens</span>", text)
    found = compared(text)
    assert found["Nom"] == ("*Permanence Face", "*Antenne Face")
    assert "téléphones (01 98 00 81 00)" in text
    assert "adresse (6 rue Face 93000 Bobigny)" in text
    (link,) = re.findall(r'href="([^"]+/comparer)"', text)
    whole = compared(browser.get(link).text)
    assert whole["Téléphones"] == ("01 98 00 81 00", "01 98 00 81 00")
    assert "data-pins" in browser.get(link).text
    for label in ("C’est le même", "Ce sont deux acteurs", "Plus tard", "Refuser"):
        assert label in text
    assert "accepter." not in text


def figures_of(browser: Browser, page: str) -> dict[str, int]:
    """What the page of a list counts, by its words."""
    found = re.findall(r"<strong>(-?\d+)</strong>\s*([^<]+)<", browser.get(page).text)
    return {words.strip(): int(number) for number, words in found}


@pytest.mark.slow
def test_each_line_stands_in_one_figure_of_its_list(lists: Lists) -> None:
    browser = lists.signed_in()
    page, _ = moved(lists, browser, "Comptee", "01 98 00 89 00")
    once = {"nouveau": 0, "peut-être en double": 1, "inchangé": 1}
    assert figures_of(browser, page).items() >= once.items()
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    assert figures_of(browser, page).items() >= once.items()
    lists.undo(browser, page)
    assert lists.state(page) == "undone"
    assert figures_of(browser, page).items() >= once.items()


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["meme", "deux"])
def test_an_answer_stays_on_the_line_and_is_taken_back(lists: Lists, deed: str) -> None:
    browser = lists.signed_in()
    page, name = moved(
        lists, browser, f"Reste{deed}", f"01 98 00 82 0{len(deed) - (deed == 'deux')}"
    )
    assert answer(lists, browser, page, name, deed, ".1" if deed == "meme" else "") == 303
    said = {"meme": "Le même acteur", "deux": "Deux acteurs"}[deed]
    text = row_of(browser, page, name)
    assert f">{said}</span>" in text
    assert 'aria-pressed="true"' in text
    # Who is named again by that is not missing: it is neither counted nor archived.
    again = deed == "meme"
    assert figures_of(browser, page).get("absent", 0) == (0 if again else 1)
    missing = browser.get(f"{page}/relire?resultat=missing").text
    assert ("Archiver la ligne à décider affichée" in missing) is not again
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert figures_of(referent, page)["absent"] == 1
    assert stored(lists, page)[2] == ("accept", 1 if deed == "meme" else 0)
    assert answer(lists, browser, page, name, "annuler") == 303
    assert stored(lists, page)[2] == (None, None)
    assert f">{said}</span>" not in row_of(browser, page, name)
    assert figures_of(browser, page)["absent"] == 1


@pytest.mark.slow
def test_an_answered_line_is_written_as_it_was_answered(lists: Lists) -> None:
    browser = lists.signed_in()
    one, name = moved(lists, browser, "Unie", "01 98 00 83 00")
    two, other = moved(lists, browser, "Duelle", "01 98 00 83 01")
    missing = browser.get(f"{one}/relire?resultat=missing").text
    (line,) = re.findall(r'id="l-([0-9a-f-]+)"', missing)
    # Somebody keeps the missing one before they see that a line is it.
    stays = {"geste": f"refuser.{line}", "vu": seen_in(missing)}
    assert browser.post(f"{one}/relire", data=stays).status_code == 303
    answer(lists, browser, one, name, "meme", ".1")
    answer(lists, browser, two, other, "deux")
    for page, absent in ((one, 0), (two, 1)):
        assert figures_of(browser, page).get("absent", 0) == absent
        lists.apply(browser, page, verifie="true")
        lists.work()
        assert lists.state(page) == "applied"
        # Who was found again was left out of what was written: it is not taken away twice.
        assert figures_of(browser, page).get("absent", 0) == absent
    actors = lists.actors()
    assert "Antenne Unie" not in actors
    assert {actors[name], actors[other], actors["Antenne Duelle"]} == {"published"}


@pytest.mark.slow
def test_several_lines_at_once_are_never_found_to_be_the_same(lists: Lists) -> None:
    browser = lists.signed_in()
    page, name = moved(lists, browser, "Plusieurs", "01 98 00 84 00")
    for scope in ("page", "tous", "choisies"):
        for deed in ("meme", "deux"):
            assert lists.answer(browser, page, f"{deed}.{scope}").status_code == 303
    assert stored(lists, page)[2] == (None, None)
    lists.answer(browser, page, "accepter.tous")
    assert stored(lists, page)[2] == ("accept", None)
    answer(lists, browser, page, name, "deux")
    lists.answer(browser, page, "accepter.tous")
    assert stored(lists, page)[2] == ("accept", 0)


@pytest.mark.slow
def test_no_other_place_than_those_shown_is_answered(lists: Lists) -> None:
    browser = lists.signed_in()
    page, name = moved(lists, browser, "Bornée", "01 98 00 85 00")
    for number in (".2", ".0", ".x", ".-1"):
        assert answer(lists, browser, page, name, "meme", number) == 404
    assert stored(lists, page)[2] == (None, None)


@pytest.mark.slow
def test_of_a_protected_actor_nothing_is_shown_or_answered_before_it_is_opened(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Les Genêts;MECS;1 rue Celée;93000;Bobigny;01 98 00 86 00;"))
    browser = lists.signed_in()
    name = "LES GENÊTS (ADSEA)"
    page = lists.sent(browser, f"{name};Association;5 place Close;93000;Bobigny;;", source="Close")
    line = re.search(r'id="l-([0-9a-f-]+)"', row_of(browser, page, name))
    assert line
    where = f"{page}/relire/{line[1]}/comparer"
    for text in (row_of(browser, page, name), browser.get(where).text.partition("<main")[2]):
        assert "une fiche protégée" in text
        for word in (
            "Les Genêts",
            "Celée",
            "01 98 00 86",
            "lieu caché",
            "data-pins",
            "meme.",
            "deux.",
            "place Close",
        ):
            assert word not in text, word
    for deed in ("meme", "deux"):
        assert answer(lists, browser, page, name, deed, ".1" * (deed == "meme")) == 403
    assert stored(lists, page)[2] == (None, None)
    opening = OPENING.search(row_of(browser, page, name))
    assert opening
    back = browser.post(opening[1], data={"suite": opening[2].replace("&amp;", "&")})
    assert back.headers["location"].startswith(f"{page}/relire")
    text = row_of(browser, page, name)
    assert ">Les Genêts</a>" in text
    assert "lieu caché" in text
    assert "data-pins" in browser.get(where).text
    with read(lists.databases.staff) as session:
        (known,) = ids_of(lists, "Les Genêts")
        noted = select(AuditEntry.action).where(AuditEntry.subject == known)
        assert list(session.scalars(noted)) == [Action.OPENED.value]
    assert answer(lists, browser, page, name, "deux") == 303
    assert stored(lists, page)[2] == ("accept", 0)


def ids_of(lists: Lists, name: str) -> list[str]:
    """The ids of actors of a true name."""
    with read(lists.databases.staff) as session:
        seen = list(see(session, lists.vault, OPERATOR))
    return [str(each.actor_id) for each in seen if each.record.name == name]


@pytest.mark.slow
def test_of_several_that_a_line_may_be_each_is_read_and_answered_by_its_number(
    lists: Lists,
) -> None:
    same = "Association;7 rue Triple;93000;Bobigny;01 98 00 90 00;"
    for name in ("Relais triple", "Relais triples"):
        run(lists.runtime, csv(f"{name};{same}"), source=name)
    browser, name = lists.signed_in(), "Relais des triples"
    page = lists.sent(browser, f"{name};{same}", source="Triple", portee="partielle")
    text = row_of(browser, page, name)
    for said in ("(n° 1)", "(n° 2)", "C’est le n° 1", "C’est le n° 2", "Ce n’est aucun d’eux"):
        assert said in text, said
    assert 'data-key="2"' in text
    assert answer(lists, browser, page, name, "meme", ".2") == 303
    assert ">Le n° 2</span>" in row_of(browser, page, name)
    assert answer(lists, browser, page, name, "deux") == 303
    assert ">Aucun d’eux</span>" in row_of(browser, page, name)


@pytest.mark.slow
def test_what_is_hidden_since_the_list_was_read_is_masked_in_a_pair(lists: Lists) -> None:
    browser = lists.signed_in()
    page, name = moved(lists, browser, "Depuis", "01 98 00 88 00")
    assert "01 98 00 88 00" in row_of(browser, page, name)
    run(lists.runtime, csv("Foyer Depuis;MECS;77 rue Loin;93000;Bobigny;01 98 00 88 00;"))
    assert "01 98 00 88 00" not in row_of(browser, page, name)


@pytest.mark.slow
def test_a_referent_reads_the_same_whether_a_new_line_may_be_somebody_or_not(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Les Bruyères;MECS;1 rue Lande;93000;Bobigny;01 98 00 89 00;"))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    lines = ("LES BRUYÈRES (ADSEA)", "LES FOUGÈRES (ADSEA)")
    pages = {
        name: lists.sent(referent, f"{name};Association;5 place Lande;93000;Bobigny;;", source="L")
        for name in lines
    }
    first, second = pages.values()
    assert "Peut-être en double" in curateur.get(f"{first}/relire").text
    assert "Peut-être en double" not in curateur.get(f"{second}/relire").text

    def said(name: str) -> str:
        return main_of(referent.get(f"{pages[name]}/relire")).replace(name, "…")

    assert said(lines[0]) == said(lines[1])
    for name, page in pages.items():
        found = re.search(r'id="l-([0-9a-f-]+)"', row_of(referent, page, name))
        assert found
        answers = {referent.get(f"{page}/relire/{found[1]}/comparer").status_code}
        assert answers == {403}
        for deed, more in (("meme", ".1"), ("deux", "")):
            assert answer(lists, referent, page, name, deed, more) == 303
        assert stored(lists, page)[2] == (None, None)
    # A curateur answers: to a référent it is a line that was accepted.
    with_open(lists, curateur, first, lines[0])
    assert answer(lists, curateur, first, lines[0], "deux") == 303
    assert answer(lists, curateur, second, lines[1], "accepter") == 303
    assert said(lines[0]) == said(lines[1])


def with_open(lists: Lists, browser: Browser, page: str, name: str) -> None:
    """Open the protected actor that a line may be."""
    opening = OPENING.search(row_of(browser, page, name))
    assert opening
    assert browser.post(opening[1], data={}).status_code == 303


@pytest.mark.slow
def test_what_was_accepted_without_an_answer_waits_where_its_list_says(lists: Lists) -> None:
    browser = lists.signed_in()
    page, _ = moved(lists, browser, "Tardive", "01 98 00 91 00")
    lists.apply(browser, page, verifie="true")
    lists.work()
    text = browser.get(page).text
    for section in ("ensuite", "doubles"):
        said = text.partition(f'id="{section}"')[2].partition("</section>")[0]
        assert 'href="/gestion/doublons"' in said, section
    assert "Permanence Tardive" in browser.get("/gestion/doublons").text
