"""The one description of how the service is configured: environment variables, prefix MESURE23_.

Settings are passed in, never read at import, so that two services with different settings can
live in one process.
"""

import re
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def _networks(given: object) -> object:
    """Read "10.0.0.0/8, 127.0.0.1" as networks, each written as ipaddress does."""
    if not isinstance(given, str):
        return given
    names = (name.strip() for name in given.split(","))
    return tuple(str(ip_network(name)) for name in names if name)


# The host goes into a Content-Security-Policy: {s} is its only placeholder, and no other character.
_TILES_URL = re.compile(
    r"https?://(?:\{s\}\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?/[^\s\"'`\\<>]+", re.IGNORECASE
)

_NOT_IN_A_LINK = re.compile(r"[\s\"'`<>\\]")
# Valid in a mail address, and yet something else after "mailto:".
_NOT_IN_MAILTO = frozenset("?&%#")


def _tiles(given: str) -> str:
    """Accept "offered", "ign", "none", or a URL template with {z}, {x}, {y}; raise ValueError."""
    names = set(re.findall(r"\{([^}]*)\}", given))
    # Leaflet throws on a placeholder that it does not know.
    template = {"z", "x", "y"} <= names <= {"s", "z", "x", "y", "r"} and _TILES_URL.fullmatch(given)
    if given in {"offered", "ign", "none"} or template:
        return given
    raise ValueError("offered, ign, none, or https://…/{z}/{x}/{y}")


def web_address(given: str) -> str:
    """Accept an http or https address that may stand in a link; raise ValueError."""
    parts = urlsplit(given)
    if parts.scheme in {"http", "https"} and parts.hostname and not _NOT_IN_A_LINK.search(given):
        return given
    raise ValueError("https://…")


def _web_address_or_none(given: str) -> str:
    return web_address(given) if given else given


def _origin(given: str) -> str:
    """Return an http or https address without path, as "https://host"; raise ValueError."""
    if urlsplit(given).path in {"", "/"} and not set(given) & {"?", "#", "@"}:
        return web_address(given).removesuffix("/")
    raise ValueError("https://host")


def _issuer(given: str) -> str:
    """Return the https address of an identity provider, without a slash at its end."""
    parts = urlsplit(given)
    # On this machine, for whoever tries the service out.
    trusted = parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost"}
    if given and (not trusted or set(given) & {"?", "#", "@"}):
        raise ValueError("https://…")
    return _web_address_or_none(given.removesuffix("/"))


def _words(given: object) -> object:
    """Read "eidas2, eidas3" as several words."""
    if not isinstance(given, str):
        return given
    return tuple(each.strip() for each in given.split(",") if each.strip())


def _mail(given: str) -> str:
    """Return a mail address of ASCII, its host in lower case; raise ValueError."""
    try:
        found = validate_email(given, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("name@host") from None
    if _NOT_IN_MAILTO & set(given) or not found.normalized.isascii():
        raise ValueError("name@host")
    return found.normalized


def mail_or_web(given: str) -> str:
    """Accept a mail address or an https one, as security.txt names contacts; raise ValueError."""
    return web_address(given) if given.startswith("https://") else _mail(given)


def _smtp(given: SecretStr) -> SecretStr:
    """Accept smtp://name:password@host:port, or smtps://; raise ValueError."""
    parts = urlsplit(given.get_secret_value())
    # Reading the port raises the same error where it is none.
    whole = parts.hostname and parts.path in {"", "/"} and (parts.port or 1) > 0
    if parts.scheme in {"smtp", "smtps"} and whole:
        return given
    raise ValueError("smtps://host")


def _host_and_port(given: str) -> str:
    """Accept host:port, or [address]:port; raise ValueError."""
    parts = urlsplit(f"//{given}")
    with suppress(ValueError):
        # To read a port that is none raises the same error, in other words.
        if parts.hostname and parts.port is not None and parts.netloc == given and "@" not in given:
            return given
    raise ValueError("127.0.0.1:9100")


Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)]


