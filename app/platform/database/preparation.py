"""What a database needs before its tables: extensions, four roles, and what PUBLIC loses.

The first migration does what its login may do; the rest is printed, for a superuser to run once.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from sqlalchemy import Connection, text

EXTENSIONS = ("postgis", "pg_trgm", "unaccent")
LOGINS = ("owner", "staff", "public", "inbox")
# What a session of the public login has unless it says otherwise.
PUBLIC_DEFAULTS = {
    "default_transaction_read_only": ("on", "on"),
    "search_path": ("open, public", "open, public"),
    "statement_timeout": ("'10s'", "10s"),
    # Compiling outlasts running: 0.8 s against 0.2 s for the counts of France, 100,000 actors.
    "jit": ("off", "off"),
    # A second process takes 20 ms to start, and the nearest of some thousand actors are found in
    # 5 ms. PostgreSQL would start one all the same, since PostGIS overstates the cost of distances.
    "max_parallel_workers_per_gather": ("0", "0"),
    # Longer than a migration waits for its lock, in front of whom pages queue.
    "lock_timeout": ("'3s'", "3s"),
}
# The same, which only a superuser may set: sorting 100,000 actors for a file takes a third of it.
PUBLIC_DEFAULTS_OF_OURS = {"temp_file_limit": ("'512MB'", "512MB")}
# The same of the login of the inbox: it adds one row at a time, and waits for nobody.
INBOX_DEFAULTS = {
    "search_path": ("pg_catalog", "pg_catalog"),
    "statement_timeout": ("'5s'", "5s"),
    "lock_timeout": ("'2s'", "2s"),
    "idle_in_transaction_session_timeout": ("'5s'", "5s"),
}
POSTGIS_RELATIONS = ("spatial_ref_sys", "geometry_columns", "geography_columns")

# Functions that anybody may call until they are revoked: those that make large objects fill the
# disk, those that end processes end the service's own, and advisory locks stop every import.
FOR_NOBODY = "^lo_(creat|create|from_bytea)$|^pg_(cancel|terminate)_backend$"
FOR_WRITERS = "^pg_(try_)?advisory_"
# The same of functions that the service does without, taken where our login may take them: these
# run a query out of a text, sleep, or write to the journal. The queue notifies its workers, and
# words of resources are rewritten by their synonyms (ts_rewrite), as whoever asks may read them.
FOR_NOBODY_HERE = (
    "^(query|cursor|table|schema|database)_to_xml|^ts_stat$|^pg_sleep|^pg_logical_emit_message$"
)
FOR_NOTIFIERS = "^pg_notify$"
# More than the service opens, and fewer than a server has.
CONNECTIONS = {"public": 60, "inbox": 20}
# The major version since which a privilege lets others than the owner rewrite a catalogue.
MAINTAIN_SINCE = 17

_OPEN_FUNCTIONS = text("""
SELECT string_agg(oid::regprocedure::text, ', ' ORDER BY oid::regprocedure::text) FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ :names
  AND CASE WHEN :role = '' THEN has_function_privilege('public', oid, 'EXECUTE')
      ELSE NOT EXISTS (SELECT FROM aclexplode(proacl)
                       WHERE grantee = to_regrole(quote_ident(:role))) END
""")
_SUPERUSER = text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
_CONNECTIONS = text("SELECT rolconnlimit FROM pg_roles WHERE rolname = :role")
# The privileges that app/operations/erasure.py needs to rewrite the journal and the statistics.
_ERASING = text("""
SELECT pg_has_role(r.oid, 'pg_checkpoint', 'USAGE') AS checkpoint,
  has_function_privilege(r.oid, 'pg_switch_wal()', 'EXECUTE')
  AND has_function_privilege(r.oid, 'pg_ls_waldir()', 'EXECUTE') AS journal,
  pg_has_role(r.oid, d.datdba, 'USAGE') OR CASE WHEN :maintain
    THEN has_table_privilege(r.oid, 'pg_statistic', 'MAINTAIN') END AS statistics
