"""The site or the mailbox of a home, linked or spelt out by another record."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor
from app.runtime.staff import Runtime
from tests.records.test_protection import levels
from tests.short_lists import run

HEAD = "Nom;Catégorie;Adresse;Code postal;Commune;Site;Courriel;Description"
HOME = "Foyer fictif;MECS;7 rue Noire;93000;Bobigny;https://www.lilas.example.org;a@lilas.example;"


def imported(runtime: Runtime, *lines: str) -> None:
    run(runtime, "\r\n".join((HEAD, *lines)).encode("cp1252"))


@pytest.mark.parametrize(
    "other",
    [
        ";;Voir www.lilas.example.org.",
        ";;Voir lilas.example.org/acces",
        "https://lilas.example.org/acces;;",
        ";;Contact : a [at] lilas.example",
        ";;Contact : a(at)lilas.example",
        ";;Contact : a arobase lilas point example",
        ";;Contact : a [at] lilas [dot] example",
    ],
)
def test_who_links_to_a_home_is_held_without_the_link(runtime: Runtime, other: str) -> None:
    imported(runtime, HOME, f"Amie;Association;3 rue Autre;93300;Aubervilliers;{other}")
    assert levels(runtime)["Amie"] == "held"
    with Session(runtime.staff) as session:
        actor = session.scalars(select(Actor).where(Actor.name == "Amie")).one()
    assert (actor.address, actor.website, actor.description) == (None, None, None)


@pytest.mark.parametrize("sign", [".", "…", " !", "’.", "].", "?"])
def test_a_page_of_a_home_is_found_before_the_sign_that_ends_its_sentence(
    runtime: Runtime, sign: str
) -> None:
    home = "Foyer fictif;MECS;7 rue Noire;93000;Bobigny;https://exemple.org/foyer;;"
    said = f";;Voir « https://exemple.org/foyer{sign} » Puis appeler."
    imported(runtime, home, f"Amie;Association;3 rue Autre;93300;Aubervilliers;{said}")
    assert levels(runtime)["Amie"] == "held"


@pytest.mark.parametrize("name", ["Amie lilas.example.org", "Amie a [at] lilas.example"])
def test_a_name_that_links_to_a_home_is_cut_before_it(runtime: Runtime, name: str) -> None:
    imported(runtime, HOME, f"{name};Association;3 rue Autre;93300;Aubervilliers;;;")
    with Session(runtime.staff) as session:
        shown = session.scalars(select(Actor.name).where(Actor.protected.is_(False))).all()
    assert shown == ["Amie"]


@pytest.mark.parametrize(
    "other", ["https://exemple.org;;", ";;Voir exemple.org.", ";;Fin.La suite"]
)
def test_the_site_above_a_page_of_a_home_holds_nobody(runtime: Runtime, other: str) -> None:
    home = "Foyer fictif;MECS;7 rue Noire;93000;Bobigny;https://exemple.org/foyer;;"
    imported(runtime, home, f"Amie;Association;3 rue Autre;93300;Aubervilliers;{other}")
    assert levels(runtime)["Amie"] is None
