"""The same actor is found again, whatever its list changes of columns, order and category."""

import random
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.lists.conflicts import conflicts
from app.lists.missing import missing
from app.models import Actor, ActorProtected, Proposal, SourceRecord
from app.platform.database.sessions import read, write
from app.records.joining import join, part
from app.records.proposals import ProposalUnknown, waiting
from app.records.record import ActorRecord
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.vault.digests import digest, index_key
from app.visibility import OPERATOR
from tests.short_lists import counts, run

pytestmark = pytest.mark.slow

Line = dict[str, str]
OTHER_TITLES = {"Nom": "Structure", "Téléphone": "Tél", "Courriel": "Mail"}


def line(name: str = "Antenne", street: str = "1 rue Haute", **cells: str) -> Line:
    fixed = {"Code postal": "93000", "Commune": "Bobigny", "Catégorie": "Association"}
    return {"Nom": name, "Adresse": street} | fixed | cells


def table(*lines: Line, titles: list[str] | None = None, renamed: bool = False) -> bytes:
    titles = titles or list(dict.fromkeys(title for each in lines for title in each))
    shown = [OTHER_TITLES.get(title, title) if renamed else title for title in titles]
    rows = [";".join(each.get(title, "") for title in titles) for each in lines]
    return "\r\n".join([";".join(shown), *rows]).encode("cp1252")


def records(runtime: Runtime) -> dict[UUID, ActorRecord]:
    """Return the actors that were joined to no other one, by their true records."""
    with Session(runtime.staff) as session:
        found = session.execute(
            select(ActorProtected.actor_id, ActorProtected.record)
            .join(Actor, Actor.id == ActorProtected.actor_id)
            .where(Actor.status != "archived")
        )
        return {actor: open_record(runtime.vault, actor, sealed) for actor, sealed in found}


def published(runtime: Runtime) -> list[str]:
    with Session(runtime.staff) as session:
        found = session.scalars(select(Actor.name).where(Actor.status == "published"))
        return sorted(found)


def proposed(runtime: Runtime) -> dict[str, tuple[UUID, str, str]]:
    """Return name -> proposal, name of the other actor, reasons."""
    with read(runtime.staff) as session:
        return {
            each.record.name: (
                each.id,
                each.other.name if each.other else "",
                each.detail["because"],
            )
            for each in waiting(session, runtime.vault, OPERATOR)
            if each.about == "same"
        }


def absent(runtime: Runtime) -> list[str]:
    with read(runtime.staff) as session:
        return [each.name for each in missing(session, runtime.vault, OPERATOR)]


@pytest.mark.parametrize(
    "now",
    [
        line(Catégorie="ASE"),
        line(street="1 bis, R. Haute"),
        line(street="9 rue Basse"),
        line(SIRET="80295478400020"),
        line(Réf="A1"),
    ],
)
def test_a_line_that_changes_in_one_thing_is_the_same_actor(runtime: Runtime, now: Line) -> None:
    run(runtime, table(line(), line("Autre")))
    again = counts(run(runtime, table(line("Autre"), now)))
    assert again in ({"read": 2, "updated": 1, "unchanged": 1}, {"read": 2, "unchanged": 2})
    assert len(records(runtime)) == 2
    assert counts(run(runtime, table(line("Autre"), now))) == {"read": 2, "unchanged": 2}
    assert absent(runtime) == []


@pytest.mark.parametrize("number", ["FINESS", "SIRET"])
def test_a_number_of_one_line_names_its_actor(runtime: Runtime, number: str) -> None:
    value = {"FINESS": "930000484", "SIRET": "80295478400020"}[number]
    run(runtime, table(line(**{number: value})))
    renamed = line("Maison des droits", "9 rue Basse", **{number: value})
    assert counts(run(runtime, table(renamed))) == {"read": 1, "updated": 1}
    elsewhere = line("Maison du droit", "8 rue Basse", **{number: value})
    assert counts(run(runtime, table(elsewhere), source="autre")) == {"read": 1, "conflicting": 1}
    assert len(records(runtime)) == 1


def test_a_number_of_several_lines_names_their_organisation(runtime: Runtime) -> None:
    first, second = (line(each, f"{each} rue Haute", SIRET="80295478400020") for each in "12")
    assert counts(run(runtime, table(first, second))) == {"read": 2, "created": 2}
    third = line("3", "3 rue Haute", SIRET="80295478400020")
    assert counts(run(runtime, table(third), source="autre")) == {"read": 1, "created": 1}
    rna = {"RNA": "W931001234"}
    run(runtime, table(line("4", "4 rue Haute", **rna)), source="rna")
    run(runtime, table(line("5", "5 rue Haute", **rna)), source="rna autre")
    assert len(records(runtime)) == 5
    run(runtime, table(line("Siège", "5 rue Haute", **rna)), source="rna tiers")
    assert len(records(runtime)) == 5


