"""What a process shows of itself is numbers under words of ours, whatever it was asked for."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, create_engine

from app.commands.support.measuring import measured_of_staff
from app.desk.application import create_desk
from app.main import create_app
from app.models import Withdrawal
from app.models.job import Job
from app.operations.backups import REHEARSED
from app.operations.metrics import OfBackups, OfDatabase
from app.platform.backup.repository import FOLDER
from app.platform.cluster.config import STANZA
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.platform.queue.deferring import defer
from app.platform.web.metrics import Metrics, MetricsRefused
from app.runtime.staff import Runtime
from app.settings import Settings
from tests.meanwhile import until
from tests.serving import offline_settings, serving
from tests.short_lists import ASE, CRIP, csv, run
from tests.world import World

SECRET = "refugesecret"


def free() -> str:
    """An address that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def measured(world: World, folder: Path, metrics: Metrics) -> Iterator[tuple[httpx.Client, str]]:
    """Yield a client of a service, and where it shows its metrics."""
    app = create_app(offline_settings(folder), world.databases, metrics)
    address = free()
    with (
        metrics.served(address),
        serving(app) as base,
        httpx.Client(base_url=base, timeout=60, trust_env=False) as client,
    ):
        yield client, f"http://{address}/metrics"


def values(address: str) -> dict[tuple[str, str], float]:
    """Each metric with its labels, as a program reads them."""
    text = httpx.get(address, trust_env=False).text
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def named(found: dict[tuple[str, str], float], name: str, **labels: str) -> float:
    """Add up a metric with these labels, whatever its others."""
    return sum(
        value
        for (each, written), value in found.items()
        if each == name and labels.items() <= json.loads(written).items()
    )


@pytest.mark.slow
def test_answers_are_counted_by_declared_route_and_class_of_status(
    world: World, tmp_path: Path
) -> None:
    with measured(world, tmp_path, Metrics()) as (client, address):
        for path in ("/departements/93", "/departements/93?categorie=ase", "/departements/999"):
            client.get(path)
        route = "/departements/{code}"
        until(lambda: named(values(address), "mesure23_requests_total", route=route) == 3)
        found = values(address)
    assert named(found, "mesure23_requests_total", route=route, status="2xx") == 2
    assert named(found, "mesure23_requests_total", route=route, status="4xx") == 1
    assert named(found, "mesure23_request_seconds_count", route=route) == 3
    assert 0 < named(found, "mesure23_request_seconds_sum", route=route) < 60


def test_what_public_pages_and_the_desk_both_have_is_one_metric() -> None:
    metrics = Metrics()
    for part in ("public", "desk"):
        scope = {"route": None, "root_path": "/static", "answered_status": 200}
        metrics.requests(part).note(scope, 0.2)
    lines = metrics.text().decode().splitlines()
    assert lines.count("# TYPE mesure23_requests_total counter") == 1
    assert lines.count("# TYPE mesure23_request_seconds histogram") == 1
    for part in ("public", "desk"):
        labels = f'part="{part}",route="/static"'
        assert f'mesure23_requests_total{{{labels},status="2xx"}} 1.0' in lines
        assert f'mesure23_request_seconds_bucket{{le="0.1",{labels}}} 0.0' in lines
        assert f'mesure23_request_seconds_bucket{{le="0.25",{labels}}} 1.0' in lines
        assert f'mesure23_request_seconds_bucket{{le="+Inf",{labels}}} 1.0' in lines


@pytest.mark.slow
def test_turns_pools_the_cache_and_versions_are_shown(world: World, tmp_path: Path) -> None:
    with measured(world, tmp_path, Metrics()) as (client, address):
        until(lambda: named(values(address), "mesure23_versions_age_seconds") < 1)
        for _ in range(3):
            client.get("/departements/93")
        found = values(address)
    assert named(found, "mesure23_turns", row="cached") >= 1
    assert named(found, "mesure23_turns_waiting") == 0
    assert named(found, "mesure23_turns_refused_total") == 0
    assert named(found, "mesure23_pool", login="public") >= 1
    assert named(found, "mesure23_pool_used", login="public") == 0
    assert named(found, "mesure23_cache_total", result="hit") >= 2
    assert named(found, "mesure23_cache_entries") >= 1
    assert 0 < named(found, "mesure23_cache_bytes") < named(found, "mesure23_cache_limit_bytes")
    assert named(found, "process_resident_memory_bytes") > 0


@pytest.mark.slow
def test_no_label_holds_what_was_asked_for_or_sent(world: World, tmp_path: Path) -> None:
    with measured(world, tmp_path, Metrics()) as (client, address):
        for number in range(20):
            client.get(f"/{SECRET}{number}/{SECRET}")
            client.get(f"/departements/93/{SECRET}{number}?q={SECRET}")
            client.get(f"/departements/{SECRET}{number}", headers={"Host": f"{SECRET}{number}"})
            client.get(f"/acteurs/{SECRET}{number}", headers={"X-Request-Id": SECRET})
            client.get(f"/static/{SECRET}{number}.css")
            client.request(f"{SECRET}{number}".upper(), "/")
        found = values(address)
    assert SECRET not in repr(found).lower()
    routes = {
        json.loads(labels)["route"] for name, labels in found if name == "mesure23_requests_total"
    }
    # What no route is declared for is one label.
    assert routes <= {"-", "/", "/static", "/departements/{code}", "/acteurs/{public_id}"}


