"""What passes filters, how many, and in which order: as if each resource were looked at in turn."""

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import IssuingBody, Role
from app.platform.database.engines import Databases
from app.resources.criteria import Order, Query
from app.resources.index import Index, in_order, read_index
from app.visibility import PUBLIC, Viewer
from tests.resource_contents import document, practice, sheet
from tests.resources.conftest import Published


def index_of(databases: Databases, viewer: Viewer = PUBLIC) -> Index:
    with Session(databases.public if viewer is PUBLIC else databases.staff) as session:
        return read_index(session, viewer)


def selected(index: Index, query: Query) -> list[str]:
    return list(index.select(query, index.everything, None))


def test_values_of_one_filter_add_up_and_filters_narrow(
    databases: Databases, publish: Published
) -> None:
    one = publish(document(themes=["fugue"], type="rapport", year=2021, published_on=None))
    two = publish(document(themes=["reperage"], type="rapport", year=2020, published_on=None))
    three = publish(document(themes=["fugue"], type="guide", year=2019, published_on=None))
    index = index_of(databases)
    assert selected(index, Query()) == [one, two, three]
    assert selected(index, Query().but(theme=("fugue",))) == [one, three]
    assert selected(index, Query().but(theme=("fugue", "reperage"))) == [one, two, three]
    both = Query().but(theme=("fugue",), type=("rapport",))
    assert selected(index, both) == [one]
    counts = index.count(both, index.everything)
    assert counts.total == 1
    # With each value and the other filters.
    assert counts.by_value["theme"]["reperage"] == 1
    assert counts.by_value["theme"]["fugue"] == 1
    assert counts.by_value["type"] == {"rapport": 1, "guide": 1}


def test_years_are_one_or_from_one_to_another(databases: Databases, publish: Published) -> None:
    ids = {
        year: publish(document(year=year, published_on=None)) for year in (2019, 2020, 2023, None)
    }
    index = index_of(databases)
    assert selected(index, Query().but(annee=("2020",))) == [ids[2020]]
    assert selected(index, Query().but(annee=("2019-2020",))) == [ids[2020], ids[2019]]
    assert selected(index, Query().but(annee=("2023-2019",))) == []
    # What has no year stands last.
    assert selected(index, Query())[-1] == ids[None]


def test_a_territory_with_or_without_what_speaks_of_all_of_france(
    databases: Databases, publish: Published
) -> None:
    guyane, national, mainland, europe, nord = (
        publish(document(year=year, published_on=None, **where))
        for year, where in (
            (2025, {"reach": "territories", "territories": ["973"]}),
            (2024, {"reach": "national"}),
            (2023, {"reach": "metropole"}),
            (2022, {"reach": "europe"}),
            (2021, {"reach": "territories", "territories": ["59", "62"]}),
        )
    )
    index = index_of(databases)
    precise = Query().but(territoire=("973",))
    assert selected(index, precise) == [guyane]
    assert selected(index, precise.but(nationwide=True)) == [guyane, national]
    north = Query().but(territoire=("59",), nationwide=True)
    assert selected(index, north) == [national, mainland, nord]
    counts = index.count(Query(), index.everything).by_value["territoire"]
    assert (counts["973"], counts["59"], counts["974"]) == (1, 1, 0)
    assert europe in selected(index, Query())
    # Counted as it is asked for.
    wide = index.count(north, index.everything).by_value["territoire"]
    assert (wide["973"], wide["974"], wide["59"]) == (2, 1, 3)


def test_proof_and_validation_are_of_practices_and_sheets_alone(
    databases: Databases, publish: Published
) -> None:
    publish(document())
    bare = publish(practice(evaluation=None))
    example = publish(sheet(validations=[]))
    signed = publish(sheet(validations=[{"body": "Un organisme", "day": "2026-01-02"}]))
    index = index_of(databases)
    assert selected(index, Query().but(preuve=("non-evaluee",))) == [bare]
    assert selected(index, Query().but(validation=("exemple",))) == [example]
    assert selected(index, Query().but(validation=("validee",))) == [signed]


def test_what_is_to_be_read_again_first_stands_first(
    databases: Databases, publish: Published
) -> None:
    late = publish(sheet(), review_on="2027-01-01")
    soon = publish(sheet(), review_on="2026-02-01")
    never = publish(document())
    index = index_of(databases)
    assert selected(index, Query(order=Order.REVIEW)) == [soon, late, never]


def test_words_rank_unless_another_order_is_asked_for(
    databases: Databases, publish: Published
) -> None:
    old = publish(document(year=2001, published_on=None))
    new = publish(document(year=2020, published_on=None))
    index = index_of(databases)
    placed = index.placed([[old, "0" * 16], [new]])
    base, best = index.bits(placed), list(in_order(placed))
    assert list(index.select(Query(text="mot"), base, best)) == [old, new]
    assert list(index.select(Query(text="mot", order=Order.DATE), base, best)) == [new, old]
    assert list(index.select(Query(text="mot"), 0, [])) == []
    # Of equals the newest stands first.
    for equals in ([old, new], [new, old]):
        assert list(in_order(index.placed([equals]))) == [0, 1]


def test_what_is_for_professionals_is_in_no_count_of_visitors(
    databases: Databases, publish: Published
) -> None:
    hidden = publish(document(audience="professionnel", themes=["fugue"]))
    index = index_of(databases)
    assert index.ids == ()
    assert index.count(Query(), index.everything).total == 0
    assert "fugue" not in index.masks["theme"]
    assert index_of(databases, Viewer.staff(Role.CURATEUR)).ids == (hidden,)


def test_issuing_bodies_are_called_by_their_name(databases: Databases, publish: Published) -> None:
    with databases.staff.begin() as connection:
        name = "Haute autorité d’exemple"
        connection.execute(insert(IssuingBody).values(code="hae", name=name))
    one = publish(document(), body_codes=["hae"])
    publish(document())
    index = index_of(databases)
    assert selected(index, Query().but(organisme=("hae",))) == [one]
    assert index.label("organisme", "hae") == name
    assert index.label("theme", "fugue") == "Fugue et disparition"


@pytest.mark.parametrize("asked", ["organisme", "theme", "annee"])
def test_what_nothing_has_lets_nothing_pass(
    databases: Databases, publish: Published, asked: str
) -> None:
    publish(document(themes=["reperage"]))
    value = {"organisme": "personne", "theme": "fugue", "annee": "1801"}[asked]
    assert selected(index_of(databases), Query().but(**{asked: (value,)})) == []
