"""Resources beside a situation, an actor, a territory, and in collections: public ones alone."""

from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.errors import CollectionUnknown
from app.models import ResourceCollection, ResourceCollectionEntry, ResourceOfSituation
from app.platform.database.engines import Databases
from app.resources.beside import (
    CollectionCard,
    collections,
    first_lines,
    of_actor,
    of_situation,
    of_territory,
    read_collection,
)
from app.resources.cards import Card
from tests.resource_contents import document, sheet, study, training
from tests.resources.conftest import Published

PROFESSIONAL: dict[str, Any] = {"audience": "professionnel"}
ACTOR = "a" * 16


def ids(cards: tuple[Card, ...]) -> list[str]:
    return [card.public_id for card in cards]


def arrange(databases: Databases, model: type, *rows: dict[str, Any]) -> None:
    with databases.staff.begin() as connection:
        connection.execute(insert(model), rows)


def beside(databases: Databases, situation: int, *public_ids: str) -> None:
    rows = (
        {"situation": situation, "place": place, "public_id": public_id}
        for place, public_id in enumerate(public_ids, 1)
    )
    arrange(databases, ResourceOfSituation, *rows)


def test_a_situation_shows_what_was_chosen_for_it_in_order(
    databases: Databases, publish: Published
) -> None:
    one, other = publish(document(year=2001, published_on=None)), publish(document(year=2020))
    hidden = publish(document(**PROFESSIONAL))
    beside(databases, 1, one, hidden, other)
    with Session(databases.public) as session:
        assert ids(of_situation(session, 1)) == [one, other]
        assert of_situation(session, 2) == ()


def test_a_situation_opens_with_a_sheet_whose_number_the_service_has_lost(
    databases: Databases, publish: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(databases, 2, publish(sheet()))
    monkeypatch.setattr("app.resources.content.NATIONAL_NUMBERS", {})
    with Session(databases.public) as session:
        assert first_lines(session, 2) is not None


def test_a_situation_opens_with_five_lines_of_its_first_sheet(
    databases: Databases, publish: Published
) -> None:
    lines = {"now": ["Un", "Deux", "Trois"], "never": ["Jamais un", "Jamais deux", "Jamais trois"]}
    hidden, report = publish(sheet(**lines, **PROFESSIONAL)), publish(document())
    one = publish(sheet(title="Retour de fugue", validations=[], **lines))
    beside(databases, 1, hidden, report, one)
    beside(databases, 2, publish(sheet(now=[], never=[])))
    with Session(databases.public) as session:
        found = first_lines(session, 1)
        assert found is not None
        assert (found.title, found.validated) == ("Retour de fugue", False)
        assert (*found.now, *found.never) == ("Un", "Deux", "Trois", "Jamais un", "Jamais deux")
        assert found.path.startswith(f"/ressources/{one}/")
        assert first_lines(session, 2) is first_lines(session, 3) is None


def test_an_actor_shows_what_it_published_newest_first(
    databases: Databases, publish: Published
) -> None:
    old, new = (publish(document(actor_ids=[ACTOR], year=year)) for year in (2001, 2020))
    publish(document(actor_ids=["b" * 16]))
    publish(document(actor_ids=[ACTOR], **PROFESSIONAL))
    with Session(databases.public) as session:
        assert ids(of_actor(session, ACTOR)) == [new, old]
        assert of_actor(session, "c" * 16) == ()


def test_a_territory_shows_its_studies_and_its_training(
    databases: Databases, publish: Published
) -> None:
    where = {"reach": "territories", "territories": ["974"]}
    shown = [publish(study(year=2020, **where)), publish(training(year=2019, **where))]
    publish(document(**where))
    publish(study(**where, **PROFESSIONAL))
    publish(study(territories=["59"]))
    with Session(databases.public) as session:
        assert ids(of_territory(session, "974")) == shown
        assert of_territory(session, "93") == ()


def test_a_collection_has_its_order_its_notes_and_nothing_hidden(
    databases: Databases, publish: Published
) -> None:
    one, other = publish(document(year=2001)), publish(document(year=2020))
    hidden = publish(document(**PROFESSIONAL))
    arrange(
        databases,
        ResourceCollection,
        {"slug": "outre-mer", "title": "Outre-mer", "place": 2, "published": True},
        {"slug": "fugue", "title": "Retour de fugue", "place": 1, "published": True},
        {"slug": "caches", "title": "Cachés", "place": 3, "published": True},
        {"slug": "brouillon", "title": "Brouillon", "place": 4, "published": False},
    )
    entries = (
        ("outre-mer", 1, one, "À lire d’abord"),
        ("outre-mer", 2, hidden, "Caché"),
        ("outre-mer", 3, other, ""),
        ("fugue", 1, other, ""),
        ("caches", 1, hidden, ""),
        ("brouillon", 1, one, ""),
    )
    names = ("collection", "place", "public_id", "note")
    rows = (dict(zip(names, entry, strict=True)) for entry in entries)
    arrange(databases, ResourceCollectionEntry, *rows)
    # Whichever login asks: the same is public.
    for engine in (databases.public, databases.staff):
        with Session(engine) as session:
            assert collections(session) == (
                CollectionCard("fugue", "Retour de fugue", "", 1),
                CollectionCard("outre-mer", "Outre-mer", "", 2),
            )
            found = read_collection(session, "outre-mer")
            assert ids(found.cards) == [one, other]
            assert found.notes[one] == "À lire d’abord"
            assert hidden not in found.notes
            for slug in ("brouillon", "nulle-part", "\x00"):
                with pytest.raises(CollectionUnknown):
                    read_collection(session, slug)
