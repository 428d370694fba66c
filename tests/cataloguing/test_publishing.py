"""From a draft to what visitors read: editions, holds, withdrawals, and whom they give away."""

from time import thread_time
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app.cataloguing import withdrawing
from app.cataloguing.holding import AnotherCurateur, HoldDecided, refuse, release, waiting
from app.cataloguing.publishing import AnotherNeeded, NotYourDecision, ask, publish
from app.cataloguing.screening import screen
from app.cataloguing.versions import ResourceOutdated, history, read, restore, save
from app.errors import ResourceUnknown
from app.models import IssuingBody, Role
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.resources.forms import Form
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import PUBLIC, Viewer
from tests.makers_resources import (
    CURATEUR,
    NAMES_HOME,
    OF_FORM,
    READER,
    WRITER,
    again,
    draft_resource,
    held_one,
    made,
    now,
    public_id_of,
    publish_version,
    release_by,
    seen,
    status,
)
from tests.resource_contents import document
from tests.short_lists import SHELTER, csv, run

REFERENT = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])


@pytest.fixture(scope="module")
def beside_a_home(module_runtime: Runtime) -> Runtime:
    """A database that knows a home, for tests that only look through texts."""
    run(module_runtime, csv(SHELTER))
    return module_runtime


@pytest.mark.parametrize("form", Form)
def test_a_draft_is_read_by_nobody_and_what_is_published_by_visitors(
    runtime: Runtime, form: Form
) -> None:
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, form, title="Titre d’essai unique")
    assert "Titre d’essai" not in seen(runtime)
    with write(runtime.staff) as session:
        ask(session, runtime.vault, WRITER, saved.id, now())
    assert "Titre d’essai" not in seen(runtime)
    with write(runtime.staff) as session:
        publish_version(session, runtime.vault, saved.id, saved.number)
    assert "Titre d’essai unique" in seen(runtime)


def test_a_former_edition_may_still_be_read_and_the_address_gives_the_latest(
    runtime: Runtime,
) -> None:
    resource = made(runtime, title="Premier titre")
    assert not again(runtime, resource, title="Second titre")
    with runtime.databases.public.connect() as connection:
        current = connection.execute(text("SELECT title, edition FROM resource")).one()
        formerly = connection.execute(
            text("SELECT number, content ->> 'title' FROM resource_edition")
        ).one()
    assert current == ("Second titre", 2)
    assert formerly == (1, "Premier titre")


def test_a_sheet_is_published_by_another_curateur_than_its_writer(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, Form.SHEET)
        given = (runtime.vault, CURATEUR, WRITER, saved.id, saved.number, now())
        with pytest.raises(AnotherNeeded):
            publish(session, *given)
        assert not publish_version(session, runtime.vault, saved.id, saved.number)


def test_whoever_is_no_curateur_decides_of_nothing(runtime: Runtime) -> None:
    resource = made(runtime)
    for viewer in (REFERENT, PUBLIC):
        with write(runtime.staff) as session:
            given = (session, runtime.vault, viewer, READER, resource)
            for act in (withdrawing.withdraw, withdrawing.take_back, withdrawing.erase):
                with pytest.raises(NotYourDecision):
                    act(*given, now())
            with pytest.raises(NotYourDecision):
                publish(*given, 1, now())
            with pytest.raises(NotYourDecision):
                waiting(session, runtime.vault, viewer)


def test_a_text_that_names_a_home_is_held_and_nothing_of_it_stands_in_the_open_store(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    resource = held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    assert status(runtime, resource) == "held"
    assert "Sentinelle" not in seen(runtime)
    with Session(runtime.staff) as session:
        (each,) = waiting(session, runtime.vault, CURATEUR)
    assert [(remark.field, remark.what) for remark in each.remarks] == [("summary", "said")]


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (Form.DOCUMENT, {"title": "Le 01 99 00 00 10"}),
        (Form.DOCUMENT, {"url": "https://exemple.fr/10-rue-cachee"}),
        (Form.DOCUMENT, {"title": "Au 10 rue", "subtitle": "Cachée, à Bobigny"}),
        (Form.SHEET, {"more": "Écrire à **foyer**@example.org"}),
        (Form.SHEET, {"steps": [{"text": "Appeler le [foyer](tel:+33199000010)."}]}),
        (Form.SHEET, {"more": "10 rue Cach&eacute;e"}),
        (Form.SHEET, {"more": "10 rue Ca&#x34f;ch&#xe000;ée"}),
        (Form.SHEET, {"more": "[appeler](tel:+331990&#8203;0&#48;010)"}),
        (Form.PRACTICE, {"results": "10 **rue** *Cachée*"}),
        (Form.TRAINING, {"address": "10 rue Cachée, Bobigny"}),
        (Form.STUDY, {"more": "01\\. 99 00 00 10"}),
    ],
)
def test_whatever_field_names_a_home_is_found(
    beside_a_home: Runtime, form: Form, fields: dict[str, Any]
) -> None:
    with Session(beside_a_home.staff) as session:
        assert screen(session, beside_a_home.vault, OF_FORM[form](**fields)).hidden


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (Form.DOCUMENT, {"title": "Foyer Les Lilas", "summary": "Ouvert. Venir. Au 4 rue Neuve."}),
        (Form.DOCUMENT, {"bodies": ["Foyer Les Lilas"], "summary": "4 rue Neuve"}),
        (Form.TRAINING, {"organiser": "Foyer Les Lilas", "address": "4 rue Neuve, Lille"}),
        (Form.PRACTICE, {"context": "Une équipe va au foyer.", "done": "Elle est au 4 rue Neuve."}),
    ],
)
def test_an_address_waits_where_another_field_has_the_word_of_accommodation(
    worker_databases: Databases, vault: Vault, form: Form, fields: dict[str, Any]
) -> None:
    with Session(worker_databases.staff) as session:
        remarks = screen(session, vault, OF_FORM[form](**fields)).remarks
    assert {(each.field, each.why) for each in remarks} == {(list(fields)[-1], "near")}


