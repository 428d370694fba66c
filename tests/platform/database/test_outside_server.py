"""A server that is not ours: what its administrator is asked to run, and the logins made there.

The cluster of the tests plays that server, through the commands as people type them.
"""

import base64
import hashlib
import hmac
import subprocess

import psycopg
import pytest
from sqlalchemy import make_url

from app.models.privileges import JOBS_RELATIONS, PUBLIC_VIEWS, STAFF_TABLES
from app.platform.database.engines import make_engine, role
from app.platform.database.migrating import preparation_sql
from app.platform.database.preparation import script
from tests.databases import RELATIONS
from tests.platform.database.conftest import Outside

pytestmark = pytest.mark.slow


def printed_sql(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert result.stderr.startswith("Le serveur PostgreSQL n’accorde pas les droits nécessaires")
    assert "Traceback" not in result.stderr
    _, _, sql = result.stderr.partition("\n\n")
    assert sql.startswith("-- en superutilisateur")
    return sql


@pytest.mark.parametrize("rights", ["nothing", "owner", "createrole", "createrole with postgis"])
def test_a_login_without_rights_upgrades_once_the_printed_sql_has_run(
    outside: Outside, rights: str
) -> None:
    if rights == "owner":
        outside.as_superuser(f'ALTER DATABASE "{outside.database}" OWNER TO "{outside.login}";')
    if "createrole" in rights:
        outside.as_superuser(
            f'ALTER ROLE "{outside.login}" CREATEROLE;'
            f'ALTER DATABASE "{outside.database}" OWNER TO "{outside.login}";'
        )
    if "postgis" in rights:
        outside.as_superuser(
            "CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent;"
        )
    address = outside.url(outside.login)
    sql = printed_sql(outside.mesure23("db", "upgrade", database_url=address))
    outside.as_superuser(sql)
    upgraded = outside.mesure23("db", "upgrade", database_url=address)
    assert (upgraded.returncode, upgraded.stdout) == (0, "La base est à jour.\n"), upgraded.stderr
    # What another login would have made is what this one made.
    found = set(outside.rows(RELATIONS, role=role(outside.database, "public")))
    readable = {("open", view) for view in PUBLIC_VIEWS} | {("public", "spatial_ref_sys")}
    assert found == {(*each, "SELECT") for each in readable}
    found = set(outside.rows(RELATIONS, role=role(outside.database, "staff")))
    assert found == {
        (schema, relation, privilege)
        for schema, relations in (("public", STAFF_TABLES), ("jobs", JOBS_RELATIONS))
        for relation, privileges in relations.items()
        for privilege in privileges
    }
    assert outside.mesure23("db", "upgrade", database_url=address).returncode == 0


# What databases lack that were made before it was asked for; each with its way back there.
LATER = (
    'ALTER ROLE "{base}_public" RESET jit',
    'ALTER ROLE "{base}_public" RESET lock_timeout',
    'ALTER ROLE "{base}_public" CONNECTION LIMIT -1',
    "GRANT EXECUTE ON FUNCTION lo_create(oid), pg_advisory_lock(bigint) TO PUBLIC",
    'REVOKE EXECUTE ON FUNCTION pg_switch_wal() FROM "{base}_owner"',
)


def test_what_was_asked_for_since_is_done_without_a_migration(outside: Outside) -> None:
    owner = outside.url("postgres")
    assert outside.mesure23("db", "upgrade", database_url=owner).returncode == 0
    for statement in LATER:
        outside.as_superuser(statement.format(base=outside.database) + ";")
    upgraded = outside.mesure23("db", "upgrade", database_url=owner)
    assert (upgraded.returncode, upgraded.stdout) == (0, "La base est à jour.\n"), upgraded.stderr
    assert missing_sql(outside) == ""


def test_what_was_asked_for_since_is_reported_to_a_login_that_may_not(outside: Outside) -> None:
    address = outside.url(outside.login)
    outside.as_superuser(printed_sql(outside.mesure23("db", "upgrade", database_url=address)))
    assert outside.mesure23("db", "upgrade", database_url=address).returncode == 0
    for statement in LATER:
        outside.as_superuser(statement.format(base=outside.database) + ";")
    sql = printed_sql(outside.mesure23("db", "upgrade", database_url=address))
    # The header, and one statement each: what could be done was not undone.
    assert len(sql.strip().splitlines()) == 1 + len(LATER) + 1, sql
    outside.as_superuser(sql)
    assert outside.mesure23("db", "upgrade", database_url=address).returncode == 0
    assert missing_sql(outside, outside.login) == ""


def missing_sql(outside: Outside, login: str = "postgres") -> str:
    engine = make_engine(outside.url(login).replace("://", "+psycopg://"))
    with engine.connect() as connection:
        sql = preparation_sql(connection)
    engine.dispose()
    return sql


def test_an_administrator_needs_no_sql(outside: Outside) -> None:
    upgraded = outside.mesure23("db", "upgrade", database_url=outside.url("postgres"))
    assert upgraded.returncode == 0, upgraded.stderr
    assert missing_sql(outside) == ""


def test_the_script_of_a_server_without_postgis_says_what_to_install() -> None:
    statements = script("base", ["CREATE EXTENSION postgis"], ["postgis"], 17)
    assert statements.splitlines() == [
        "-- en superutilisateur, dans la base base :",
        "-- d'abord, sur le serveur, installer postgis (apt-get install postgresql-17-postgis-3)",
        "CREATE EXTENSION postgis;",
    ]


def addresses(result: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert result.returncode == 0, result.stderr
    return dict(line.split("=", 1) for line in result.stdout.splitlines())


def proves(verifier: str, password: str) -> bool:
    """Whether a SCRAM verifier (RFC 5803) is that of a password."""
    mechanism, count_and_salt, keys = verifier.split("$")
    count, salt = count_and_salt.split(":")
    assert mechanism == "SCRAM-SHA-256"
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(count))
    client = hmac.new(salted, b"Client Key", "sha256").digest()
    return base64.b64decode(keys.split(":")[0]) == hashlib.sha256(client).digest()


def verifiers(outside: Outside) -> dict[str, str]:
    found = outside.rows(
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin AND rolname LIKE :names",
        names=f"{outside.database}%",
    )
    return {row[0]: row[1] for row in found}


def test_logins_are_made_without_the_server_ever_seeing_a_password(outside: Outside) -> None:
    owner = outside.url("postgres")
    assert outside.mesure23("db", "upgrade", database_url=owner).returncode == 0
    outside.as_superuser(f"ALTER DATABASE {outside.database} SET log_statement = 'all';")
    printed = addresses(outside.mesure23("db", "roles", database_url=owner))
    assert set(printed) == {
        "MESURE23_DATABASE_URL",
        "MESURE23_PUBLIC_DATABASE_URL",
        "MESURE23_INBOX_DATABASE_URL",
    }
    log = outside.cluster.log_path.read_text(errors="replace")
    assert f'ALTER ROLE "{outside.database}_staff" LOGIN PASSWORD' in log
    found = verifiers(outside)
    for login, address in zip(("staff", "public", "inbox"), printed.values(), strict=True):
        url = make_url(address)
        assert url.username == role(outside.database, login)
        assert url.password
        assert proves(found[url.username], url.password)
        assert url.password not in log


def test_a_password_already_given_is_kept(outside: Outside) -> None:
    owner = outside.url("postgres")
    assert outside.mesure23("db", "upgrade", database_url=owner).returncode == 0
    staff = outside.url(f"{outside.database}_staff", "dejadonne1")
    public = outside.url(f"{outside.database}_public", "dejadonne2")
    given = {
        "owner_database_url": owner,
        "database_url": staff,
        "public_database_url": public,
        "inbox_database_url": outside.url(f"{outside.database}_inbox", "dejadonne3"),
    }
    assert addresses(outside.mesure23("db", "roles", **given)) == {}
    found = verifiers(outside)
    assert proves(found[f"{outside.database}_staff"], "dejadonne1")
    assert proves(found[f"{outside.database}_public"], "dejadonne2")
    assert proves(found[f"{outside.database}_inbox"], "dejadonne3")


def test_logins_that_only_a_superuser_may_make_are_reported_as_sql_without_password(
    outside: Outside,
) -> None:
    address = outside.url(outside.login)
    outside.as_superuser(printed_sql(outside.mesure23("db", "upgrade", database_url=address)))
    assert outside.mesure23("db", "upgrade", database_url=address).returncode == 0
    refused = outside.mesure23("db", "roles", database_url=address)
    printed = dict(line.split("=", 1) for line in refused.stdout.splitlines())
    sql = printed_sql(refused)
    outside.as_superuser(sql)
    found = verifiers(outside)
    for address in printed.values():
        url = make_url(address)
        assert url.username
        assert url.password
        assert url.password not in refused.stderr
        assert proves(found[url.username], url.password)


def test_logins_of_a_database_without_tables_are_refused_with_a_sentence(outside: Outside) -> None:
    result = outside.mesure23("db", "roles", database_url=outside.url("postgres"))
    assert result.returncode == 1
    assert result.stderr.endswith("Exécutez « mesure23 release », puis relancez la commande.\n")


def test_addresses_are_printed_as_psql_takes_them(outside: Outside) -> None:
    owner = outside.url("postgres")
    assert outside.mesure23("db", "upgrade", database_url=owner).returncode == 0
    given = addresses(outside.mesure23("db", "roles", database_url=owner))
    settings = {name.removeprefix("MESURE23_").lower(): value for name, value in given.items()}
    for option, login in (("--public", "public"), ("--inbox", "inbox"), (None, "staff")):
        arguments = ("db", "url", option) if option else ("db", "url")
        printed = outside.mesure23(*arguments, **settings)
        assert printed.returncode == 0, printed.stderr
        asked = ["psql", printed.stdout.strip(), "-AtXc", "SELECT current_user"]
        answered = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert answered.stdout.strip() == role(outside.database, login)
    # As staff, history cannot be rewritten.
    with (
        psycopg.connect(outside.url(f"{outside.database}_staff")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE revision SET who = 'x'")
