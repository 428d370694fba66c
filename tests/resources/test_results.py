"""A page of a selection: cards in order, filters with counts, chips, and what to give up."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import Role
from app.platform.database.engines import Databases
from app.resources.criteria import Order, Query
from app.resources.index import read_index
from app.resources.results import Found, find, select_ids
from app.visibility import PUBLIC, Viewer
from tests.resource_contents import document, practice, sheet
from tests.resources.conftest import Published

Finder = Callable[..., Found]


@pytest.fixture
def looked(databases: Databases) -> Finder:
    def run(query: Query, viewer: Viewer = PUBLIC, **how: Any) -> Found:
        engine = databases.public if viewer is PUBLIC else databases.staff
        with Session(engine) as session:
            return find(session, viewer, query, lambda each: read_index(each, viewer), **how)

    return run


def test_a_card_says_what_a_resource_is(publish: Published, looked: Finder) -> None:
    where = {"reach": "territories", "territories": ["974"]}
    evaluation = {"proof": "prometteuse", "by": "Un organisme", "on": "2026-01-02"}
    publish(document(year=2026, published_on=None, summary="mot " * 200, **where))
    publish(practice(year=2025, evaluation=evaluation))
    publish(practice(year=2024, evaluation=None))
    publish(sheet(year=2023, validations=[]), link_dead_since=date(2026, 1, 2))
    report, judged, bare, example = looked(Query()).cards
    assert (report.form_label, report.type_label, report.places) == (
        "Document",
        "Rapport",
        ("La Réunion",),
    )
    assert len(report.summary) <= 241
    assert report.summary.endswith("mot…")
    assert (judged.proof_label, bare.proof_label, report.proof_label) == (
        "Prometteuse",
        "Non évaluée",
        "",
    )
    assert (example.validated, report.validated) == (False, None)
    assert example.link_dead_since == date(2026, 1, 2)
    assert example.path == f"/ressources/{example.public_id}/{example.slug}"


def test_a_page_has_its_part_of_the_list_and_the_last_one_what_is_left(
    publish: Published, looked: Finder
) -> None:
    ids = [publish(document(year=2020 - n, published_on=None)) for n in range(5)]
    first, last = looked(Query(), size=2), looked(Query(page=9), size=2)
    assert [card.public_id for card in first.cards] == ids[:2]
    assert (first.total, first.pages) == (5, 3)
    assert [card.public_id for card in last.cards] == ids[4:]
    assert last.query.page == 3


def test_a_text_gives_cards_their_passage(publish: Published, looked: Finder) -> None:
    one = publish(sheet(more="La trottinette électrique."))
    found = looked(Query(text="trottinettes"))
    assert [card.public_id for card in found.cards] == [one]
    assert "<mark>trottinette</mark>" in (found.cards[0].passage or "")
    assert looked(Query()).cards[0].passage is None


def test_filters_offer_what_occurs_and_what_is_asked(publish: Published, looked: Finder) -> None:
    publish(document(themes=["fugue"], type="rapport"))
    found = looked(Query().but(theme=("reperage",)))
    filters = {each.offered.name: each for each in found.filters}
    themes = {value.code: (value.count, value.checked) for value in filters["theme"].values}
    assert themes == {"fugue": (1, False), "reperage": (0, True)}
    # Every territory at par, even where nothing speaks of it.
    codes = {value.code for value in filters["territoire"].values}
    assert {"974", "93", "988"} <= codes


def test_the_most_frequent_bodies_are_offered_and_the_one_that_is_asked(
    publish: Published, looked: Finder
) -> None:
    for n in range(17):
        publish(document(), body_codes=["frequent", f"rare-{n:02}"])
    found = looked(Query().but(organisme=("rare-16",)))
    (bodies,) = (each for each in found.filters if each.offered.name == "organisme")
    codes = [value.code for value in bodies.values]
    assert len(codes) <= 16
    assert "rare-16" in codes


def test_what_is_applied_can_be_given_up_one_by_one(looked: Finder) -> None:
    query = Query(text="écoute").but(theme=("fugue",), territoire=("974",), nationwide=True)
    chips = {chip.label: chip.url for chip in looked(query).chips}
    assert list(chips) == ["« écoute »", "Fugue et disparition", "La Réunion", "Ou national"]
    assert chips["« écoute »"] == "/ressources?theme=fugue&territoire=974&portee=national"
    assert chips["La Réunion"] == "/ressources?q=%C3%A9coute&theme=fugue"


def test_where_nothing_is_found_it_says_what_to_give_up_and_near_words(
    publish: Published, looked: Finder
) -> None:
    publish(document(title="Trottinette", themes=["fugue"]))
    publish(document(title="Autre chose", themes=["fugue"]))
    found = looked(Query(text="trottinette").but(theme=("reperage",)))
    assert [(each.label, each.count) for each in found.relaxations] == [
        ("Sans « Repérage »", 1),
        ("Sans aucun critère", 2),
    ]
    assert looked(Query(text="trotinete")).near == ("trottinette",)
    assert looked(Query(text="trottinette")).near == ()
    assert looked(Query(text="trottinette")).relaxations == ()


def test_what_is_for_professionals_is_on_no_page_of_a_visitor(
    publish: Published, looked: Finder
) -> None:
    publish(document(title="Trottinette", audience="professionnel"))
    found = looked(Query(text="trotinette"))
    assert (found.total, found.cards, found.near, found.relaxations) == (0, (), (), ())
    curateur = Viewer.staff(Role.CURATEUR)
    assert looked(Query(text="trottinette"), curateur).total == 1


def test_files_take_the_whole_selection_in_the_same_order(
    databases: Databases, publish: Published
) -> None:
    ids = [publish(document(year=2020 - n, published_on=None)) for n in range(3)]
    with Session(databases.public) as session:
        index = lambda each: read_index(each, PUBLIC)  # noqa: E731
        assert select_ids(session, PUBLIC, Query(), index, 5_000) == ids
        assert select_ids(session, PUBLIC, Query(order=Order.DATE), index, 2) == ids[:2]


def test_a_page_with_words_takes_few_statements(
    databases: Databases, publish: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = {"reach": "territories", "territories": ["974"]}
    for _ in range(3):
        publish(document(title="Trottinette", **where))
    sent: list[str] = []

    class Noting(psycopg.RawCursor[Any]):
        def execute(self, query: Any, *given: Any, **options: Any) -> Any:
            sent.append(query)
            return super().execute(query, *given, **options)

    monkeypatch.setattr(psycopg, "RawCursor", Noting)
    with Session(databases.public) as session:
        known = read_index(session, PUBLIC)
        event.listen(
            databases.public, "before_cursor_execute", lambda *given: sent.append(given[2])
        )
        find(session, PUBLIC, Query(text="trottinette"), lambda _session: known)
    # Words, passages, cards.
    assert len(sent) == 3


def test_years_are_offered_five_at_a_time_beyond_the_last_ones(
    publish: Published, looked: Finder
) -> None:
    for year in (2026, 2025, 2021, 2019, 2017, 2003, 1998, 1989):
        publish(document(year=year, published_on=None))
    asked = Query().but(annee=("2016-2019",))
    found = looked(asked)
    (offered,) = (each for each in found.filters if each.offered.name == "annee")
    values = [(value.label, value.count, value.checked) for value in offered.values]
    assert values == [
        ("2026", 1, False),
        ("2025", 1, False),
        ("2021", 1, False),
        ("2015 à 2019", 2, False),
        ("2000 à 2004", 1, False),
        ("Avant 2000", 2, False),
        ("2016 à 2019", 2, True),
    ]
    # What is offered finds what it says.
    for value in offered.values:
        assert looked(Query().but(annee=(value.code,))).total == value.count
    assert [chip.label for chip in found.chips] == ["2016 à 2019"]
