"""The two piles that lists leave, and today, which leads to them."""

import re
from urllib.parse import urlencode

import pytest

from app.models import Role
from app.platform.database.sessions import read
from app.records import acts
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import UNKNOWN, Desk
from tests.desk.actors.test_many import FORM, do, record, said, taken_back
from tests.desk.bureau import Browser
from tests.makers import decide
from tests.short_lists import csv, run

SECRETS = re.compile(
    r"rue cach|99 ?00 ?00 ?10|foyer@example|3 rue Autre|8 rue Ouverte", re.IGNORECASE
)
MORE = ("Autre structure;MACHINS;8 bis rue Ouverte;93000;Bobigny;01 99 00 00 34;",
        "Sans rien;;8 ter rue Ouverte;93000;Bobigny;01 99 00 00 35;")  # fmt: skip


def page(desk: Desk, path: str, role: Role = Role.CURATEUR) -> str:
    answer = desk.signed_in(role).get(path)
    assert answer.status_code == 200
    assert SECRETS.search(answer.text) is None
    return str(answer.text)


def test_who_is_hidden_is_shown_with_why_and_without_a_word_of_it(desk: Desk) -> None:
    run(desk.runtime, csv(UNKNOWN.replace("inconnue;Machin", "ignorée;Inédit")), source="ignorée")
    text = page(desk, "/gestion/masques?decide=tous")
    for name in ("Foyer fictif", "Foyer de Lille", "Association voisine", "Structure inconnue"):
        assert f"<strong>{name}</strong>" in text
    assert "sa catégorie accueille des enfants" in text
    assert "partage l’adresse avec un lieu protégé" in text
    assert "Association libre" not in text
    # Why is said once, above all whom it hides.
    (why,) = (each for each in text.split("<h2 ") if "> à classer" in each.partition("</h2>")[0])
    assert {"Structure inconnue", "Structure ignorée"} <= set(re.findall("<strong>(.*?)<", why))


@pytest.mark.slow
def test_who_is_hidden_is_narrowed_by_territory_level_and_cause(desk: Desk) -> None:
    assert "Foyer fictif" not in page(desk, "/gestion/masques?territoire=59")
    assert "Foyer de Lille" not in page(desk, "/gestion/masques?cause=voisin")
    assert "Association voisine" in page(desk, "/gestion/masques?cause=voisin")
    assert "Personne n’est masqué ainsi" in page(desk, "/gestion/masques?cause=confidentiel")


def test_a_referent_of_a_departement_reads_its_own_alone(desk: Desk) -> None:
    text = page(desk, "/gestion/masques?decide=tous", Role.REFERENT_DEPARTEMENT)
    assert "Foyer fictif" in text
    assert "Lille" not in text


@pytest.mark.parametrize("path", ["/gestion/masques", "/gestion/a-classer"])
def test_others_have_no_piles(desk: Desk, path: str) -> None:
    for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR):
        assert desk.signed_in(role).get(path).status_code == 403


@pytest.mark.slow
def test_who_is_to_classify_stands_under_the_words_of_lists_and_is_classified_at_once(
    desk: Desk,
) -> None:
    run(desk.runtime, csv(*MORE), source="autre")
    text = page(desk, "/gestion/a-classer")
    assert "« Machin » <span" in text or "« MACHINS » <span" in text
    assert "2 acteurs" in text
    assert "Sans mot dans sa liste" in text
    ids, browser = desk.ids(), desk.signed_in()
    chosen = [ids["Structure inconnue"], ids["Autre structure"]]
    answer = do(browser, "classer", chosen, "association", "depuis=a-classer")
    assert answer.headers["location"].startswith("/gestion/a-classer?bilan=classer.2")
    assert said(browser, answer) == "2 classés."
    assert "Structure inconnue" not in page(desk, "/gestion/a-classer")
    # The list goes on to say what nobody knows, and a person's word stays.
    run(desk.runtime, csv(MORE[0].replace("00 34", "00 36"), MORE[1]), source="autre")
    assert record(desk, "Autre structure")[:3] == ("association", "published", "")
    assert "2 remis comme avant." not in taken_back(browser, answer)


