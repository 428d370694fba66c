"""What somebody tries who may run any SQL as the public login, and what of it works."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from sqlalchemy import URL

from app.models import Base
from app.models.privileges import PUBLIC_VIEWS
from app.platform.database.migrating import MIGRATION_LOCK
from app.platform.database.sessions import IMPORT_LOCK

PASSWORDS = "/etc/passwd"
SECRET_TABLES = [*sorted(set(Base.metadata.tables) - set(PUBLIC_VIEWS)), "actor"]
ENTITY = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{PASSWORDS}">]><a>&x;</a>'

READ = {
    **{f"table {table}": f"SELECT 1 FROM public.{table}" for table in SECRET_TABLES},
    "inheritance": "SELECT 1 FROM ONLY public.actor_protected",
    "query in XML": "SELECT query_to_xml('TABLE public.actor_protected', true, true, '')",
    "schema in XML": "SELECT 1 FROM schema_to_xml('public', true, true, '') AS x"
    " WHERE x::text LIKE '%actor_protected%'",
    "copy": "COPY (TABLE public.actor_protected) TO STDOUT",
    "extent of points": "SELECT ST_EstimatedExtent('public', 'actor', 'point')",
    # Projections are the same everywhere, and open: PostGIS reads them as whoever measures.
    "statistics": "SELECT 1 FROM pg_stats WHERE schemaname = 'public'"
    " AND tablename <> 'spatial_ref_sys'",
    "raw statistics": "SELECT 1 FROM pg_statistic",
    "statements of others": "SELECT query FROM pg_stat_activity WHERE usename <> current_user"
    " AND query <> '' AND query NOT LIKE '<%'",
    "verifiers": "SELECT rolpassword FROM pg_authid",
    "user mappings": "SELECT umoptions FROM pg_user_mapping",
    "drafts": "SELECT name FROM actor WHERE status <> 'published'",
    "pages": "SELECT get_raw_page('public.actor_protected', 0)",
    "settings of the superuser": "SHOW data_directory",
}
FILES = {
    "read file": f"SELECT pg_read_file('{PASSWORDS}')",
    "read binary file": f"SELECT pg_read_binary_file('{PASSWORDS}')",
    "stat file": f"SELECT pg_stat_file('{PASSWORDS}')",
    "list directory": "SELECT pg_ls_dir('.')",
    "list log": "SELECT pg_ls_logdir()",
    "list WAL": "SELECT pg_ls_waldir()",
    "list temporary files": "SELECT pg_ls_tmpdir()",
    "import file": f"SELECT lo_import('{PASSWORDS}')",
    "export file": "SELECT lo_export(1, '/tmp/x')",
    "copy from file": f"COPY actor FROM '{PASSWORDS}'",
    "copy to program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "settings files": "SELECT 1 FROM pg_file_settings",
    "rules of access": "SELECT 1 FROM pg_hba_file_rules",
    "entity in XML": f"SELECT 1 WHERE xmlparse(document '{ENTITY}')::text LIKE '%root%'",
    "library": "LOAD '$libdir/pageinspect'",
}
WRITE = {
    "insert": "INSERT INTO actor (public_id) VALUES ('x')",
    "update": "UPDATE actor SET name = 'x'",
    "delete": "DELETE FROM actor",
    "truncate": "TRUNCATE public.actor",
    "merge": "MERGE INTO actor USING territory ON false"
    " WHEN NOT MATCHED THEN INSERT (public_id) VALUES ('x')",
    "lock": "BEGIN; LOCK TABLE public.actor IN ACCESS EXCLUSIVE MODE",
    "lock rows": "SELECT 1 FROM actor FOR UPDATE",
    "table": "CREATE TABLE public.mine (x int)",
    "table beside views": "CREATE TABLE open.mine (x int)",
    "temporary table": "CREATE TEMP TABLE mine (x int)",
    "schema": "CREATE SCHEMA mine",
    "function": "CREATE FUNCTION open.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "temporary function": "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "extension": "CREATE EXTENSION dblink",
    "foreign server": "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    "database": "CREATE DATABASE mine",
    "role": "CREATE ROLE mine",
    "large object": "SELECT lo_create(0)",
    "large object of bytes": "SELECT lo_from_bytea(0, 'x')",
    "large object of old": "SELECT lo_creat(-1)",
    "comment": "COMMENT ON VIEW open.actor IS 'x'",
    "publication": "CREATE PUBLICATION mine FOR ALL TABLES",
    "event trigger": "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION f()",
}
BECOME = {
    "superuser": "SET ROLE postgres",
    "staff": "SET ROLE mesure23_staff",
    "owner": "SET ROLE mesure23_owner",
    "readers": "SET ROLE pg_read_all_data",
    "session": "SET SESSION AUTHORIZATION postgres",
    "grant itself": "GRANT mesure23_staff TO mesure23_public",
    "grant a table": "GRANT SELECT ON public.actor_protected TO mesure23_public",
    "superuser by right": "ALTER ROLE mesure23_public SUPERUSER",
    "other's password": "ALTER ROLE mesure23_staff PASSWORD 'x'",
    "other's defaults": "ALTER ROLE mesure23_staff SET search_path = 'x'",
    "everybody's defaults": "ALTER DATABASE mesure23 SET search_path = 'x'",
    "more connections": "ALTER ROLE CURRENT_USER CONNECTION LIMIT -1",
    "rename": "ALTER ROLE CURRENT_USER RENAME TO mine",
}
DISTURB = {
    "end others": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename <> current_user",
    "cancel others": "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
    " WHERE usename <> current_user",
    "end its own": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = current_user",
    **{
        f"{name} of {lock}": f"SELECT pg_{name}({number})"
        for name in ("advisory_lock", "try_advisory_lock", "advisory_xact_lock_shared")
        for lock, number in (("migrations", MIGRATION_LOCK), ("imports", IMPORT_LOCK))
    },
    "sleep": "SELECT pg_sleep(0.01)",
    "sleep for": "SELECT pg_sleep_for('10 ms')",
    "notify by its function": "SELECT pg_notify('anything', 'x')",
    "write to the journal": "SELECT pg_logical_emit_message(false, 'x', 'x')",
    "a query in XML": "SELECT query_to_xml('SELECT 1', true, true, '')",
    "a query in words": "SELECT ts_stat('SELECT to_tsvector(''a'')')",
    "fill the disk from now on": "ALTER ROLE CURRENT_USER SET temp_file_limit = -1",
    "fill the disk": "SET temp_file_limit = -1",
    "settings": "ALTER SYSTEM SET log_statement = 'all'",
    "reload": "SELECT pg_reload_conf()",
    "log all": "SET log_statement = 'all'",
    "log errors": "SET log_min_error_statement = 'error'",
    "log slow": "SET log_min_duration_statement = 0",
    "log its own from now on": "ALTER ROLE CURRENT_USER SET log_statement = 'all'",
    "load a library from now on": "ALTER ROLE CURRENT_USER SET session_preload_libraries = 'x'",
    "switch WAL": "SELECT pg_switch_wal()",
    "replication slot": "SELECT pg_create_physical_replication_slot('x')",
    "checkpoint": "CHECKPOINT",
    "reset statistics": "SELECT pg_stat_reset()",
}
ATTEMPTS = {
    f"{group}: {name}": statement
    for group, statements in {
        "read": READ,
        "file": FILES,
        "write": WRITE,
        "become": BECOME,
        "disturb": DISTURB,
    }.items()
    for name, statement in statements.items()
}
# What PostgreSQL refuses to no login. It stops service at worst, until somebody mends it, and
# reveals nothing: docs/decisions/threat-model.md says what is done about each.
SUFFERED = {
    "own password": "ALTER ROLE CURRENT_USER PASSWORD 'x'",
    "own defaults": "ALTER ROLE CURRENT_USER SET search_path = 'public'",
    "own defaults here": "ALTER ROLE CURRENT_USER IN DATABASE mesure23 SET work_mem = '64kB'",
    "no limit of time": "SET statement_timeout = 0",
    "listen": "LISTEN anything",
    "notify": "NOTIFY anything, 'x'",
}


@dataclass(frozen=True, slots=True)
class Intruder:
    """Somebody with the address of the public login; url as libpq takes it."""

    url: URL

    def connect(self, database: str | None = None) -> psycopg.Connection:
        """Open a connection on which nothing is read only, and nothing times out."""
        url = self.url.set(drivername="postgresql")
        if database:
            url = url.set(database=database)
        connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
        # The defaults of this login are a courtesy that a client can lift.
        connection.execute("SET default_transaction_read_only = off")
        return connection

    def succeeds(self, statement: str) -> bool:
        """Whether a statement gives a row, or does what it says."""
        with self.connect() as connection:
            try:
                if statement.startswith("COPY") and statement.endswith("STDOUT"):
                    with connection.cursor().copy(statement.encode()) as copy:
                        return bool(list(copy))
                cursor = connection.execute(statement.encode())
                # A row of nulls says nothing.
                return cursor.description is None or any(
                    each is not None for row in cursor.fetchall() for each in row
                )
            except psycopg.Error:
                return False

    def successes(self) -> set[str]:
        """Return the names of all attempts that work."""
        return {name for name, each in ATTEMPTS.items() if self.succeeds(each)} | {
            f"connect: {name}" for name in self.databases()
        }

    def databases(self) -> Iterator[str]:
        """Yield the other databases that it may enter; it may list them, as every login may."""
        with self.connect() as connection:
            names = connection.execute("SELECT datname FROM pg_database").fetchall()
        for (name,) in names:
            if name == self.url.database:
                continue
            try:
                self.connect(name).close()
            except psycopg.OperationalError:
                continue
            yield name