def test_a_number_of_a_home_and_of_others_names_their_organisation(runtime: Runtime) -> None:
    siret = {"SIRET": "80295478400020"}
    home = line("Foyer", "1 rue Haute", Catégorie="MECS", **siret)
    offices = [line(name, f"{name} rue Haute", **siret) for name in "23"]
    run(runtime, table(home, *offices))
    alone = table(line("4", "4 rue Haute", **siret))
    assert counts(run(runtime, alone, source="autre"))["created"] == 1
    assert len(records(runtime)) == 4


def test_two_offices_of_one_name_are_two_actors(runtime: Runtime) -> None:
    offices = [line(street="1 rue Haute"), line(street="2 rue Basse"), line(street="3 place Noire")]
    assert counts(run(runtime, table(*offices))) == {"read": 3, "created": 3}
    assert published(runtime) == ["Antenne"] * 3
    assert counts(run(runtime, table(*offices[::-1]), source="autre")) == {
        "read": 3,
        "unchanged": 3,
    }


def test_an_identity_of_a_former_release_still_leads_to_its_actor(runtime: Runtime) -> None:
    run(runtime, table(line()))
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        former = digest(key, "identity", "name:antenne|93008|association")
        session.execute(update(SourceRecord).values(identity=former))
    assert counts(run(runtime, table(line()))) == {"read": 1, "unchanged": 1}
    with write(runtime.staff) as session:
        session.execute(update(SourceRecord).values(identity=former))
    assert counts(run(runtime, table(line(Catégorie="ASE")))) == {"read": 1, "updated": 1}
    assert absent(runtime) == []


@pytest.mark.parametrize("category", ["Association", "MECS", "inconnue"])
def test_a_line_with_the_name_and_commune_of_a_hidden_actor_is_that_actor(
    runtime: Runtime, category: str
) -> None:
    run(runtime, table(line("Les Lilas", Catégorie="MECS")))
    other = line("LES LILAS", "", Catégorie=category, Téléphone="01 99 00 00 01")
    done = run(runtime, table(other), source="autre")
    assert (done.updated, done.protected) == (1, int(category != "Association"))
    assert len(records(runtime)) == 1


def test_a_line_that_houses_hides_the_record_of_its_name(runtime: Runtime) -> None:
    run(runtime, table(line("Les Lilas")))
    run(runtime, table(line("Les Lilas", "9 rue Basse", Catégorie="MECS")), source="autre")
    assert len(records(runtime)) == 1
    assert "Les Lilas" not in published(runtime)


@pytest.mark.parametrize("name", ["Les Lilas", "Association Les Lilas", "Fondation des Lilas"])
def test_a_namesake_of_a_home_in_one_list_waits_for_a_person(runtime: Runtime, name: str) -> None:
    lines = (line(name), line("Les Lilas", "9 rue Basse", Catégorie="MECS"))
    run(runtime, table(*lines))
    assert published(runtime) == ["Lieu d'accueil – Seine-Saint-Denis"]
    assert proposed(runtime)[name][1] == "Les Lilas"
    more = line("Les Lilas", "7 rue Noire")
    run(runtime, table(*lines, more))
    assert published(runtime) == ["Lieu d'accueil – Seine-Saint-Denis"]


