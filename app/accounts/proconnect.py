"""From who comes back from ProConnect to a session: by an account that an invitation linked."""

import base64
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import attempts, codes, flows, identities, inviting, notices, passkeys, people
from app.accounts.errors import (
    CodeWrong,
    FactorMissing,
    FactorUnasserted,
    IdentityMoved,
    IdentityUnknown,
    LastFactor,
    ProfessionalsOnly,
    SignInLeft,
)
from app.accounts.flows import Flow
from app.accounts.people import BY_SERVICE
from app.accounts.signing_in import (
    Door,
    Opened,
    begin_again,
    note_wrong_codes,
    open_for,
    own_author,
    show_code,
)
from app.audit.actions import Action
from app.audit.journal import Author, add, note
from app.models import Account, Role
from app.models.account import Factor
from app.platform.database.sessions import read, write
from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.platform.oidc.provider import Came, Identity, Provider, Registered
from app.settings import Settings
from app.vault.digests import digest, index_key
from app.vault.sealing import NotOpened, Vault

BY: Factor = "proconnect"
# As a provider says that somebody is not vouched for as was asked.
DENIED = "access_denied"
# What a browser sends back of a cookie in all is some 4,000 bytes.
LONGEST_TOKEN = 2_000


# What the journal says of what was wrong: for whoever looks after the service.
REASONS = {
    "acr": "un seul facteur là où deux étaient demandés",
    "addresses": "adresses d’un autre site que le fournisseur",
    "answer": "réponse illisible",
    "audience": "jeton d’un autre service",
    "code": "code refusé par le fournisseur",
    "expired": "jeton périmé",
    "issued": "jeton d’une autre heure",
    "issuer": "jeton d’un autre fournisseur",
    "key": "clé de signature inconnue",
    "keys": "clés de signature illisibles",
    "nonce": "jeton d’une autre connexion",
    "organisation": "organisation autre que celle qui a été approuvée",
    "sent by": "réponse d’un autre fournisseur",
    "signature": "signature fausse ou d’un algorithme refusé",
    "subject": "identité qui n’est pas la même d’un jeton à l’autre",
    "tokens": "jetons manquants",
    "userinfo": "identité qui n’est pas signée",
}


class FactorAwaited(Exception):
    """Somebody came back whose second factor is to be shown here."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.identity = identity


@dataclass(frozen=True, slots=True)
class Back:
    """With what a browser came back, and where it was to. error: what the provider says instead."""

    came: Came
    url: str
    error: str = ""


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider of the settings, one for the process; None where none is set."""
    if not settings.proconnect_url or settings.proconnect_client_secret is None:
        return None
    return _provider(
        Registered(
            settings.proconnect_url,
            settings.proconnect_client_id,
            settings.proconnect_client_secret,
            settings.proconnect_acr,
        )
    )


_provider = lru_cache(maxsize=4)(Provider)


def come_back(
    door: Door, settings: Settings, provider: Provider, flow: Flow, back: Back
) -> tuple[Opened, str]:
    """Return a session, and the token by which that of the provider ends.

    Raises FactorAwaited, or what is wrong. Of whoever is not let in nothing is written but that
    they tried, what was wrong, and that administrateurs were told of another organisation.
    """
    identity = _identified(door, provider, flow, back)
    opened = _enrol(door, flow, identity) if flow.token else _sign_in(door, settings, identity)
    return opened, identity.token


def _identified(door: Door, provider: Provider, flow: Flow, back: Back) -> Identity:
    with write(door.engine) as session:
        flows.use(session, door.vault, flow)
        attempt = None
        if back.came.code and not back.error:
            key = index_key(session, door.vault)
            own = digest(key, BY, flow.id.hex)
            # Apart from passwords: whoever fails here, or a provider that does, makes none wait.
            network = digest(key, f"network of {BY}", door.network)
            attempt = attempts.admit(session, own, network, door.now)
    if attempt is None:
        raise FactorUnasserted if flow.two_factors and back.error == DENIED else SignInLeft
    try:
        found = provider.identify(back.came, flow.asked, back.url, door.now)
    except IdentityRefused as error:
        _note_refused(door, error.why)
        raise
    except ProviderSilent:
        # Nobody's fault behind this address: an office of many comes from one.
        with write(door.engine) as session:
            attempts.take_back(session, attempt)
        raise
    # Vouched for, though it may be by less than was asked.
    with write(door.engine) as session:
        attempts.forget(session, attempt)
    if flow.two_factors and not found.has_two_factors:
        # It was asked for two: who says less is not believed by half.
        _note_refused(door, "acr")
        raise FactorUnasserted
    return found


def _note_refused(door: Door, why: str, subject: str = "") -> None:
    detail = {"par": BY, "motif": REASONS.get(why, why)}
    note(door.engine, door.vault, Author(""), Action.REFUSED, subject, detail)