def test_today_counts_and_leads_to_the_work(desk: Desk) -> None:
    run(desk.runtime, csv(UNKNOWN.replace("8 rue", "88 rue")), source="troisième")
    text = page(desk, "/gestion")
    assert 'href="/gestion/a-classer"' in text
    assert 'href="/gestion/masques?protection=adresse"' in text
    state = page(desk, "/gestion", Role.REFERENT_ETAT)
    assert "a-classer" not in state
    assert "masques" not in state


def test_today_counts_what_its_page_shows(desk: Desk) -> None:
    text = page(desk, "/gestion")
    found = re.findall(
        r'desk-task__count">(\d+)</strong>.*?href="(/gestion/(?:acteurs|masques|a-classer)[^"]*)"',
        text,
        re.DOTALL,
    )
    assert len(found) >= 2
    for count, path in found:
        assert re.search(rf'desk-count">{count} acteurs?<', page(desk, path.replace("&amp;", "&")))


def test_nothing_waits_of_territories_that_are_not_one_s_own(desk: Desk) -> None:
    with read(desk.databases.staff) as session:
        assert any(each.record.territory == "59" for each in see(session, desk.vault, OPERATOR))
    text = page(desk, "/gestion/masques?territoire=59", Role.REFERENT_DEPARTEMENT)
    assert "Lille" not in text


RAIL = re.compile(
    r'href="([^"]+)" data-go="\w"[^>]*>([^<]+)(?:<span class="desk-rail__count">(\d+))?'
)


def rail(desk: Desk, role: Role) -> dict[str, int]:
    """Entry of the rail -> the number beside it, 0 where there is none."""
    answer = desk.signed_in(role).get("/gestion")
    return {path: int(count or 0) for path, _, count in RAIL.findall(answer.text)}


def test_the_rail_says_how_much_waits_as_its_pages_do(desk: Desk) -> None:
    found = rail(desk, Role.CURATEUR)
    assert found["/gestion/a-classer"] > 0
    for path in ("/gestion/a-classer", "/gestion/masques"):
        text = page(desk, path)
        assert re.search(rf'desk-count">{found[path]} acteurs?<', text)
    assert f'À décider <span class="desk-count">{found["/gestion/masques"]}<' in text
    own = rail(desk, Role.REFERENT_DEPARTEMENT)
    assert 0 < own["/gestion/masques"] <= found["/gestion/masques"]


@pytest.mark.parametrize("role", [Role.REFERENT_ETAT, Role.ADMINISTRATEUR])
def test_the_rail_counts_nothing_hidden_for_who_may_not_know_of_it(desk: Desk, role: Role) -> None:
    found = rail(desk, role)
    assert not {"/gestion/a-classer", "/gestion/masques", "/gestion/propositions"} & found.keys()
    assert not any(found.values())


TITLES = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Remarques"


def remarked(*lines: str) -> bytes:
    return "\r\n".join((TITLES, *lines)).encode("cp1252")


def counter(number: int, word: str, remark: str = "") -> str:
    return f"Guichet {word} {number};{word};{number} rue Dite;93000;Bobigny;;{remark}"


def pile_of(desk: Desk, word: str) -> str:
    """What the pile shows under a word."""
    found = page(desk, "/gestion/a-classer").split("<section ")
    return next((each for each in found if f"« {word} » <" in each), "")


def is_checked(pile: str, name: str) -> bool:
    (line,) = (each for each in pile.split("<li ") if f">{name}<" in each)
    return " checked" in line


