"""What a server still shows of what it is given, and whether the keys open everything.

The embedded database is set up to show nothing; an outside one is its administrator's, so that all
we can do is to look, as the two logins of the service see it, and to say what to change.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, func, select, text

from app.accounts.proconnect import REASONS, provider_of
from app.embeds.registration import selected
from app.embeds.stored import read_all
from app.models import ErasureRequest
from app.operations import resource_debt
from app.operations.backups import backups_read
from app.operations.erasure import owed, unpurged
from app.operations.finding import Finding
from app.operations.unfinished_erasures import unfinished
from app.platform.database.engines import Databases
from app.platform.database.preparation import PUBLIC_DEFAULTS, PUBLIC_DEFAULTS_OF_OURS
from app.platform.database.sessions import read
from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.settings import Settings, web_address
from app.vault.rotation import status
from app.vault.sealing import Vault

# What the server's log and views show: setting, the values that are harmless, what to do.
_SETTINGS = (
    (
        "log_statement",
        {"none"},
        "le journal garde chaque requête avec ses valeurs. Mettez-le à « none ».",
    ),
    (
        "log_min_messages",
        {"log", "fatal", "panic"},
        "le texte des erreurs, qui cite des valeurs, va au journal. Mettez-le à « log ».",
    ),
    (
        "log_min_error_statement",
        {"log", "fatal", "panic"},
        "le journal garde les requêtes qui échouent. Mettez-le à « panic ».",
    ),
    (
        "log_error_verbosity",
        {"terse"},
        "le détail des erreurs, qui cite des lignes entières, va au journal."
        " Mettez-le à « terse ».",
    ),
    (
        "log_parameter_max_length_on_error",
        {"0"},
        "les valeurs d'une requête qui échoue vont au journal. Mettez-le à 0.",
    ),
    (
        "auto_explain.log_min_duration",
        {"-1", None},
        "les plans des requêtes lentes vont au journal avec des valeurs. Mettez-le à -1.",
    ),
    (
        "pg_stat_statements.track",
        {"none", None},
        "le texte des requêtes est gardé dans une vue et sur le disque. Mettez-le à « none ».",
    ),
)
_SLOW = ("log_min_duration_statement", "log_min_duration_sample")
_SLOW_SHOWN = (
    "le journal garde les requêtes lentes avec leurs valeurs."
    " Mettez log_parameter_max_length à 0, ou ce réglage à -1."
)
_WATCHERS = text(
    "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper"
    " AND pg_has_role(oid, 'pg_read_all_stats', 'USAGE') ORDER BY rolname"
)
_ELSEWHERE = text(
    "SELECT datname FROM pg_database WHERE datallowconn AND datname <> current_database()"
    " AND has_database_privilege(oid, 'CONNECT') ORDER BY datname"
)
_IN_CLEAR = text(
    "SELECT NOT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND inet_client_addr()"
    " IS NOT NULL AND NOT inet_client_addr() <<= ANY ('{127.0.0.0/8,::1/128}'::inet[])"
)
# A login may give itself defaults, for all databases or for this one, and so may who took it.
_OWN_SETTINGS = text(
    "SELECT setting FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole,"
    " unnest(setconfig) AS setting WHERE rolname = current_user ORDER BY setting"
)
_SUPERUSER = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")

# What visitors have a right to know: setting, what is missing.
_LEGAL = {
    "contact": "l'adresse de courriel du service",
    "publisher_address": "l'adresse de l'éditeur",
    "publication_director": "la personne qui dirige la publication",
    "hosted_by": "le nom, l'adresse et le téléphone de l'hébergeur",
    "public_url": "l'adresse du service, dont le plan du site a besoin",
}


def examine(databases: Databases, vault: Vault) -> list[Finding]:
    """Return everything that still shows; nothing where all is well."""
    found: dict[Finding, None] = {}
    logins = {"staff": databases.staff, "public": databases.public, "inbox": databases.inbox}
    for login, engine in logins.items():
        if engine is None:
            continue
        with engine.connect() as connection:
            found |= dict.fromkeys((*_log(connection), *_login(connection, login)))
    staff = databases.staff
    return [*found, *_remains(staff), *_embeds(staff), *_keys(staff, vault)]


def remembered(staff: Engine, settings: Settings) -> list[Finding]:
    """Return what still holds something that was erased at somebody's request."""
    with read(staff) as session:
        count = unfinished(session, settings)
        last = session.scalar(select(func.max(ErasureRequest.at)))
        ended = session.scalar(select(func.max(ErasureRequest.purged_at)))
    found = []
    if count:
        found.append(
            Finding(
                f"effacements à finir : {count}",
                "arrêtés en route, ou défaits par une sauvegarde restaurée. Exécutez « mesure23"
                " purge ».",
            )
        )
    # A purge waits for whoever still reads what was there before: a dump that ends later is clean.
    limit = ended if ended and last and ended > last else None
    listed = backups_read(settings.backup_dir)
    if listed is None and last is not None:
        found.append(
            Finding(
                f"sauvegardes : {settings.backup_dir} ne peut pas être lu",
                "elles gardent peut-être ce qui a été effacé à la demande d'une personne. Regardez"
                " si leur disque est monté et lisible à ce compte.",
            )
        )
    held = [
        each.name
        for each in listed or ()
        if last is not None and (limit is None or each.written_at <= limit)
    ]
    if held:
        found.append(
            Finding(
                f"sauvegardes : {', '.join(held)}",
                "elles gardent ce qui a été effacé à la demande d'une personne. Refaites-en une,"
                " puis détruisez-les.",
            )
        )
    return found


