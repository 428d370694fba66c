"""The two national lists, from their bytes to the database: every line ends somewhere."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, SourceRow
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.vault.sealing import Vault
from tests.databases import cloned
from tests.serving import offline_settings
from tests.short_lists import run

DATA = ROOT.parent / "shared" / "data"
ANNUAIRE = DATA / "annuaire_2019_cidff_departements.csv"
FINESS = DATA / "finess_protection_enfance_2026-08.csv"

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the national lists are not in ../shared/data"
)


@pytest.fixture
def whole_runtime(
    cluster: Cluster, admin: Connection, template: str, vault: Vault, tmp_path: Path
) -> Iterator[Runtime]:
    """A clone with every commune."""
    with cloned(cluster, admin, template) as databases:
        yield Runtime(offline_settings(tmp_path), databases, vault, "", None)


def read(runtime: Runtime, path: Path, mapping: str | None) -> dict[str, int]:
    summary = run(runtime, path.read_bytes(), path.name, territory=None, mapping=mapping)
    return summary.counts()


@pytest.mark.slow
def test_every_line_of_the_annuaire_becomes_an_actor_or_a_reported_line(
    whole_runtime: Runtime,
) -> None:
    first = read(whole_runtime, ANNUAIRE, None)
    assert first["read"] + first["ignored"] == 198
    assert first["created"] + first["rejected"] == first["read"]
    again = read(whole_runtime, ANNUAIRE, None)
    assert again["unchanged"] == first["created"]
    assert (again["created"], again["updated"], again["missing"]) == (0, 0, 0)
    with Session(whole_runtime.staff) as session:
        rows = select(func.count()).where(SourceRow.outcome.in_(("created", "rejected", "ignored")))
        assert session.scalar(rows) == 198
        assert session.scalar(select(func.count(Actor.id))) == first["created"]


@pytest.mark.slow
def test_closed_places_of_finess_are_kept_and_never_published_and_most_start_protected(
    whole_runtime: Runtime,
) -> None:
    first = read(whole_runtime, FINESS, None)
    again = read(whole_runtime, FINESS, None)
    assert again["unchanged"] == first["created"]
    assert (again["created"], again["updated"], again["missing"]) == (0, 0, 0)
    with Session(whole_runtime.staff) as session:
        statuses = session.scalars(select(Actor.status)).all()
        level = ActorProtected.level
        hidden = session.scalar(select(func.count()).where(level.is_not(None))) or 0
        unlisted = (
            select(func.count()).select_from(Actor).join(ActorProtected).where(level == "unlisted")
        )
        assert session.scalar(unlisted.where(Actor.status == "published")) == 0
    with FINESS.open(encoding="utf-8-sig", newline="") as file:
        closed = [row["etat"] for row in csv.DictReader(file, delimiter=";")].count("I")
    assert first["protected"] == hidden
    assert statuses.count("archived") == closed
    assert hidden > first["created"] / 2