@pytest.mark.slow
def test_no_label_of_the_desk_and_its_worker_holds_what_is_sealed_or_sent(
    runtime: Runtime, tmp_path: Path
) -> None:
    backups = tmp_path / SECRET
    manifest = backups / FOLDER / "backup" / STANZA / "20260610-010000F" / "backup.manifest"
    manifest.parent.mkdir(parents=True)
    for each in (manifest, backups / f"{SECRET}.dump"):
        each.touch()
    run(runtime, csv(CRIP, ASE.replace("ASE d'exemple", f"ASE {SECRET}")), source=SECRET)
    with write(runtime.staff) as session:
        defer(session, Job.PURGE)
    given = {"metrics": free(), "backup_dir": backups, "rate_limit": 0}
    settings = runtime.settings.model_copy(update=given)
    # What the worker shows, and the desk as well.
    with measured_of_staff(replace(runtime, settings=settings)) as metrics:
        desk = create_desk(settings, runtime.databases, runtime.vault, alone=True, metrics=metrics)
        with serving(desk) as base, httpx.Client(base_url=base, trust_env=False) as client:
            client.post("/connexion", data={"courriel": f"{SECRET}@exemple.fr"})
            for path in (f"/{SECRET}", f"/gestion/acteurs/{SECRET}?q={SECRET}", "/connexion"):
                client.get(path, headers={"Host": SECRET, "Origin": f"https://{SECRET}"})
                client.get(path, headers={"X-Request-Id": SECRET, "Cookie": f"session={SECRET}"})
                client.request(SECRET.upper(), path)
            found = values(f"http://{given['metrics']}/metrics")
    assert SECRET not in repr(found).lower()
    assert named(found, "mesure23_jobs", state="queued") >= 1
    assert named(found, "mesure23_backup_timestamp_seconds") > 0
    assert named(found, "mesure23_requests_total", part="desk") >= 7
    labels = {key for _, written in found for key in json.loads(written)}
    assert labels <= {"part", "route", "status", "row", "login", "result", "state", "le"}


def test_an_address_that_is_taken_is_reported_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(MetricsRefused) as refused, Metrics().served(address):
            pass
    assert address in str(refused.value)


@pytest.mark.parametrize(
    "given", ["9100", "127.0.0.1", "127.0.0.1:x", "http://a:1", "a:1/b", "u@a:1"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:9100"):
        Settings(metrics=given)


def test_jobs_are_shown_and_a_database_that_does_not_answer_is(runtime: Runtime) -> None:
    def shown(staff: Engine) -> dict[str, float]:
        with closing(OfDatabase(staff)) as database:
            return {
                "/".join([sample.name, *sample.labels.values()]): sample.value
                for metric in database.collect()
                for sample in metric.samples
            }

    before = shown(runtime.staff)
    assert before["mesure23_database_up"] == 1
    with write(runtime.staff) as session:
        defer(session, Job.PURGE)
    after = shown(runtime.staff)
    assert after["mesure23_jobs/queued"] == before["mesure23_jobs/queued"] + 1
    assert 0 <= after["mesure23_jobs_oldest_seconds"] < 600
    with write(runtime.staff) as session:
        session.add(Withdrawal(what="actor", subject=str(uuid4()), how="neutral"))
    assert before["mesure23_withdrawals_unregistered"] == 0
    assert shown(runtime.staff)["mesure23_withdrawals_unregistered"] == 1
    nowhere = runtime.staff.url.set(database="nowhere")
    assert shown(create_engine(nowhere)) == {"mesure23_database_up": 0}


def test_backups_are_shown_by_when_they_were_made_and_tried(tmp_path: Path) -> None:
    def shown() -> dict[str, float]:
        found = [sample for each in OfBackups(tmp_path).collect() for sample in each.samples]
        return {sample.name: sample.value for sample in found}

    assert shown() == {"mesure23_backups_dated_ahead": 0}
    manifest = tmp_path / FOLDER / "backup" / STANZA / "20260610-010000F" / "backup.manifest"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    os.utime(manifest, (1_000, 1_000))
    assert shown()["mesure23_backup_timestamp_seconds"] == 1_000
    (tmp_path / REHEARSED).write_text('{"at": "1970-01-01T01:00:00+00:00"}')
    assert shown()["mesure23_rehearsal_timestamp_seconds"] == 3_600


def test_a_scrape_holds_no_connection_of_pages(databases: Databases) -> None:
    with closing(OfDatabase(databases.staff)) as database:
        list(database.collect())
    assert databases.staff.pool.checkedout() == 0  # type: ignore[attr-defined]