def unsaid(settings: Settings) -> list[Finding]:
    """Return what the legal pages of a service in production show as missing."""
    if settings.env != "production":
        return []
    needed = dict(_LEGAL)
    if settings.access_log:
        needed["access_log_days"] = "la durée de conservation du journal, en jours"
    return [
        Finding(f"MESURE23_{name.upper()}", f"il manque {what}.")
        for name, what in needed.items()
        if not getattr(settings, name)
    ]


def unusable(settings: Settings) -> list[Finding]:
    """Return settings with which the service starts, and that fail once they are used."""
    found = _provider(settings)
    try:
        web_address(settings.geocoder_url)
    except ValueError:
        found.append(
            Finding(
                "MESURE23_GEOCODER_URL",
                "ce n'est pas une adresse https://… : aucune adresse ne peut être cherchée."
                " Corrigez-la.",
            )
        )
    return found


def _provider(settings: Settings) -> list[Finding]:
    """Return why nobody can sign in by ProConnect, where it is set."""
    if (provider := provider_of(settings)) is None:
        return []
    name = "MESURE23_PROCONNECT_URL"
    try:
        provider.check()
    except ProviderSilent:
        todo = "rien ne répond à cette adresse. Ouvrez-lui le réseau, ou corrigez-la."
        return [Finding(name, todo)]
    except IdentityRefused as error:
        why = REASONS.get(error.why, error.why)
        return [Finding(name, f"ce n'est pas un fournisseur d'identité : {why}. Corrigez-la.")]
    return []


def _log(connection: Connection) -> Iterator[Finding]:
    """Yield what the server notes; as this login sees it, since each may have its own settings."""
    for name, harmless, todo in _SETTINGS:
        value = _setting(connection, name)
        if value not in harmless:
            yield Finding(f"{name} = {value}", todo)
    if _setting(connection, "log_parameter_max_length") != "0":
        for name in _SLOW:
            if _setting(connection, name) != "-1":
                yield Finding(name, _SLOW_SHOWN)


def _setting(connection: Connection, name: str) -> str | None:
    """Return a setting as it is for this login; None where its library is not loaded."""
    value: str | None = connection.scalar(
        text("SELECT current_setting(:name, true)"), {"name": name}
    )
    return value


