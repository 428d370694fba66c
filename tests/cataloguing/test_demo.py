"""The resources of the demonstration: every form and proof, all of them said to be invented."""

import json
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cataloguing import demo
from app.cataloguing.demo import DEMO, load_demo_resources
from app.cataloguing.versions import Saved, save
from app.models import ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, write
from app.resources.forms import Form, Proof
from app.runtime.staff import Runtime
from tests.makers_resources import seen


def test_each_says_that_it_is_invented() -> None:
    for each in json.loads(DEMO.read_text(encoding="utf-8"))["resources"]:
        content = each["content"]
        assert content["title"].startswith("[Exemple]")
        assert "inventé pour la démonstration" in content["summary"]
        assert all("exemple" in body for body in content["bodies"])
        assert content.get("url", "https://exemple.fr/").startswith("https://exemple.fr/")


@pytest.mark.slow
def test_visitors_read_every_form_and_proof_and_nothing_that_waits(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        loaded = load_demo_resources(session, runtime.vault)
        assert load_demo_resources(session, runtime.vault) == 0
        states = session.scalars(select(ResourceRecord.status)).all()
    assert len(states) == loaded
    assert sorted(set(states)) == ["draft", "held", "published", "withdrawn"]
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT form, proof FROM resource")).all()
        arranged = text("SELECT count(*) FROM resource_collection_entry")
        assert connection.execute(arranged).scalar_one() == 7
    assert {form for form, _ in rows} == {*Form}
    assert {proof for _, proof in rows} == {*Proof, None}
    found = seen(runtime)
    for hidden in ("Lettre d’ouverture", "Bibliographie", "Conduite à tenir"):
        assert hidden not in found
    assert "Guide des années 2010" in found
    assert "ne sont plus justes" not in found


@pytest.mark.slow
def test_lists_are_waited_for_before_the_journal_is(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND objid = :lock AND pid = pg_backend_pid()"
    )
    found: set[int] = set()

    def saved(session: Session, *given: Any, **how: Any) -> Saved:
        found.add(session.execute(mine, {"lock": IMPORT_LOCK}).scalar_one())
        return save(session, *given, **how)

    monkeypatch.setattr(demo, "save", saved)
    with write(runtime.staff) as session:
        load_demo_resources(session, runtime.vault)
    assert found == {1}