def _sign_in(door: Door, settings: Settings, identity: Identity) -> Opened:
    with write(door.engine) as session:
        account, row = identities.account_of(session, door.vault, identity)
        person = people.read_person(door.vault, account)
        if person.role is not Role.PROFESSIONNEL or not people.is_usable(account, door.now):
            raise IdentityUnknown
        moved = identities.has_moved(door.vault, row, person, identity)
        is_news = moved and identities.is_to_be_notified(row, door.now)
        if not moved:
            row.used_at = door.now
    if moved:
        _note_refused(door, "organisation", str(person.id))
        if is_news:
            notices.mail_administrators(
                settings,
                door.engine,
                door.vault,
                deed=Action.REFUSED,
                person=person,
                by=BY_SERVICE,
                now=door.now,
                why="moved",
            )
        raise IdentityMoved
    if identity.has_two_factors:
        return open_for(door, person.id, BY)
    if not person.has_code:
        raise FactorMissing
    raise FactorAwaited(identity)


def _enrol(door: Door, flow: Flow, identity: Identity) -> Opened:
    if not identity.has_two_factors:
        raise FactorAwaited(identity)
    with write(door.engine) as session:
        account = _link(session, door, flow.token, identity)
        account_id = account.id
    return open_for(door, account_id, BY)


def _link(session: Session, door: Door, token: str, identity: Identity) -> Account:
    """Use an invitation up, and let somebody in by an identity from now on."""
    account = begin_again(session, door, token)
    if account.role != Role.PROFESSIONNEL:
        raise ProfessionalsOnly
    identities.link(session, door.vault, account.id, identity, door.now)
    add(session, door.vault, own_author(account), Action.ENROLLED, detail={"par": BY})
    return account


def by_code(door: Door, flow: Flow, code: str) -> Opened:
    """Open a session for who came back, by the second factor of their account; note wrong codes.

    Raises CodeWrong or SignInMustWait, after which another code may be given; SignInLeft.
    """
    identity = _came_back(flow)
    with write(door.engine) as session:
        account_id = identities.account_of(session, door.vault, identity)[0].id
    with write(door.engine) as session:
        attempt = attempts.admit_factor(session, door.vault, account_id, door.now)
    try:
        with write(door.engine) as session:
            show_code(session, door, account_id, attempt, code)
            flows.use(session, door.vault, flow)
    except CodeWrong:
        note_wrong_codes(door, account_id, attempt)
        raise
    return open_for(door, account_id, BY)


def enrol_by_code(door: Door, flow: Flow, sealed: str, code: str) -> Opened:
    """Link who came back by an invitation, with an application as their second factor.

    sealed: its key, as the page had it. Raises CodeWrong; SignInLeft, InvitationEnded,
    IdentityTaken or ProfessionalsOnly.
    """
    identity = _came_back(flow)
    with read(door.engine) as session:
        invited = inviting.read_invitation(session, door.vault, flow.token, door.now)
    secret = inviting.read_secret(door.vault, invited.invitation_id, sealed)
    step = codes.step_of(secret.encode(), code, door.now, 0) if secret else None
    if secret is None or step is None:
        raise CodeWrong
    with write(door.engine) as session:
        account = _link(session, door, flow.token, identity)
        account_id = account.id
        account.totp = door.vault.seal("account", account_id, "totp", secret.encode())
        account.totp_step = step
        printed = codes.renew(session, door.vault, account_id)
        flows.use(session, door.vault, flow)
    return open_for(door, account_id, BY, printed)


def _came_back(flow: Flow) -> Identity:
    if flow.step != "code" or flow.identity is None:
        raise SignInLeft
    return flow.identity


def unlink(session: Session, vault: Vault, account: Account, author: Author) -> None:
    """Let somebody in by ProConnect no more; raise LastFactor where it is their last way in."""
    if account.password is None and not passkeys.has_any(session, account.id):
        raise LastFactor
    identities.remove(session, account.id)
    if account.password is None:
        # It was shown beside ProConnect alone.
        account.totp = None
        codes.remove_all(session, account.id)
    add(session, vault, author, Action.IDENTITY_REMOVED)


def seal_token(vault: Vault, account_id: UUID, token: str) -> str:
    """Return, for a cookie, that by which a session at the provider ends; "" where it is long."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return ""
    sealed = vault.seal("flow", account_id, "token", token.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def read_token(vault: Vault, account_id: UUID, given: str) -> str:
    """Return what such a cookie holds; "" where it is not of this account."""
    try:
        sealed = base64.urlsafe_b64decode(given.encode())
        return vault.open("flow", account_id, "token", sealed).decode()
    except (ValueError, IndexError, NotOpened):
        return ""