def _login(connection: Connection, login: str) -> Iterator[Finding]:
    if connection.scalar(_SUPERUSER):
        yield Finding(
            f"superutilisateur ({login})",
            "cet identifiant peut tout lire. Exécutez « mesure23 db roles », qui en crée d'autres.",
        )
        return
    if connection.scalar(_IN_CLEAR):
        yield Finding(
            f"ssl ({login})",
            "la connexion passe en clair sur le réseau. Activez ssl sur le serveur, et ajoutez"
            " « ?sslmode=verify-full » à l'adresse.",
        )
    if login == "staff" and (names := connection.scalars(_WATCHERS).all()):
        yield Finding(
            "pg_read_all_stats",
            f"d'autres identifiants voient les requêtes en cours ({', '.join(names)})."
            " Retirez-leur ce rôle, ou pg_monitor.",
        )
    if login == "public":
        yield from _own_settings(connection)
        for name in connection.scalars(_ELSEWHERE):
            yield Finding(
                f"base {name}",
                "l'identifiant public peut y entrer. Exécutez-y : "
                f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC;',
            )


def _own_settings(connection: Connection) -> Iterator[Finding]:
    given = PUBLIC_DEFAULTS | PUBLIC_DEFAULTS_OF_OURS
    ours = {f"{name}={value}" for name, (_, value) in given.items()}
    for setting in connection.scalars(_OWN_SETTINGS):
        if setting not in ours:
            name, _, _ = setting.partition("=")
            yield Finding(
                f"réglage {name} (public)",
                "l'identifiant public a un réglage que nous ne lui avons pas donné. Exécutez"
                " « mesure23 release », puis, s'il reste et n'est pas de vous, retirez-le par"
                f" ALTER ROLE … RESET {name} (et … IN DATABASE … RESET {name}).",
            )


def _remains(staff: Engine) -> Iterator[Finding]:
    with read(staff) as session:
        actors, erasures = len(set(owed(session).values())), len(unpurged(session))
        erased = resource_debt.owed(session)
        resources, taken = len(erased), len(resource_debt.taken(session).keys() - {*erased})
        around = resource_debt.cleared(session)
    if erasures:
        yield Finding(
            f"restes : {erasures} effacements",
            "ce qui a été effacé peut encore se lire dans les fichiers de la base. Exécutez"
            " « mesure23 purge ».",
        )
    if resources:
        yield Finding(
            f"restes : {resources} ressources",
            "elles sont effacées, et leurs versions scellées sont encore dans la base. Exécutez"
            " « mesure23 purge ».",
        )
    if taken:
        yield Finding(
            f"restes : {taken} ressources retirées",
            "ce que les visiteurs n’en lisent plus peut encore se lire dans les fichiers de la"
            " base. Exécutez « mesure23 purge ».",
        )
    if around:
        yield Finding(
            "restes : collections, mots et organismes",
            "ce qui en a été enlevé, car cela nomme quelqu’un de caché, peut encore se lire dans"
            " les fichiers de la base. Exécutez « mesure23 purge ».",
        )
    if actors:
        yield Finding(
            f"restes : {actors} fiches",
            "ce qui en était public avant leur protection peut encore se lire dans les fichiers de"
            " la base. Exécutez « mesure23 purge ».",
        )


def _embeds(staff: Engine) -> Iterator[Finding]:
    with read(staff) as session:
        for embed in read_all(session):
            if not embed.revoked_at and selected(session, embed) is None:
                yield Finding(
                    f"carte intégrée {embed.id}",
                    f"un territoire ou un filtre de « {embed.name} » n'existe plus : son site"
                    " montre une phrase au lieu de la carte. Créez-en une autre (mesure23 embed"
                    " create), puis retirez celle-ci (mesure23 embed revoke).",
                )


def _keys(staff: Engine, vault: Vault) -> Iterator[Finding]:
    found = status(staff, vault)
    for place, count in found.unopened.most_common():
        yield Finding(
            f"clés : {count} valeurs de {place}",
            "aucune clé connue ne les ouvre. Rendez la clé perdue à MESURE23_KEYS.",
        )
    old = sum(found.by_key[key_id] for key_id in vault.keys if key_id != vault.primary)
    if old:
        yield Finding(
            f"clés : {old} valeurs",
            "elles sont encore scellées par une ancienne clé. Exécutez « mesure23 keys rotate »."
            " S'il en revient, un service ne lit plus le fichier de clés : rendez-lui le droit de"
            " le lire.",
        )
