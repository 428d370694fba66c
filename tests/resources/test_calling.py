"""Whom a sheet says to call: who does it near its reader, as the search finds them."""

from sqlalchemy.orm import Session

from app.resources.calling import who_to_call
from app.search.criteria import Search
from app.search.reading import read_search
from app.search.results import find
from tests.crowd import NOW
from tests.world import World

BOBIGNY, LILLE = "93008", "59350"


def near(session: Session, commune: str) -> Search:
    return read_search(session, lieu=commune)


def test_each_function_has_the_first_cards_of_its_search(world: World) -> None:
    with Session(world.databases.public) as session:
        where = near(session, BOBIGNY)
        called = who_to_call(session, ["justice", "ecoute"], where, NOW)
        searched = find(session, where.but(fonction=("ecoute",)), NOW, grouped=False, size=3)
    assert [each.function for each in called] == ["Décision de justice", "Écoute"]
    pjj, listening = called
    assert world.names({card.public_id for card in pjj.cards}) == {"pjj"}
    assert listening.cards == searched.groups[0].cards
    assert listening.total == searched.counts.total
    assert "fonction=ecoute" in listening.url


def test_where_nobody_is_near_one_looks_farther(world: World) -> None:
    with Session(world.databases.public) as session:
        (called,) = who_to_call(session, ["justice"], near(session, LILLE), NOW)
    assert world.names({card.public_id for card in called.cards}) == {"pjj"}
    assert "rayon=" in called.url


def test_a_territory_is_looked_in_as_a_whole(world: World) -> None:
    with Session(world.databases.public) as session:
        (called,) = who_to_call(session, ["justice"], Search(territory="59"), NOW)
        assert (called.cards, called.total) == ((), 0)
        (called,) = who_to_call(session, ["justice"], Search(territory="93"), NOW)
        assert world.names({card.public_id for card in called.cards}) == {"pjj"}


def test_a_function_that_nobody_knows_any_more_is_left_out(world: World) -> None:
    with Session(world.databases.public) as session:
        assert who_to_call(session, ["jardinage"], near(session, BOBIGNY), NOW) == ()
        assert who_to_call(session, [], near(session, BOBIGNY), NOW) == ()