def test_a_missing_actor_and_a_new_one_at_its_place_wait_for_a_person(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 01"}
    run(runtime, table(line(**phone), line("Autre", "5 rue Haute")))
    new = line("Maison des droits", **phone)
    changed = run(runtime, table(new, line("Autre", "5 rue Haute")))
    assert (changed.created, changed.missing, changed.missing_names) == (1, 1, ("Antenne",))
    assert published(runtime) == ["Antenne", "Autre"]
    assert absent(runtime) == ["Antenne"]
    proposal, other, because = proposed(runtime)["Maison des droits"]
    assert other == "Antenne"
    assert "même adresse postale, même téléphone" in because
    again = counts(run(runtime, table(new, line("Autre", "5 rue Haute"))))
    assert (again["unchanged"], again["missing"]) == (2, 1)
    with write(runtime.staff) as session:
        part(session, runtime.vault, proposal, who="essai")
    assert published(runtime) == ["Antenne", "Autre", "Maison des droits"]
    with write(runtime.staff) as session, pytest.raises(ProposalUnknown):
        part(session, runtime.vault, proposal, who="essai")


def test_two_that_a_person_joins_are_one_from_then_on(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 01"}
    run(runtime, table(line(**phone, Courriel="a@example.org")))
    run(runtime, table(line("Maison des droits", **phone)))
    before = next(each for each, record in records(runtime).items() if record.name == "Antenne")
    proposal, *_ = proposed(runtime)["Maison des droits"]
    with write(runtime.staff) as session:
        done = join(session, runtime.vault, proposal, who="essai")
    assert (done.name, done.hidden) == ("Maison des droits", False)
    assert published(runtime) == ["Maison des droits"]
    assert absent(runtime) == []
    ((actor, record),) = records(runtime).items()
    assert (actor, record.emails) == (before, ("a@example.org",))
    again = counts(run(runtime, table(line("Maison des droits", **phone))))
    assert again == {"read": 1, "unchanged": 1}
    other = line("Maison des droits", **phone, Réf="7")
    assert counts(run(runtime, table(other), source="autre")) == {"read": 1, "unchanged": 1}
    with read(runtime.staff) as session:
        assert list(conflicts(session, runtime.vault, OPERATOR)) == []


def test_what_hid_one_of_two_hides_the_one_that_is_left(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 01"}
    run(runtime, table(line("Les Pins", **phone)))
    run(runtime, table(line("Les Lilas", Catégorie="MECS", **phone)))
    proposal, *_ = proposed(runtime)["Les Lilas"]
    with write(runtime.staff) as session:
        assert join(session, runtime.vault, proposal, who="essai").hidden
    assert published(runtime) == ["Lieu d'accueil – Seine-Saint-Denis"]


def test_similar_actors_of_two_lists_are_proposed_and_stay_public(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 01"}
    run(runtime, table(line("Antenne de Bobigny", **phone)))
    run(runtime, table(line("Antenne Bobigny", **phone), line("Cour", **phone)), source="autre")
    assert published(runtime) == ["Antenne Bobigny", "Antenne de Bobigny", "Cour"]
    ((_, other, because),) = proposed(runtime).values()
    assert other == "Antenne de Bobigny"
    assert because == "même adresse postale, même téléphone, noms proches"
    with Session(runtime.staff) as session:
        assert len(session.scalars(select(Proposal)).all()) == 1


def test_a_list_that_is_shuffled_and_titled_otherwise_makes_no_actor_twice(
    runtime: Runtime,
) -> None:
    chance = random.Random(23)  # noqa: S311 - which lines change, nothing secret
    lines = [
        line(
            f"Antenne {number % 20}",
            f"{number + 1} rue Haute",
            Téléphone=f"01 99 00 01 {number:02}",
            Courriel=f"a{number}@example.org",
            FINESS="" if number % 3 else f"9300{number:05}",
        )
        for number in range(60)
    ]
    run(runtime, table(*lines))
    titles = list(lines[0])
    for _ in range(9):
        lines = [each | _change(each, chance) for each in lines]
        chance.shuffle(lines)
        chance.shuffle(titles)
        data = table(*lines, titles=titles, renamed=chance.random() < 0.5)
        done = run(runtime, data)
        assert (done.read, done.created, done.rejected, done.missing) == (60, 0, 0, 0)
        assert counts(run(runtime, data)) == {"read": 60, "unchanged": 60}
    assert len(records(runtime)) == 60


def _change(each: Line, chance: random.Random) -> Line:
    """Return what changes of a line, which keeps its FINESS, or its phone and street."""
    if chance.random() < 0.6:
        return {}
    change = {"Catégorie": chance.choice(("ASE", "Association", "PMI"))}
    if each["FINESS"]:
        change |= {"Nom": f"Maison {chance.randrange(10**6)}", "Téléphone": "01 99 00 00 99"}
    return change


def test_rows_that_are_counted_anew_are_no_identifiers(runtime: Runtime) -> None:
    home = line("MECS Rivage", "1 rue Rivage", ID="7", Catégorie="MECS", Téléphone="01 99 00 00 01")
    office = line("CIDFF", "9 rue Autre", ID="8", Téléphone="01 99 00 00 09")
    run(runtime, table(home, office))
    renamed = home | {"Nom": "Rivage", "ID": "8", "Catégorie": "Association"}
    summary = run(runtime, table(office | {"ID": "7"}, renamed))
    assert (summary.missing, summary.doubtful) == (1, 1)
    with Session(runtime.staff) as session:
        shown = dict(
            session.execute(
                select(Actor.name, Actor.address).where(Actor.status == "published")
            ).all()
        )
    assert shown == {
        "CIDFF": "9 rue Autre\n93000 Bobigny",
        "Lieu d'accueil – Seine-Saint-Denis": None,
    }


def test_a_line_put_in_front_moves_the_numbers_and_no_actor(runtime: Runtime) -> None:
    names = ["Alpha", "Beta", "Gamma"]
    streets = {name: f"{number} rue {name}" for number, name in enumerate(["Zeta", *names], 1)}

    def numbered(listed: list[str]) -> bytes:
        return table(*(line(each, streets[each], ID=str(n)) for n, each in enumerate(listed, 1)))

    run(runtime, numbered(names))
    before = {record.name: actor for actor, record in records(runtime).items()}
    summary = run(runtime, numbered(["Zeta", *names]))
    assert (summary.created, summary.missing) == (1, 0)
    after = {record.name: actor for actor, record in records(runtime).items()}
    assert {name: after[name] for name in names} == before
    assert counts(run(runtime, numbered(["Zeta", *names]))) == {"read": 4, "unchanged": 4}


@pytest.mark.parametrize(
    ("first", "second"), [("Les Embruns", "LES EMBRUNS (ADSEA)"), ("MECS Le Moulin", "Le Moulin")]
)
def test_a_home_under_another_spelling_of_its_name_is_not_published(
    runtime: Runtime, first: str, second: str
) -> None:
    run(runtime, table(line(first, "1 rue Dune", Catégorie="MECS")), source="foyers")
    run(runtime, table(line(second, "5 place du Port")), source="associations")
    assert published(runtime) == ["Lieu d'accueil – Seine-Saint-Denis"]
    assert list(proposed(runtime)) == [second]
