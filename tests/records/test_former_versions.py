"""A record sealed by a former version of the service opens with the same content."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Provenance
from app.records.acts import show_phone
from app.records.record import ActorRecord
from app.records.sealed import UPGRADES, RecordUnreadable, open_record, read_record, seal_record
from app.runtime.staff import Runtime
from app.vault.sealing import new_key, parse_keys
from tests.makers import decide
from tests.short_lists import HEADER, SHELTER, csv, run

ACTOR_ID = UUID("0b6f8a1e-5d2c-4f7b-9a3d-2c1e0f9b8a7d")

NOW: dict[str, Any] = json.loads("""{
    "name": "Foyer fictif", "acronym": null, "category": "mecs", "description": null,
    "functions": ["accueillir"], "audiences": [], "age_min": 0, "age_max": 18,
    "website": null, "opening_hours": null,
    "address": "10 rue Cachée, 93000 Bobigny", "street": "10 rue Cachée", "postcode": "93000",
    "city": "Bobigny", "commune": "93008", "territory": "93", "lon": null, "lat": null,
    "precision": null, "siret": null, "finess": "930000012", "rna": null, "status": "secret",
    "verified_on": "2026-03-01", "consent_on": "2026-11-02", "covers_national": false,
    "covers_territories": ["93"], "covers_epcis": [], "covers_communes": []
}""")
COMMON = NOW | {"email": "foyer@example.org"}
# What each version of the service has sealed.
SEALED: dict[str, dict[str, Any]] = {
    "1, as lists left it": COMMON
    | {
        "phones": [
            {"number": "+33199000010", "front_gate": True},
            {"number": "+33199000011", "front_gate": False},
        ]
    },
    "1, after an act": COMMON
    | {
        "phones": [
            {"number": "+33199000010", "front_gate": False},
            {"number": "+33199000011", "front_gate": False},
        ],
        "front_gate_phones": ["+33199000011"],
    },
    "2": COMMON
    | {
        "version": 2,
        "phones": ["+33199000010", "+33199000011"],
        "front_gate_phones": ["+33199000011"],
    },
    "3": NOW
    | {
        "version": 3,
        "phones": ["+33199000010", "+33199000011"],
        "emails": ["foyer@example.org"],
        "shown": ["+33199000011"],
    },
}


@pytest.mark.parametrize("version", SEALED)
def test_a_record_of_each_version_opens(version: str) -> None:
    vault = parse_keys(new_key())
    sealed = vault.seal_json("actor_protected", ACTOR_ID, "record", SEALED[version])
    record = open_record(vault, ACTOR_ID, sealed)
    assert record.version == 3
    assert record.emails == ("foyer@example.org",)
    assert record.phones == ("+33199000010", "+33199000011")
    # What lists called a public phone is none: a person alone gives one.
    shown = () if version == "1, as lists left it" else ("+33199000011",)
    assert record.shown == shown
    assert (record.verified_on, record.consent_on) == (date(2026, 3, 1), date(2026, 11, 2))
    assert (record.status, record.age_min, record.commune) == ("secret", 0, "93008")
    assert open_record(vault, ACTOR_ID, seal_record(vault, ACTOR_ID, record)) == record


def test_every_former_version_is_tried_and_can_be_upgraded() -> None:
    newest = ActorRecord.model_fields["version"].default
    assert {int(name[0]) for name in SEALED} == set(range(1, newest + 1))
    assert set(UPGRADES) == set(range(1, newest))


def test_a_field_added_since_takes_its_default() -> None:
    stored = {"version": 3, "name": "Foyer fictif", "category": "mecs", "territory": "93"}
    assert read_record(stored) == ActorRecord(name="Foyer fictif", category="mecs", territory="93")


@pytest.mark.parametrize("more", [{"version": 4}, {"un_champ_nouveau": "10 rue Cachée"}])
def test_a_record_of_a_newer_version_is_refused_with_a_sentence_and_no_secret(
    more: dict[str, object],
) -> None:
    with pytest.raises(RecordUnreadable, match="version plus récente") as caught:
        read_record(SEALED["3"] | more)
    assert caught.value.__cause__ is None
    assert "Cachée" not in str(caught.value)


def stored_as(runtime: Runtime, fields: dict[str, Any], origins: dict[str, Any]) -> str:
    """Put a record of version 1 in the place of the only actor's; return its public id."""
    with Session(runtime.staff) as session, session.begin():
        actor_id, public_id = session.execute(select(Actor.id, Actor.public_id)).one()
        seal = runtime.vault.seal_json
        session.execute(
            update(ActorProtected).values(
                record=seal("actor_protected", actor_id, "record", fields)
            )
        )
        session.execute(
            update(Provenance).values(fields=seal("provenance", actor_id, "fields", origins))
        )
    return str(public_id)


def test_an_act_on_a_record_of_version_1_leaves_one_of_the_newest(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    fields = SEALED["1, as lists left it"] | {"status": "published", "consent_on": None}
    public_id = stored_as(runtime, fields, {})
    decide(runtime, show_phone, public_id, "01 99 00 00 11", who="essai", why="accord oral")
    with Session(runtime.staff) as session:
        assert session.scalars(select(Actor.phones)).one() == ["+33199000011"]
        sealed = session.scalars(select(ActorProtected)).one()
        opened = runtime.vault.open_json(
            "actor_protected", sealed.actor_id, "record", sealed.record
        )
    assert opened["version"] == 3
    assert opened["phones"] == ["+33199000010", "+33199000011"]


def numbered(line: str) -> bytes:
    """Return a list whose line keeps its identity whatever it says."""
    return f"Réf;{HEADER}\r\nA1;{line}".encode("cp1252")


@pytest.mark.slow
@pytest.mark.parametrize(("source", "hidden"), [("staff", False), ("list", True)])
def test_a_consent_that_a_former_list_wrote_lifts_no_protection(
    runtime: Runtime, source: str, hidden: bool
) -> None:
    run(runtime, numbered(SHELTER))
    written_by = "staff" if source == "staff" else "1f0e2d3c-4b5a-4968-8776-655443322110"
    origins = {"consent_on": {"source": written_by, "day": "2026-01-05", "rank": 10}}
    fields = SEALED["1, as lists left it"] | {"status": "published"}
    stored_as(runtime, fields, origins)
    with Session(runtime.staff) as session, session.begin():
        session.execute(update(ActorProtected).values(level=None, causes=None))
    run(runtime, numbered(SHELTER.replace("foyer@", "accueil@")))
    with Session(runtime.staff) as session:
        assert session.scalars(select(Actor.protected)).one() is hidden
    run(runtime, numbered(SHELTER.replace("MECS", "Association")))
    with Session(runtime.staff) as session:
        assert session.scalars(select(Actor.protected)).one() is hidden