def test_a_remark_says_which_part_of_a_sheet_it_is_about(beside_a_home: Runtime) -> None:
    steps = [{"text": "Appeler.", "who": "Le 01 99 00 00 10"}]
    with Session(beside_a_home.staff) as session:
        found = screen(
            session, beside_a_home.vault, OF_FORM[Form.SHEET](more=NAMES_HOME, steps=steps)
        )
    assert {(each.field, each.what) for each in found.remarks if each.why == "hidden"} == {
        *(("more", "said"), ("steps", "phone"))
    }


@pytest.mark.parametrize(
    "said",
    [
        *("48.90721, 2.44512", "48,90721 N et 2,44512 E", "48° 54’ 26 N, 2° 26’ 42 E"),
        *("https://www.google.com/maps/@48.90721,2.44512,17z", "https://maps.app.goo.gl/aB1cD"),
        *("https://www.openstreetmap.org/node/1234", "voir bit.ly/exemple", "8FW4WC4R+H2"),
        *("https://a.fr/?u=https%253A%252F%252Fosm.org%252Fgo%252Fx", "///trois.mots.exemple"),
        *("[leur plan](https://waze.com/ul/h1)", "https://exemple.fr/?ll=48%2E90721%2C2%2E44512"),
    ],
)
def test_a_point_of_a_map_waits(worker_databases: Databases, vault: Vault, said: str) -> None:
    with Session(worker_databases.staff) as session:
        remarks = screen(session, vault, OF_FORM[Form.SHEET](more=said)).remarks
    assert [(each.field, each.what, each.why) for each in remarks] == [("more", "point", "near")]


def test_the_number_of_a_publication_is_no_point(worker_databases: Databases, vault: Vault) -> None:
    said = "Lire 10.3917/empa.121.0042 et https://doi.org/10.1234/a.48.9072.2.4451"
    with Session(worker_databases.staff) as session:
        content = document(doi="10.3917/empa.121.0042", summary=said)
        assert not screen(session, vault, content).remarks


@pytest.mark.parametrize("form", Form)
def test_no_part_of_a_form_is_called_as_a_field_of_all_of_them(form: Form) -> None:
    content = OF_FORM[form]()
    own = type(content.own).model_fields.keys()
    assert own & type(content).model_fields.keys() == set()


def test_an_address_beside_a_word_of_accommodation_waits_and_one_alone_does_not(
    worker_databases: Databases,
    vault: Vault,
) -> None:
    with Session(worker_databases.staff) as session:
        near = document(summary="Le foyer ouvre en mai. Il est au 4 rue Neuve.")
        apart = document(summary="Le tribunal est au 4 rue Neuve, à Lille.")
        counted = document(summary="Le foyer a 12 places et reçoit 10 enfants.")
        assert {each.why for each in screen(session, vault, near).remarks} == {"near"}
        assert not screen(session, vault, apart).remarks
        assert not screen(session, vault, counted).remarks


@pytest.mark.slow
def test_a_text_is_looked_through_before_anybody_waits_for_it(runtime: Runtime) -> None:
    ways = ", ".join(f"{number} rue d’Exemple" for number in range(100, 300))
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, Form.SHEET, more=ways)
    spent = [thread_time()]

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "advisory" in statement:
            spent.append(thread_time())

    event.listen(runtime.staff, "before_cursor_execute", note)
    try:
        with write(runtime.staff) as session:
            publish_version(session, runtime.vault, saved.id, saved.number)
    finally:
        event.remove(runtime.staff, "before_cursor_execute", note)
    before, under = spent[1] - spent[0], thread_time() - spent[1]
    assert before > 2 * under