def classify(
    desk: Desk, word: str, *names: str, browser: Browser | None = None, deed: str = "classer"
) -> str:
    """Classify actors of a word as associations, to be remembered; return where that leads."""
    ids = desk.ids()
    data = {"geste": deed, "categorie": "association", "mot": word, "retenir": "true"}
    given = [*data.items(), *(("acteur", ids[each]) for each in names)]
    place = "/gestion/acteurs/lot?depuis=a-classer"
    browser = browser or desk.signed_in()
    answer = browser.ask("POST", place, FORM, content=urlencode(given))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_who_is_doubtful_besides_says_why_and_is_not_checked_beforehand(desk: Desk) -> None:
    doubt = "adresse à ne pas communiquer"
    run(desk.runtime, remarked(counter(1, "Kiosque"), counter(2, "Kiosque", doubt)), source="k")
    pile = pile_of(desk, "Kiosque")
    assert is_checked(pile, "Guichet Kiosque 1")
    assert not is_checked(pile, "Guichet Kiosque 2")
    assert "demande de ne pas publier" in pile
    assert 'name="retenir" value="true">' in pile


@pytest.mark.slow
def test_the_word_of_a_list_is_read_as_it_was_answered_the_next_time(desk: Desk) -> None:
    lines = [counter(number, "Borne") for number in (1, 2)]
    run(desk.runtime, remarked(*lines), source="bornes")
    assert 'name="retenir" value="true" checked>' in pile_of(desk, "Borne")
    # What is left may be another thing.
    assert "mot=retenu" not in classify(desk, "Borne", "Guichet Borne 1")
    browser = desk.signed_in()
    where = classify(desk, "Borne", "Guichet Borne 2", browser=browser)
    assert "mot=retenu" in where
    assert "Le mot est retenu" in page(desk, where)
    # Taken back, it means nothing again; answered anew, it does.
    (lot,) = re.findall("lot=([0-9a-f-]{36})", where)
    undo = {"lot": lot}
    place = "/gestion/acteurs/lot/annuler?depuis=a-classer"
    back = browser.post(place, data=undo).headers["location"]
    assert "Le mot n’est plus retenu" in page(desk, back)
    assert run(desk.runtime, remarked(*lines, counter(5, "Borne")), source="bornes").unclassified
    assert "mot=retenu" in classify(desk, "Borne", "Guichet Borne 2", "Guichet Borne 5")
    lines.append(counter(5, "Borne"))
    more = [counter(3, "BORNES"), counter(4, "Borne", "adresse à ne pas communiquer")]
    done = run(desk.runtime, remarked(*lines, *more), source="bornes")
    assert (done.created, done.unclassified) == (2, 0)
    assert record(desk, "Guichet BORNES 3")[:3] == ("association", "published", "")
    assert record(desk, "Guichet Borne 4")[2] == "neutral"
    assert pile_of(desk, "Borne") == ""
    # Of another list nobody said so.
    assert run(desk.runtime, remarked(counter(9, "Borne")), source="autres").unclassified == 1


def test_who_is_no_part_of_the_map_is_archived_and_comes_back_by_no_list(desk: Desk) -> None:
    line = counter(1, "Guérite")
    run(desk.runtime, remarked(line), source="guérites")
    assert "Hors cartographie" in pile_of(desk, "Guérite")
    ids = desk.ids()
    do(desk.signed_in(), "archiver", [ids["Guichet Guérite 1"]], query="depuis=a-classer")
    run(desk.runtime, remarked(line, counter(2, "Guérite")), source="guérites")
    pile = pile_of(desk, "Guérite")
    assert "Guichet Guérite 1" not in pile
    assert "Guichet Guérite 2" in pile


