"""What an outside server still shows is said, each with what to do; nothing where all is well."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, make_url
from typer.testing import CliRunner

import app.commands.doctor as command
from app.cli import load
from app.embeds.registration import register
from app.embeds.stored import revoke
from app.operations.doctor import examine, unsaid, unusable
from app.operations.relay import asked_of_relay
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.search.criteria import Search
from app.settings import Settings
from app.vault.sealing import Vault, new_key, parse_keys
from tests.embeds.samples import DRAFT
from tests.short_lists import CRIP, csv, run


@pytest.fixture
def others(databases: Databases, admin: Connection) -> Iterator[str]:
    """A database that everybody may enter; those of other tests are left out of what is found."""
    name = f"{databases.staff.url.database}_other"
    admin.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield name
    admin.exec_driver_sql(f'DROP DATABASE "{name}"')


def findings(databases: Databases, vault: Vault) -> set[str]:
    """Return what is found, but for the other databases of the tests' server."""
    databases.dispose()
    return {each.what for each in examine(databases, vault) if not each.what.startswith("base ")}


def test_the_embedded_database_has_nothing_to_put_right(databases: Databases, vault: Vault) -> None:
    assert findings(databases, vault) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "value", "what"),
    [
        ("log_statement", "'all'", "log_statement = all"),
        ("log_min_messages", "warning", "log_min_messages = warning"),
        ("log_min_error_statement", "error", "log_min_error_statement = error"),
        ("log_error_verbosity", "'default'", "log_error_verbosity = default"),
        ("log_parameter_max_length_on_error", "-1", "log_parameter_max_length_on_error = -1"),
        ("auto_explain.log_min_duration", "0", "auto_explain.log_min_duration = 0"),
        ("pg_stat_statements.track", "top", "pg_stat_statements.track = top"),
    ],
)
def test_a_setting_that_shows_values_is_reported(
    databases: Databases, admin: Connection, vault: Vault, setting: str, value: str, what: str
) -> None:
    name = databases.staff.url.database
    admin.exec_driver_sql(f'ALTER DATABASE "{name}" SET {setting} = {value}')
    assert findings(databases, vault) == {what}


def test_slow_statements_are_reported_where_they_carry_values(
    databases: Databases, admin: Connection, vault: Vault
) -> None:
    name = databases.staff.url.database
    admin.exec_driver_sql(f'ALTER DATABASE "{name}" SET log_min_duration_statement = 100')
    assert findings(databases, vault) == set()
    admin.exec_driver_sql(f'ALTER DATABASE "{name}" SET log_parameter_max_length = -1')
    assert findings(databases, vault) == {"log_min_duration_statement"}


def test_a_database_that_the_public_login_may_enter_is_reported(
    databases: Databases, others: str, vault: Vault
) -> None:
    (found,) = [each for each in examine(databases, vault) if each.what == f"base {others}"]
    assert f'REVOKE CONNECT ON DATABASE "{others}" FROM PUBLIC;' in found.todo


def test_logins_that_may_do_too_much_are_reported(
    cluster: Cluster, databases: Databases, admin: Connection, vault: Vault
) -> None:
    watcher = f"{databases.staff.url.database}_watcher"
    admin.exec_driver_sql(f'CREATE ROLE "{watcher}" LOGIN IN ROLE pg_monitor')
    try:
        assert findings(databases, vault) == {"pg_read_all_stats"}
    finally:
        admin.exec_driver_sql(f'DROP ROLE "{watcher}"')
    url = make_url(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    root = make_engine(url.render_as_string(hide_password=False))
    assert findings(Databases(root, databases.public), vault) == {"superutilisateur (staff)"}
    root.dispose()


def test_values_that_no_key_opens_or_an_old_one_are_reported(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    fresh = parse_keys(new_key())
    both = Vault(fresh.primary, {**fresh.keys, **runtime.vault.keys})
    (old,) = findings(runtime.databases, both)
    assert old.startswith("clés : ")
    lost = findings(runtime.databases, fresh)
    assert any("source_file.content (tests)" in each for each in lost)


def test_an_embed_whose_territory_is_gone_is_reported_until_it_is_revoked(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        register(session, replace(DRAFT, search=Search(territory="93")), "essai")
        outdated = register(session, replace(DRAFT, search=Search(territory="999")), "essai")
    assert findings(runtime.databases, runtime.vault) == {f"carte intégrée {outdated}"}
    with write(runtime.staff) as session:
        revoke(session, runtime.vault, outdated, who="essai", why="essai")
    assert findings(runtime.databases, runtime.vault) == set()


def test_what_the_legal_pages_lack_is_reported_in_production() -> None:
    findings = {each.what for each in unsaid(Settings(env="production", access_log=True))}
    assert {"MESURE23_CONTACT", "MESURE23_HOSTED_BY", "MESURE23_ACCESS_LOG_DAYS"} <= findings
    complete = Settings(
        env="production",
        contact="contact@example.org",
        publisher_address="1 rue de l'Essai",
        publication_director="La direction",
        hosted_by="Hébergeur",
        public_url="https://carte.example",
    )
    assert unsaid(complete) == []
    assert unsaid(Settings(access_log=True)) == []


@pytest.mark.parametrize("address", ["adresse", "ftp://adresse.example", "https://", "http://[::1"])
def test_a_geocoder_that_cannot_be_asked_is_reported(address: str) -> None:
    (found,) = unusable(Settings(geocoder_url=address))
    assert found.what == "MESURE23_GEOCODER_URL"
    assert unusable(Settings()) == []


def test_a_provider_that_nobody_can_sign_in_by_is_reported() -> None:
    settings = Settings(
        proconnect_url="http://127.0.0.1:9",
        proconnect_client_id="mesure23",
        proconnect_client_secret=SecretStr("secret"),
    )
    (found,) = unusable(settings)
    assert found.what == "MESURE23_PROCONNECT_URL"


def test_what_the_relay_of_letters_is_to_sign_is_said_and_is_no_fault() -> None:
    relay: dict[str, Any] = {
        "smtp_url": SecretStr("smtps://relais.example"),
        "mail_from": "envoi@example.org",
    }
    (asked,) = asked_of_relay(Settings(**relay, public_url="https://carte.example"))
    assert "DKIM" in asked.todo
    assert "List-Unsubscribe et List-Unsubscribe-Post" in asked.todo
    (plain,) = asked_of_relay(Settings(**relay, public_url="http://carte.example"))
    assert plain.what == "MESURE23_PUBLIC_URL"
    assert asked_of_relay(Settings(public_url="https://carte.example")) == []


def test_the_command_says_each_finding_and_fails(
    runtime: Runtime, admin: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opened:
        def __init__(self, *_: object) -> None: ...

        def __enter__(self) -> Runtime:
            return replace(runtime)

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(command, "opened", Opened)
    name = runtime.staff.url.database
    admin.exec_driver_sql(f"ALTER DATABASE \"{name}\" SET log_statement = 'all'")
    result = CliRunner().invoke(load(), ["doctor"])
    assert result.exit_code == 1
    assert "À corriger – log_statement = all : le journal garde chaque requête" in result.stdout