@pytest.mark.slow
def test_two_curateurs_let_a_held_text_out_and_one_does_not(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    assert not release_by(runtime, WRITER)
    assert "Sentinelle" not in seen(runtime)
    with pytest.raises(AnotherCurateur):
        release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    assert "Sentinelle" in seen(runtime)


def test_a_refused_text_is_its_writers_again(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    resource = held_one(runtime, summary=NAMES_HOME)
    with write(runtime.staff) as session:
        (each,) = waiting(session, runtime.vault, CURATEUR)
        refuse(session, runtime.vault, CURATEUR, READER, each.id, now())
    assert status(runtime, resource) == "draft"
    with write(runtime.staff) as session, pytest.raises(HoldDecided):
        release(session, runtime.vault, CURATEUR, WRITER, each.id, now())


def test_whoever_asks_learns_nothing_of_what_a_text_names(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, Form.DOCUMENT, summary=NAMES_HOME)
        ask(session, runtime.vault, WRITER, saved.id, now())
        stored = read(session, runtime.vault, REFERENT, saved.id)
        steps = history(session, runtime.vault, REFERENT, stored)
    assert [step.act for step in steps] == ["asked", "saved"]


def test_documents_are_tied_as_soon_as_both_are_published(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        later = draft_resource(session, runtime.vault, Form.DOCUMENT)
        other = public_id_of(session, later.id)
    relations = [{"relation": "synthese_de", "resource_id": other}]
    made(runtime, relations=relations)
    with runtime.databases.public.connect() as connection:
        count = text("SELECT count(*) FROM resource_relation")
        assert connection.execute(count).scalar_one() == 0
    assert other not in seen(runtime)
    with write(runtime.staff) as session:
        publish_version(session, runtime.vault, later.id, later.number)
    with runtime.databases.public.connect() as connection:
        assert connection.execute(count).scalar_one() == 1


def test_of_a_resource_that_is_taken_down_no_other_has_the_id(runtime: Runtime) -> None:
    other = made(runtime)
    with Session(runtime.staff) as session:
        public_id = public_id_of(session, other)
    relations = [{"relation": "synthese_de", "resource_id": public_id}]
    resource = made(runtime, relations=relations)
    again(runtime, resource, title="Second titre", relations=relations)
    assert public_id in seen(runtime)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, other, now())
        withdrawing.erase(session, runtime.vault, CURATEUR, READER, other, now())
    assert public_id not in seen(runtime)


def test_bodies_are_written_as_their_authority_writes_them(runtime: Runtime) -> None:
    made(runtime, bodies=["Organisme d’exemple"])
    made(runtime, bodies=["ORGANISME D'EXEMPLE"])
    with runtime.databases.public.connect() as connection:
        found = connection.execute(text("SELECT DISTINCT bodies, body_codes FROM resource")).all()
    assert found == [(["Organisme d’exemple"], ["organisme-d-exemple"])]


def test_a_text_is_looked_through_with_the_names_under_which_bodies_are_published(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    body = {"code": "x", "name": "Siège, 10 rue Cachée", "variants": ["Organisme d’exemple"]}
    with write(runtime.staff) as session:
        session.execute(insert(IssuingBody).values(body))
    held_one(runtime, title="Sentinelle", bodies=["ORGANISME D’EXEMPLE"])
    assert "Cachée" not in seen(runtime)


def test_a_held_text_leaves_no_body_in_the_open_store(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, bodies=["Organisme jamais publié"], summary=NAMES_HOME)
    with Session(runtime.staff) as session:
        assert "Organisme jamais publié" not in set(session.scalars(select(IssuingBody.name)))


def test_two_who_write_at_once_do_not_lose_one_anothers_words(runtime: Runtime) -> None:
    resource = made(runtime)
    again(runtime, resource)
    with write(runtime.staff) as session, pytest.raises(ResourceOutdated):
        save(session, runtime.vault, WRITER, resource, document(), now(), based_on=1)


def test_a_restored_version_is_the_latest_and_waits(runtime: Runtime) -> None:
    resource = made(runtime, title="Premier titre")
    again(runtime, resource, title="Second titre")
    with write(runtime.staff) as session:
        saved = restore(session, runtime.vault, WRITER, resource, 1, now())
        assert saved.number == 3
        assert read(session, runtime.vault, REFERENT, resource).content.title == "Premier titre"
    assert "Second titre" in seen(runtime)


def test_no_reader_beside_the_desk_opens_a_version(runtime: Runtime) -> None:
    resource = made(runtime)
    with Session(runtime.staff) as session:
        for viewer in (PUBLIC, Viewer.staff(Role.ADMINISTRATEUR)):
            with pytest.raises(ResourceUnknown):
                read(session, runtime.vault, viewer, resource)
