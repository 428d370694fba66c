"""Each kind of professional, over a world of hidden places that the texts of open actors name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from app.accounts import inviting
from app.desk.shell.gate import COOKIE
from app.models import Account, Actor, ActorProtected, Role
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read, write
from app.records.readers import as_seen, write_chosen
from app.records.sealed import seal_record
from app.records.viewing import see
from app.resources.forms import Form
from app.visibility import OPERATOR
from tests.attack.conftest import Attacked
from tests.attack.resources import words_of
from tests.attack.test_desk import sign_in
from tests.attack.test_desk_actors import Masked, desk_of, masked
from tests.databases import cloned
from tests.revealed import write_choice

pytestmark = pytest.mark.slow
OF_EACH_CASE = 3
RESOURCES = ("/pro/ressources", "/pro/ressources.csv", "/pro/ressources.ris")
READ = "Saisine par écrit."


@dataclass(frozen=True)
class Planted:
    """A copy of the world. paths: pages of open actors whose texts name somebody, one each."""

    world: Attacked
    hidden: list[Masked]
    paths: list[str]
    innocent: str


@pytest.fixture(scope="module")
def planted(
    written: Attacked, cluster: Cluster, admin: Connection, template: str
) -> Iterator[Planted]:
    """Open actors that say to professionals what leads to hidden places, given by a curateur."""
    # A template may have no other connection.
    written.databases.dispose()
    source = written.databases.staff.url.database or ""
    with cloned(cluster, admin, source, template) as databases:
        world = replace(written, runtime=replace(written.runtime, databases=databases))
        hidden = masked(world, OF_EACH_CASE)
        said = [
            text
            for each in hidden
            for text in (
                f"{READ} Au {each.place.street}.",
                f"{READ} SIRET {each.place.siret}, FINESS {each.place.finess}.",
                *([f"{READ} {each.place.word(2)}@example.org."] if each.place.neutral else ()),
            )
        ]
        with read(world.runtime.staff) as session:
            free = Actor.status == "published"
            found = see(session, world.runtime.vault, OPERATOR, free, order_by=[Actor.public_id])
            actors = [each.public_id for each in found if each.level is None][: len(said) + 1]
        for public_id, text in zip(actors, (*said, READ), strict=True):
            give(world, public_id, text)
        paths = [f"/pro/acteurs/{each}" for each in actors]
        yield Planted(world, hidden, paths[:-1], paths[-1])


def give(world: Attacked, public_id: str, text: str) -> None:
    """Let an actor say something to professionals, as a curateur gave it: stored as it is."""
    vault = world.runtime.vault
    with write(world.runtime.staff) as session:
        (seen,) = see(session, vault, OPERATOR, Actor.public_id == public_id)
        record = seen.record.model_copy(update={"referral": text})
        sealed = seal_record(vault, seen.actor_id, record)
        of_actor = ActorProtected.actor_id == seen.actor_id
        session.execute(update(ActorProtected).where(of_actor).values(record=sealed))
        given = (session, vault, seen.actor_id, record, "referral", as_seen(text))
        write_chosen(*given, "professionnel", who="essai", now=datetime.now(UTC))


def test_an_approved_one_reads_what_is_for_them_and_nothing_that_leads_to_a_hidden_place(
    planted: Planted,
) -> None:
    world, own = planted.world, words_of(Form.SHEET)
    neutral = [each for each in planted.hidden if each.seen.level == "neutral"]
    with write(world.runtime.staff) as session:
        for each in neutral:
            if each.seen.record.status == "published":
                given = {"choice": "never", "described": True}
                write_choice(session, world.runtime.vault, each.seen.actor_id, **given)
    with desk_of(world, Role.PROFESSIONNEL) as (client, _):
        assert READ in client.get(planted.innocent).text
        for path in planted.paths:
            answer = client.get(path)
            assert answer.status_code == 200
            assert world.sentinels.in_text(answer.content, asked=path) == set(), path
            assert READ not in answer.text
        described = 0
        for each in planted.hidden:
            path = f"/pro/acteurs/{each.seen.public_id}"
            answer = client.get(path)
            assert answer.status_code in (200, 404)
            assert world.sentinels.in_text(answer.content, asked=path) == set(), each.place.case
            described += "<dt>Catégorie</dt>" in answer.text
        assert described
        for path in RESOURCES:
            found = world.sentinels.in_text(client.get(path).content, asked=path)
            assert found
            assert found <= own


@pytest.mark.parametrize("which", ["asked", "invited", "expired", "disabled"])
def test_who_is_not_approved_or_not_any_more_reads_nothing(planted: Planted, which: str) -> None:
    world, now = planted.world, datetime.now(UTC)
    account, token = sign_in(world, Role.PROFESSIONNEL)
    with write(world.runtime.staff) as session:
        row = session.get_one(Account, account)
        if which == "expired":
            row.confirmed_at = now - timedelta(days=366)
        elif which == "disabled":
            row.disabled_at = now
        elif which == "invited":
            token = inviting.invite(session, row, "os:test", now)
    cookie = {"Cookie": f"{COOKIE}={'' if which == 'asked' else token}"}
    with desk_of(world, Role.PROFESSIONNEL) as (client, _):
        paths = [planted.innocent, *planted.paths[:3], *RESOURCES, "/pro", "/gestion/compte"]
        paths += [f"/pro/acteurs/{each.seen.public_id}" for each in planted.hidden[:6]]
        for path in paths:
            answer = client.get(path, headers=cookie)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/connexion?"), path
            # The door says whom to call of the territory of what they came for.
            door = client.get(answer.headers["location"], headers=cookie)
            assert door.status_code == 200
            for each in (answer, door):
                assert world.sentinels.in_text(each.content, asked=path) == set(), path