class Settings(BaseSettings):
    """Frozen settings; each field is the variable MESURE23_ plus its name in capitals."""

    # Compose files hand on variables that are not set as empty ones.
    model_config = SettingsConfigDict(
        env_prefix="MESURE23_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    env: Literal["development", "production"] = "development"

    # Where the embedded cluster, prepared territories and generated keys lie.
    data_dir: Path = ROOT / "var"

    # Empty: the service starts a private cluster of its own in data_dir.
    database_url: SecretStr | None = None
    # The login of public pages; needed with database_url, derived for the embedded cluster.
    public_database_url: SecretStr | None = None
    # The login that adds what visitors write; with database_url and without it, forms take nothing.
    inbox_database_url: SecretStr | None = None
    # The login that migrates; database_url where it is not given.
    owner_database_url: SecretStr | None = None
    pool_size: Annotated[int, Field(ge=1)] = 8
    # Processes of public pages that run side by side: they share the connections of their login,
    # and what the geocoder allows.
    processes: Annotated[int, Field(ge=1)] = 1
    # Seconds that a request waits in all, for its turn, a place to make a file in, and connections;
    # then it is answered by 503.
    wait_most: Annotated[float, Field(gt=0)] = 2.0
    # Seconds for which a process goes on after TERM, and says that it is not ready: a proxy needs
    # as long to send visitors elsewhere.
    drain: Annotated[float, Field(ge=0)] = 5.0
    # Seconds that a copy of the database may be behind; public pages read nothing of an older one.
    lag_most: Annotated[float, Field(gt=0)] = 10.0

    # "id:base64 of 32 bytes", separated by commas, the first one seals; or a file with one a line.
    keys: SecretStr | None = None
    keys_file: Path | None = None

    # Where it is noted what was erased, apart from the database, so that no backup brings it back;
    # "erasures" beside the backups, or else in data_dir, where it is not given.
    erasures_file: Path | None = None
    # Where it is noted what was hidden, withdrawn or revoked: as above, "withdrawals".
    withdrawals_file: Path | None = None
    # Where the operator's backups lie: those that still hold what was erased are named.
    backup_dir: Path | None = None
    # What opens the backups: none of the keys above. Made beside them where it is not given.
    backup_passphrase_file: Path | None = None

    geocoder_url: str = "https://data.geopf.fr/geocodage"
    geocoder_timeout: Annotated[float, Field(gt=0)] = 10.0

    # Where the newest edition of a national register is; empty: as registers.toml says.
    finess_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    finess_activites_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    annuaire_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    communes_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    tribunaux_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    forces_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    # The API that says which establishments are closed.
    closures_url: Annotated[str, AfterValidator(web_address)] = (
        "https://recherche-entreprises.api.gouv.fr/search"
    )

    # Tile layer over the ground of the maps: "offered" (IGN's, to who chooses it), "ign" (to all),
    # "none", or a URL template with {z} {x} {y}.
    tiles: Annotated[str, AfterValidator(_tiles)] = "offered"
    tiles_attribution: str = ""

    # Largest list that is read, in bytes; lists of départements are far below 1 MB.
    import_max_bytes: Annotated[int, Field(ge=1)] = 20_000_000
    import_max_rows: Annotated[int, Field(ge=1)] = 100_000

    # Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: networks, by commas.
    trusted_proxies: Networks = ()
    # All visitors come by https, whatever the proxy says: Strict-Transport-Security is sent.
    https: bool = False
    # Pages that one client may ask for in a minute, and three times as many requests for data;
    # 0: no limit. A school is one client: 200 pupils who each open three pages in a minute.
    rate_limit: Annotated[int, Field(ge=0)] = 600
    # A line of JSON per request on the standard output, without address, search or browser.
    access_log: bool = False
    # How long that log is stored, in days: the service only writes it, and says so to visitors.
    access_log_days: Annotated[int | None, Field(ge=1)] = None

    # Where the quick exit leads: a page that anyone might be reading.
    exit_url: Annotated[str, AfterValidator(web_address)] = "https://meteofrance.com/"
    # The address of the service as visitors know it; else each request's own.
    public_url: Annotated[str, AfterValidator(_origin)] | None = None

    # The address of the desk as its staff know it, where it is not that of public pages: passkeys
    # and links in mails are made for it.
    desk_url: Annotated[str, AfterValidator(_origin)] | None = None
    # ProConnect, by which professionals may sign in: its issuer, what it knows the service by, and
    # which of its acr are of two factors. Off where none of the first three is given.
    proconnect_url: Annotated[str, AfterValidator(_issuer)] = ""
    proconnect_client_id: str = ""
    proconnect_client_secret: SecretStr | None = None
    proconnect_acr: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_words), Field(min_length=1)
    ] = (
        *("eidas2", "eidas3"),
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    )
    # smtp:// or smtps://name:password@host:port; without it mails are files of data_dir.
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = None
    # Who mails come from; the contact where it is not given.
    mail_from: Annotated[str, AfterValidator(_mail)] | None = None
    # Seconds between two signs of life of the worker; without four of them it is taken for gone.
    # `serve` starts one after 0.6 times as long, 3 s at most; again after 3 times, 15 s at most.
    worker_heartbeat: Annotated[float, Field(gt=0)] = 5.0
    # The page that a proxy shows when nothing answers; "spare/index.html" in data_dir where it is
    # not given.
    spare_page: Path | None = None
    # host:port at which this process shows what it counts, for Prometheus; apart from its pages.
    metrics: Annotated[str, AfterValidator(_host_and_port)] | None = None
    # After so many months the oldest ones of the journal may be cut.
    audit_months: Annotated[int, Field(ge=6)] = 12
    # Whether what is hidden is published by two people; a team of one cannot.
    four_eyes: bool = True

    # Who answers for the service, as its legal pages say; what is not given is said to be missing.
    publisher: str = "GIP France Enfance Protégée"
    publisher_address: str = ""
    publication_director: str = ""
    hosted_by: str = ""
    contact: Annotated[str, AfterValidator(_mail)] | None = None
    # A mail or an https address; the contact where there is none.
    security_contact: Annotated[str, AfterValidator(mail_or_web)] | None = None

    @field_validator("proconnect_client_secret")
    @classmethod
    def _whole(cls, given: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
        """Refuse ProConnect where it is half set: a button that leads nowhere helps nobody."""
        said = others.data.get("proconnect_url"), others.data.get("proconnect_client_id")
        if any(said) != bool(given) or any(said) != all(said):
            raise ValueError("all three of ProConnect, or none")
        return given
