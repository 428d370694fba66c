"""What words find: stems, synonyms of the desk, near words; and passages that are text alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.models import ResourceSynonym, Role
from app.platform.database.engines import Databases
from app.resources.index import in_order, read_index
from app.resources.words import marked, near_words, passages, ranked
from app.visibility import PUBLIC, Viewer
from tests.resource_contents import document, sheet
from tests.resources.conftest import Published

# Pairs that French stems part, and that the first synonyms of a service join.
PAIRS = (
    ("prostitution", "prostitutionnel"),
    ("prostitution", "prostituée"),
    ("fugue", "fugueuse"),
    ("fugue", "fugueur"),
    ("michetonnage", "michetonner"),
    ("michetonnage", "prostitution"),
    ("escort", "escorting"),
    ("MNA", "mineurs non accompagnés"),
    ("TEH", "traite des êtres humains"),
    ("119", "allô enfance en danger"),
)
# A document of which the title alone says something.
BARE = {"subtitle": "", "summary": "", "published_on": None, "bodies": ["Organisme d’exemple"]}
BARE |= {"themes": [], "situations": [], "functions": [], "publics": []}


def found(databases: Databases, text: str, viewer: Viewer = PUBLIC) -> list[str]:
    engine = databases.public if viewer is PUBLIC else databases.staff
    with Session(engine) as session:
        index = read_index(session, viewer)
        placed = index.placed(ranked(session, viewer, text))
        return [index.ids[place] for place in in_order(placed)]


def titled(publish: Published, title: str) -> str:
    return publish(document(**BARE | {"title": title}))


@pytest.mark.slow
def test_synonyms_join_what_stems_part(databases: Databases, publish: Published) -> None:
    named = {word: titled(publish, word) for pair in PAIRS for word in pair}
    with databases.staff.begin() as connection:
        known = connection.execute(select(ResourceSynonym.word, ResourceSynonym.group_id))
        first = [row._asdict() for row in known]
        connection.execute(delete(ResourceSynonym))
    parted = {
        pair
        for pair in PAIRS
        if named[pair[1]] not in found(databases, pair[0])
        and named[pair[0]] not in found(databases, pair[1])
    }
    assert parted == set(PAIRS)
    with databases.staff.begin() as connection:
        connection.execute(insert(ResourceSynonym), first)
    joined = {
        pair
        for pair in PAIRS
        if {named[pair[0]], named[pair[1]]}
        == set(found(databases, pair[0])) & {named[pair[0]], named[pair[1]]}
        and named[pair[0]] in found(databases, pair[1])
    }
    assert joined == set(PAIRS)


def test_a_synonym_is_found_among_other_words(databases: Databases, publish: Published) -> None:
    one = titled(publish, "L’accueil des MNA en Guyane")
    for text in ("accueil des mineurs non accompagnés", "MNA guyane", "mineur isolé étranger"):
        assert found(databases, text) == [one]
    assert found(databases, "accueil des MNA en Corse") == []
    # A phrase stands together in a text: its words here and there are no synonym.
    titled(publish, "Mineurs jamais accompagnés, et non isolés")
    assert found(databases, "MNA") == [one]


def test_every_word_must_be_found_by_its_stem(databases: Databases, publish: Published) -> None:
    one = titled(publish, "Repérer les situations à risque")
    titled(publish, "Repérer autrement")
    assert found(databases, "repere situation risques") == [one]
    assert found(databases, "  ") == found(databases, "de la") == []


@pytest.mark.parametrize(
    "text", ["fugue | a", "!fugue", "fugue:*", "'fugue", "fugue & (", "\\", "fugue <-> a"]
)
def test_signs_of_a_query_are_no_words(databases: Databases, publish: Published, text: str) -> None:
    titled(publish, "Autre chose")
    one = titled(publish, "Une fugue à craindre")
    assert found(databases, text) == ([one] if "fugue" in text else [])


def test_titles_stand_before_texts_and_the_newest_first(
    databases: Databases, publish: Published
) -> None:
    in_text = publish(document(**BARE | {"title": "Rapport", "summary": "signalement"}, year=2025))
    old = publish(document(**BARE | {"title": "Signalement"}, year=2001))
    new = publish(document(**BARE | {"title": "Signalement"}, year=2020))
    assert found(databases, "signalement") == [new, old, in_text]


def test_the_whole_text_of_a_sheet_is_found(databases: Databases, publish: Published) -> None:
    one = publish(sheet(more="Un mot que rien d’autre n’a : trottinette."))
    assert found(databases, "trottinettes") == [one]


def test_words_of_what_is_for_professionals_find_nothing_for_visitors(
    databases: Databases, publish: Published
) -> None:
    hidden = publish(document(title="Trottinette", audience="professionnel"))
    curateur = Viewer.staff(Role.CURATEUR)
    assert found(databases, "trottinette") == []
    assert found(databases, "trottinette", curateur) == [hidden]
    with Session(databases.public) as session:
        assert near_words(session, PUBLIC, "trotinette") == ()
        assert passages(session, PUBLIC, "trottinette", [hidden]) == {}
    with Session(databases.staff) as session:
        assert near_words(session, curateur, "trotinette") == ("trottinette",)
        assert near_words(session, PUBLIC, "trotinette") == ()


def test_near_words_are_of_titles_and_lead_somewhere(
    databases: Databases, publish: Published
) -> None:
    one = titled(publish, "Prévenir l’exploitation sexuelle")
    with Session(databases.public) as session:
        near = near_words(session, PUBLIC, "exploitasion sexuele")
    assert near[:2] in (("sexuelle", "exploitation"), ("exploitation", "sexuelle"))
    assert found(databases, near[0]) == [one]


def test_passages_show_where_the_words_stand(databases: Databases, publish: Published) -> None:
    one = publish(
        sheet(more="Avant. " * 50 + "Ranger la trottinette électrique. " + "Après. " * 50)
    )
    other = titled(publish, "Trottinette")
    with Session(databases.public) as session:
        shown = passages(session, PUBLIC, "trottinettes", [one, other])
    assert set(shown) == {one}
    assert "<mark>trottinette</mark>" in shown[one]
    assert len(shown[one]) < 1000


def test_a_passage_is_text_whatever_it_says(databases: Databases, publish: Published) -> None:
    evil = "<img src=x onerror=alert(1)> trottinette <script>alert(1)</script> & <b>gras</b>"
    one = publish(document(summary=evil))
    with Session(databases.public) as session:
        shown = passages(session, PUBLIC, "trottinette", [one])[one]
    assert shown.replace("<mark>", "").replace("</mark>", "").count("<") == 0
    assert "<mark>trottinette</mark>" in shown


@given(st.text())
@settings(max_examples=200)
def test_nothing_but_marks_is_html_in_a_passage(text: str) -> None:
    plain = marked(text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert ">" not in plain
