"""What a person asks to erase is nowhere any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts import people, requests
from app.accounts.sessions import open_session
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.audit.verifying import verify
from app.errors import ActorUnknown
from app.inbox.message import AccessAsked
from app.lists.forgetting import ERASED_ACTOR
from app.models import Actor, ErasureRequest, Reveal, RevealChoice, Revision, Role, Withdrawal
from app.operations import erasure
from app.operations.erasure_register import RegisterNotWritten, register_path
from app.operations.erasure_requests import ValueTooGeneral, look, note
from app.operations.swept import latest
from app.operations.unfinished_erasures import unfinished
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read, write
from app.revealing.choices import mail_of
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.operations.erasing import (
    MAIL,
    PERSON,
    PHONE,
    actor_marks,
    erase,
    everything,
    finished,
    holds_phone,
    problems,
    quiet,
    value_marks,
)
from tests.revealed import asker_of, write_choice
from tests.short_lists import APART, NEIGHBOUR, SHELTER, csv, run

pytestmark = pytest.mark.slow


def test_a_request_for_an_access_that_names_a_person_goes_whole(known: Runtime) -> None:
    given = {"name": "Prénom Nom", "organisation": "Exemple", "function": "Éducatrice"}
    with write(known.staff) as session:
        asked = AccessAsked(**given, mail=MAIL, territory="93")
        requests.add(session, known.vault, asked, datetime.now(UTC))
    assert "Éducatrice" in everything(known)
    swept = erase(known, value_marks(known, MAIL))
    assert swept is not None
    assert swept.counts["access_request"] == 1
    assert "Éducatrice" not in everything(known)


def test_a_phone_is_erased_wherever_it_stands(known: Runtime) -> None:
    assert holds_phone(known)
    marks = value_marks(known, PHONE)
    planned = look(known.staff, known.vault, marks, quiet)
    assert holds_phone(known)
    swept = erase(known, marks)
    assert swept is not None
    assert swept.counts == planned.counts
    assert planned.counts["source_row"] == 4
    assert planned.counts["source_file"] == 2
    assert planned.counts["actor_protected"] >= 1
    assert planned.counts["revision"] >= 1
    assert not holds_phone(known)
    # The rest of the lines and of the actor stays.
    assert "98 rue Autre" in everything(known)
    assert MAIL in everything(known)
    with known.databases.public.connect() as connection:
        shown = connection.execute(text("SELECT phones FROM actor WHERE name ~ 'libre'"))
        assert shown.scalars().all() == [[]]


def test_a_mailbox_leaves_the_names_of_files_too(known: Runtime) -> None:
    assert MAIL in everything(known)
    with write(known.staff) as session:
        actor = session.scalars(select(Actor.id).limit(1)).one()
        write_choice(session, known.vault, actor, mail=MAIL)
    erase(known, value_marks(known, "Prenom.NOM@exemple.fr"))
    assert MAIL not in everything(known)
    with read(known.staff) as session:
        # Nobody is told any more, and what was chosen is read as before.
        assert not mail_of(known.vault, session.get_one(RevealChoice, actor))
    assert "liste [effacé].csv" in everything(known)


def test_accounts_and_the_journal_stay_as_they_are(known: Runtime) -> None:
    with write(known.staff) as session:
        account = people.create(
            session,
            known.vault,
            mail=MAIL,
            name="Prénom Nom",
            role=Role.ADMINISTRATEUR,
            by="os:essai",
        )
        own, seal = account.id, known.vault.seal
        account.password = seal("account", own, "password", b"$argon2id$")
        account.totp = seal("account", own, "totp", b"JBSWY3DP")
        open_session(
            session,
            known.vault,
            account,
            "password",
            device="Firefox",
            network=b"x",
            now=datetime.now(UTC),
        )
        add(session, known.vault, Author("os:essai"), Action.INVITED, detail={"courriel": MAIL})
    planned = look(known.staff, known.vault, value_marks(known, MAIL), quiet)
    swept = erase(known, value_marks(known, MAIL))
    assert swept is not None
    assert swept.counts == planned.counts
    assert swept.counts["source_row"] >= 1
    with read(known.staff) as session:
        assert people.read(session, known.vault, own).mail == MAIL
    assert verify(known.staff, known.vault).faults == []


def test_the_lists_to_correct_are_named(known: Runtime) -> None:
    found = look(known.staff, known.vault, value_marks(known, PHONE), quiet)
    with read(known.staff) as session:
        lines = latest(session, known.vault, found.lines)
    assert {(name, line.line) for name, line in lines} >= {("liste", 3), ("liste", 4)}


def test_all_of_an_actor_is_erased_and_its_neighbours_stay_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR, APART))
    with Session(runtime.staff) as session:
        shelter = session.scalars(select(Actor).where(Actor.protected)).one()
        actor_id, public_id = str(shelter.id), shelter.public_id
    swept = erase(runtime, actor_marks(runtime, public_id))
    assert swept is not None
    assert swept.counts["actor"] == 1
    left = everything(runtime)
    assert not [each for each in ("Foyer fictif", "foyer@example.org", actor_id) if each in left]
    assert "Association voisine" in left
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, address FROM actor ORDER BY name")).all()
    assert [tuple(row) for row in rows] == [
        ("Association libre", "99 rue Autre\n93300 Aubervilliers"),
        ("Association voisine", None),
    ]
    # Its list names it again, and so does another one.
    for options in ({}, {"source": "autre"}):
        summary = run(runtime, csv(SHELTER, NEIGHBOUR, APART), **options)
        assert summary.rejected == 1
        assert ERASED_ACTOR in problems(runtime)
        assert "Foyer fictif" not in everything(runtime)


def test_what_its_operator_chose_and_who_asked_goes_with_an_actor(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    with read(runtime.staff) as session:
        home = session.scalars(select(Actor)).one()
    asker_of(runtime, [home.id])
    assert "courrier d’exemple" in everything(runtime)
    swept = erase(runtime, actor_marks(runtime, home.public_id))
    assert swept is not None
    assert swept.counts["reveal"] == swept.counts["reveal_choice"] == 1
    assert "courrier d’exemple" not in everything(runtime)
    with read(runtime.staff) as session:
        assert session.scalars(select(Reveal)).all() == []
        # Its number alone stays, so that no backup brings the choice back.
        stays = select(Withdrawal.what).where(Withdrawal.subject == str(home.id))
        assert set(session.scalars(stays)) == {"choice"}


def test_what_was_joined_to_an_erased_actor_goes_with_it(runtime: Runtime) -> None:
    from app.records.joining import join
    from app.records.proposals import waiting

    run(runtime, csv(APART))
    run(runtime, csv(APART.replace("99 rue Autre", "Boîte postale 4")), source="autre")
    with read(runtime.staff) as session:
        proposals = list(waiting(session, runtime.vault, OPERATOR))
    for each in proposals:
        with write(runtime.staff) as session:
            public_id = join(session, runtime.vault, each.id, who="essai").public_id
        erase(runtime, actor_marks(runtime, public_id))
        assert "Association libre" not in everything(runtime)
    assert proposals


def test_erased_twice_finds_nothing(known: Runtime) -> None:
    marks = value_marks(known, PHONE)
    erase(known, marks)
    assert look(known.staff, known.vault, marks, quiet).counts.total() == 0
    assert finished(known) is None
    with pytest.raises(ActorUnknown):
        actor_marks(known, "0123456789abcdef")


def test_two_at_once_erase_once(known: Runtime) -> None:
    marks = value_marks(known, PHONE)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: erase(known, marks), range(2)))
    assert not holds_phone(known)
    with read(known.staff) as session:
        assert unfinished(session, known.settings) == 0


def test_what_was_erased_is_written_nowhere_but_as_digests(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    register = register_path(known.settings)
    assert oct(register.stat().st_mode & 0o777) == "0o600"
    assert "demande" not in register.read_text()
    assert not any(each in register.read_text() for each in ("12345678", "12 34 56 78"))
    with Session(known.staff) as session:
        (noted,) = session.scalars(select(ErasureRequest)).all()
        why = known.vault.open("erasure_request", noted.id, "why", noted.why).decode()
        assert (why, noted.who, noted.purged_at) == ("demande du 2 novembre", "essai", None)
        assert noted.counts is not None
        assert noted.counts["source_row"] == 4
        # History says that something was erased of the actor.
        assert "erase" in session.scalars(select(Revision.action)).all()


def test_the_files_of_the_database_are_written_anew(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    done = erasure.purge(known.staff, known.owner_url, known.vault, who="essai", patience=120)
    assert done.erasures == 1
    with read(known.staff) as session:
        assert erasure.unpurged(session) == []


def test_a_register_that_cannot_be_written_erases_nothing(known: Runtime, tmp_path: Path) -> None:
    marks = value_marks(known, PHONE)
    (tmp_path / "file").touch()
    settings = known.settings.model_copy(update={"erasures_file": tmp_path / "file" / "erasures"})
    owner = make_engine(known.owner_url)
    with pytest.raises(RegisterNotWritten):
        note(owner, known.vault, settings, marks, "essai", "demande")
    owner.dispose()
    assert finished(known) is None
    assert holds_phone(known)


@pytest.mark.parametrize(
    "value",
    [
        *("", "1", "119", "3919", "Paris", "75012 Paris", "Seine-Saint-Denis", "a b", "Dupont"),
        *("06 12 34 56 78 Jean Dupont", "a@exemple.fr b@exemple.fr", "0612345678 0612345679"),
        *("@exemple.fr", "Maison d'enfants à caractère social", "x" * 5_000, "mot " * 500),
        *("de la", "rue de la", "ne pas"),
    ],
)
def test_what_is_too_general_is_refused_without_being_quoted(runtime: Runtime, value: str) -> None:
    with pytest.raises(ValueTooGeneral) as refused:
        value_marks(runtime, value)
    assert len(value) < 4 or value not in str(refused.value)


def test_words_of_many_actors_are_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(runtime, csv(APART, NEIGHBOUR.replace("10, rue cachee", "99 rue Autre")))
    monkeypatch.setattr("app.operations.erasure_requests.MOST_RECORDS", 1)
    with pytest.raises(ValueTooGeneral):
        look(runtime.staff, runtime.vault, value_marks(runtime, "rue Autre"), quiet)


def test_a_value_in_many_lines_is_erased_in_batches(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.sweep.AT_ONCE", 7)
    many = [PERSON.replace("libre", f"n° {number}") for number in range(40)]
    run(runtime, csv(*many))
    reported: list[Any] = []
    marks = value_marks(runtime, PHONE)
    look(runtime.staff, runtime.vault, marks, lambda done, total: reported.append((done, total)))
    assert len(reported) > 20
    assert reported[-1][0] == reported[-1][1]
    swept = erase(runtime, marks)
    assert swept is not None
    assert swept.counts["source_row"] == 40
    assert not holds_phone(runtime)