@pytest.mark.slow
def test_a_word_off_the_map_is_asked_once_and_keeps_new_lines_out_until_it_is_taken_back(
    desk: Desk,
) -> None:
    lines = [counter(number, "Kiosque") for number in (1, 2)]
    run(desk.runtime, remarked(*lines), source="kiosques")
    ids = desk.ids()
    assert ids
    browser = desk.signed_in()
    where = classify(
        desk, "Kiosque", "Guichet Kiosque 1", "Guichet Kiosque 2", browser=browser, deed="archiver"
    )
    assert "mot=retenu" in where
    # A home, a doubt and a name that says what it is are read as before.
    lines += [
        counter(3, "Kiosque"), counter(4, "Kiosque", "adresse à ne pas communiquer"),
        "MECS du Kiosque;Kiosque;7 rue Tue;93000;Bobigny;;",
        "Gendarmerie;Kiosque;8 rue Tue;93000;Bobigny;;",
    ]  # fmt: skip
    done = run(desk.runtime, remarked(*lines), source="kiosques")
    assert (done.created, done.unclassified) == (4, 1)
    said = [each.message for each in done.problems if "Hors cartographie" in each.message]
    assert len(said) == 3
    assert "comme décidé le " in said[0]
    assert record(desk, "Guichet Kiosque 3")[:3] == ("a_classer", "archived", "unlisted")
    assert record(desk, "MECS du Kiosque")[2] == "neutral"
    assert record(desk, "Gendarmerie")[:3] == ("gendarmerie", "published", "")
    pile = pile_of(desk, "Kiosque")
    assert "Guichet Kiosque 4" in pile
    assert "Guichet Kiosque 3" not in pile
    # The same list says it again, and brings nobody back.
    again = run(desk.runtime, remarked(*lines), source="kiosques")
    assert (again.created, again.updated) == (0, 0)
    moved = [each.replace("3 rue Dite", "33 rue Dite") for each in lines]
    run(desk.runtime, remarked(*moved), source="kiosques")
    assert record(desk, "Guichet Kiosque 3")[:3] == ("a_classer", "archived", "unlisted")
    (lot,) = re.findall("lot=([0-9a-f-]{36})", where)
    place = "/gestion/acteurs/lot/annuler?depuis=a-classer"
    assert "mot=oublie" in browser.post(place, data={"lot": lot}).headers["location"]
    fresh = run(desk.runtime, remarked(*moved, counter(6, "Kiosque")), source="kiosques")
    assert fresh.created == 1
    assert "Guichet Kiosque 6" in pile_of(desk, "Kiosque")


def test_a_word_off_the_map_archives_nobody_who_may_guard_a_home(desk: Desk) -> None:
    lines = [counter(number, "Poteau") for number in (1, 2, 3)]
    run(desk.runtime, remarked(*lines), source="poteaux")
    ids, browser = desk.ids(), desk.signed_in()
    decide(desk.runtime, acts.protect, ids["Guichet Poteau 3"], who="essai", why="menaces")
    run(desk.runtime, remarked("Les Poteaux;MECS;5 rue Sue;93000;Bobigny;;"), source="lieux")
    classify(
        desk, "Poteau", "Guichet Poteau 1", "Guichet Poteau 2", browser=browser, deed="archiver"
    )
    # The same words are read anew now: of one that a person hid, and of a known home's namesake.
    lines += [
        "Les Poteaux;Poteau;6 rue Sue;93000;Bobigny;;",
        "Voisine A;Association;3 rue Dite;93000;Bobigny;;",
        "Voisine B;Association;6 rue Sue;93000;Bobigny;;",
        "Libre Poteau;Association;9 rue Sue;93000;Bobigny;;",
    ]
    run(desk.runtime, remarked(*lines), source="poteaux")
    assert record(desk, "Guichet Poteau 1")[1] == "archived"
    assert record(desk, "Guichet Poteau 3")[1] == "published"
    assert [record(desk, f"Voisine {each}")[2] for each in "AB"] == ["held", "held"]
    # A known one that is called so is hidden and named, and no list archives it.
    renamed = [each.replace("Libre Poteau;Association", "Libre Poteau;Poteau") for each in lines]
    done = run(desk.runtime, remarked(*renamed), source="poteaux")
    assert record(desk, "Libre Poteau")[1] == "published"
    assert done.protected >= 1