FROM pg_roles r, pg_database d WHERE r.rolname = :role AND d.datname = current_database()
""")

# (type of object, its name, role or "" for PUBLIC, privilege), as the catalogue has it now.
_GRANTS = text("""
SELECT 'database', datname::text, coalesce(pg_get_userbyid(nullif(grantee, 0)), ''), privilege_type
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
WHERE datname = current_database()
UNION ALL
SELECT 'schema', nspname::text, coalesce(pg_get_userbyid(nullif(grantee, 0)), ''), privilege_type
FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
WHERE nspname = 'public'
UNION ALL
SELECT 'relation', relname::text, coalesce(pg_get_userbyid(nullif(grantee, 0)), ''), privilege_type
FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
WHERE relnamespace = 'public'::regnamespace AND relname = ANY (:relations)
""")
_MEMBER = text(
    "SELECT pg_has_role(oid, 'SET') AND pg_has_role(oid, 'USAGE') FROM pg_roles"
    " WHERE rolname = :role"
)
_DEFAULTS = text(
    "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole"
    " WHERE setdatabase = 0 AND rolname = :role"
)


def missing(connection: Connection, needed: Mapping[str, int] | None = None) -> list[str]:
    """Return the statements still to run in this database, in order, for the login of it.

    needed: connections by login, where it is known how many the service opens.
    """
    database, login = connection.execute(text("SELECT current_database(), session_user")).one()
    roles = {each: f"{database}_{each}" for each in LOGINS}
    # Others could only ask their administrator, who may have reasons: doctor does.
    ours = connection.scalar(_SUPERUSER)
    public = PUBLIC_DEFAULTS | (PUBLIC_DEFAULTS_OF_OURS if ours else {})
    return [
        *_extensions_and_roles(connection, roles, login),
        *_grants(connection, database, roles),
        *_functions(connection, roles),
        *(open_functions(connection) if ours else ()),
        *_connections(connection, roles, needed or {}),
        *_defaults(connection, roles["public"], public),
        *_defaults(connection, roles["inbox"], INBOX_DEFAULTS),
        *erasing(connection, roles["owner"]),
    ]


def _extensions_and_roles(
    connection: Connection, roles: dict[str, str], login: str
) -> Iterator[str]:
    installed = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    for name in EXTENSIONS:
        if name not in installed:
            yield f"CREATE EXTENSION {name}"
    known = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    for role in roles.values():
        if role not in known:
            yield f'CREATE ROLE "{role}" NOLOGIN'
    if not connection.scalar(_MEMBER, {"role": roles["owner"]}):
        yield f'GRANT "{roles["owner"]}" TO "{login}" WITH INHERIT TRUE, SET TRUE'


def _grants(connection: Connection, database: str, roles: dict[str, str]) -> Iterator[str]:
    found = connection.execute(_GRANTS, {"relations": list(POSTGIS_RELATIONS)})
    granted = {tuple(row) for row in found}
    objects = [("database", database), ("schema", "public")]
    objects += [("relation", name) for name in POSTGIS_RELATIONS]
    owner, staff, public, inbox = (roles[each] for each in LOGINS)
    wanted = {
        ("database", database): {
            **dict.fromkeys((staff, public, inbox), "CONNECT"),
            owner: "CONNECT, CREATE",
        },
        # Functions and types of the extensions live there; its tables stay closed one by one.
        ("schema", "public"): {
            **dict.fromkeys((staff, public, inbox), "USAGE"),
            owner: "USAGE, CREATE",
        },
        # Reference data of PostGIS, without which nobody measures on the globe.
        ("relation", "spatial_ref_sys"): {staff: "SELECT", public: "SELECT", owner: "SELECT"},
    }
    # The owner role first: once PUBLIC has lost it, a login without it could grant nothing more.
    for object_type, name in objects:
        target = f'"{name}"' if object_type == "relation" else f'{object_type.upper()} "{name}"'
        for role, privileges in wanted.get((object_type, name), {}).items():
            if not {(object_type, name, role, each) for each in privileges.split(", ")} <= granted:
                yield f'GRANT {privileges} ON {target} TO "{role}"'
        known = {each for each in granted if each[:2] == (object_type, name)}
        # The tables of PostGIS, if they are not there yet, will be open to all once they are.
        if any(each[2] == "" for each in known) or not known:
            yield f"REVOKE ALL ON {target} FROM PUBLIC"


def _functions(connection: Connection, roles: dict[str, str]) -> Iterator[str]:
    yield from _left_to(connection, (roles["owner"], roles["staff"]), FOR_WRITERS)
    yield from _left_to(connection, (), FOR_NOBODY)


def open_functions(connection: Connection) -> Iterator[str]:
    """Yield the statements that take from everybody what the service does without."""
    database = connection.scalar(text("SELECT current_database()"))
    if _open_to(connection, "", FOR_NOTIFIERS):
        writers = (f"{database}_owner", f"{database}_staff")
        yield from _left_to(connection, writers, FOR_NOTIFIERS)
    yield from _left_to(connection, (), FOR_NOBODY_HERE)


def _left_to(connection: Connection, roles: tuple[str, ...], names: str) -> Iterator[str]:
    """Yield what leaves functions to some roles alone."""
    for role in roles:
        if functions := _open_to(connection, role, names):
            yield f'GRANT EXECUTE ON FUNCTION {functions} TO "{role}"'
    if functions := _open_to(connection, "", names):
        yield f"REVOKE ALL ON FUNCTION {functions} FROM PUBLIC"


def _open_to(connection: Connection, role: str, names: str) -> str | None:
    """Return functions that everybody may call, or a role not by itself."""
    found = connection.scalar(_OPEN_FUNCTIONS, {"names": names, "role": role})
    return cast("str | None", found)


def erasing(connection: Connection, owner: str, login: str | None = None) -> Iterator[str]:
    """Yield what the owner role still lacks to erase what was public; or only what login lacks."""
    major = connection.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
    asked = {"role": login or owner, "maintain": (major or 0) >= MAINTAIN_SINCE}
    found = connection.execute(_ERASING, asked).one_or_none()
    if found is None or not found.checkpoint:
        yield f'GRANT pg_checkpoint TO "{owner}"'
    if found is None or not found.journal:
        yield f'GRANT EXECUTE ON FUNCTION pg_ls_waldir(), pg_switch_wal() TO "{owner}"'
    if found is None or not found.statistics:
        if asked["maintain"]:
            yield f'GRANT MAINTAIN ON pg_catalog.pg_statistic TO "{owner}"'
        else:
            yield f'ALTER DATABASE "{connection.engine.url.database}" OWNER TO "{owner}"'


def _connections(
    connection: Connection, roles: dict[str, str], needed: Mapping[str, int]
) -> Iterator[str]:
    """Yield what limits the connections of a login, never below what an administrator has set."""
    for login, usual in CONNECTIONS.items():
        limit = connection.scalar(_CONNECTIONS, {"role": roles[login]})
        least = needed.get(login, 0)
        if limit in (None, -1):
            yield f'ALTER ROLE "{roles[login]}" CONNECTION LIMIT {max(usual, least)}'
        elif limit < least:
            yield f'ALTER ROLE "{roles[login]}" CONNECTION LIMIT {least}'


def _defaults(
    connection: Connection, role: str, defaults: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    found = set(connection.scalars(_DEFAULTS, {"role": role}))
    for name, (written, stored) in defaults.items():
        if f"{name}={stored}" not in found:
            yield f'ALTER ROLE "{role}" SET {name} = {written}'


def unavailable(connection: Connection) -> list[str]:
    """Return the extensions that the server's machine does not have."""
    there = set(connection.scalars(text("SELECT name FROM pg_available_extensions")))
    return [name for name in EXTENSIONS if name not in there]


def script(database: str, statements: Iterable[str], absent: Iterable[str], version: int) -> str:
    """Return the SQL to hand to an administrator; absent extensions must be installed first."""
    lines = [f"-- en superutilisateur, dans la base {database} :"]
    if names := ", ".join(absent):
        package = f"postgresql-{version}-postgis-3"
        lines.append(f"-- d'abord, sur le serveur, installer {names} (apt-get install {package})")
    return "\n".join([*lines, *(f"{statement};" for statement in statements)])
