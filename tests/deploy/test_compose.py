"""What compose files give to each container: what it needs to do its work, and no more."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from app.operations.metrics import OfDatabase
from app.platform.database.engines import Databases
from app.platform.web.metrics import Metrics
from app.settings import ROOT, Settings
from tests.serving import free_port

WITH_KEYS = {"app", "admin", "desk", "worker"}
# Seconds that a service waits for them.
LAST_ANSWERS = 10


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    """The services of both files, the second laid over the first."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("compose.yaml", "deploy/compose.yaml"):
        # What the second takes back of the first is of Compose alone.
        read = yaml.safe_load((ROOT / name).read_text("utf-8").replace("!reset ", ""))
        for service, given in read["services"].items():
            former = found.setdefault(service, {"environment": {}, "volumes": []})
            environment = former["environment"] | given.get("environment", {})
            former |= given | {"environment": environment}
    return found


def _writes(service: dict[str, Any], place: str) -> bool:
    """Say whether a place of a container is a volume that it may write to."""
    volumes = [each.split(":") for each in service["volumes"]]
    return any(each[1:] == [place] for each in volumes)


def test_who_has_the_keys_may_write_the_registers_without_which_nothing_is_erased(
    services: dict[str, dict[str, Any]],
) -> None:
    having = {name for name, each in services.items() if "MESURE23_KEYS" in each["environment"]}
    assert having == WITH_KEYS
    for name in having | {"backup"}:
        place = services[name]["environment"]["MESURE23_BACKUP_DIR"]
        assert _writes(services[name], place), name
        assert f"{place} " in (ROOT / "Dockerfile").read_text("utf-8")


def test_backups_are_made_without_a_key_and_destroyed_by_nobody_else(
    services: dict[str, dict[str, Any]],
) -> None:
    making = services["backup"]
    dumps = f"{making['environment']['MESURE23_BACKUP_DIR']}/dumps"
    assert {name for name, each in services.items() if _writes(each, dumps)} == {"backup", "admin"}
    opens = making["environment"]["MESURE23_BACKUP_PASSPHRASE_FILE"]
    assert _writes(making, opens.rpartition("/")[0])
    assert "MESURE23_OWNER_DATABASE_URL" in making["environment"]


def test_the_owner_of_the_database_is_known_to_what_needs_it(
    services: dict[str, dict[str, Any]],
) -> None:
    owner = "MESURE23_OWNER_DATABASE_URL"
    knowing = {name for name, each in services.items() if owner in each["environment"]}
    assert knowing == {"prepare", "admin", "backup"}


def test_processes_that_share_a_quota_know_how_many_they_are(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("prepare", "public", "app", "admin"):
        assert services[name]["environment"]["MESURE23_PROCESSES"] == str(
            services["public"]["scale"]
        )


def test_what_visitors_reach_has_neither_key_nor_login_of_staff(
    services: dict[str, dict[str, Any]],
) -> None:
    given = services["public"]["environment"]
    assert {name for name in given if "DATABASE_URL" in name} == {
        "MESURE23_PUBLIC_DATABASE_URL",
        "MESURE23_INBOX_DATABASE_URL",
    }


def test_legal_pages_are_told_who_answers_for_the_service(
    services: dict[str, dict[str, Any]],
) -> None:
    pages = (ROOT / "app/templates/public/legal").glob("*.html")
    named = set(re.findall(r"settings\.(\w+)", "".join(each.read_text("utf-8") for each in pages)))
    # What has no value of its own is said to be missing.
    missing = {each for each in named if Settings.model_fields[each].default in ("", None)}
    assert {"contact", "hosted_by"} <= missing
    given = services["public"]["environment"].keys()
    assert {f"MESURE23_{each.upper()}" for each in missing} <= given


def test_whoever_answers_is_given_the_time_to_end_that_it_takes(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("public", "desk", "worker"):
        seconds = int(services[name]["stop_grace_period"].removesuffix("s"))
        assert seconds > Settings().drain + LAST_ANSWERS, name


def test_whoever_sends_mails_knows_the_server_and_where_their_links_lead(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("desk", "worker"):
        given = services[name]["environment"]
        for setting in ("PUBLIC_URL", "DESK_URL", "SMTP_URL", "MAIL_FROM"):
            # Compose ends where one of them is not set.
            assert given[f"MESURE23_{setting}"] == f"${{MESURE23_{setting}:?}}", (name, setting)


def test_the_desk_may_be_given_every_setting_of_proconnect_and_needs_none(
    services: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = [each for each in Settings.model_fields if each.startswith("proconnect_")]
    for each in fields:
        name = f"MESURE23_{each.upper()}"
        assert services["desk"]["environment"][name] == f"${{{name}:-}}"
        monkeypatch.setenv(name, "")
    assert {each: getattr(Settings(), each) for each in fields} == {
        each: Settings.model_fields[each].default for each in fields
    }


@pytest.mark.slow
def test_the_worker_has_a_sign_of_life_of_its_own(
    services: dict[str, dict[str, Any]], databases: Databases
) -> None:
    worker = services["worker"]
    shown = worker["environment"]["MESURE23_METRICS"]
    [asked, program, option, code] = worker["healthcheck"]["test"]
    assert (asked, program, option, code.count(shown)) == ("CMD", "python", "-c", 1)
    here = f"127.0.0.1:{free_port()}"
    look = [sys.executable, "-c", code.replace(shown, here)]
    metrics, database = Metrics(), OfDatabase(databases.staff)
    metrics.add(database)
    with metrics.served(here):
        assert subprocess.run(look).returncode == 0
    assert subprocess.run(look, stderr=subprocess.DEVNULL).returncode == 1
    database.close()


def test_nginx_takes_the_proxy_in_front_for_a_proxy_and_each_visitor_for_one(
    services: dict[str, dict[str, Any]],
) -> None:
    [_, _, started] = services["nginx"]["command"]
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    changed = subprocess.run(
        ["sh", "-c", started.partition(" >")[0].replace("/mesure23.conf", "")],
        input=conf,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    networks = services["public"]["environment"]["MESURE23_TRUSTED_PROXIES"]
    assert re.findall(r"set_real_ip_from (.+);", changed) == [networks]
    assert re.findall(r"^    server (\S+)", changed, re.MULTILINE) == ["public:8000"]
