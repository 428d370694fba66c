"""What a member says of themselves, as it is sealed, and what of it somebody else reads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from app.models import NetworkMember
from app.network.words import FUNCTIONS, languages, themes
from app.vault.lenient import Unread
from app.vault.sealing import Vault
from app.visible.members import AUDIENCES, Audience

TABLE, COLUMN = NetworkMember.__tablename__, "profile"
# Of each text, so many signs.
LONGEST = {
    **{"function_text": 120, "trains_text": 500, "helps": 500},
    **{"mailbox": 254, "mail": 254, "phone": 20},
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile; what its owner did not say is empty. audiences: field -> who reads it.

    function, territories, themes, languages: codes. mailbox: of their service; mail: their own.
    """

    function: str = ""
    function_text: str = ""
    territories: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    trains: bool = False
    trains_text: str = ""
    helps: str = ""
    languages: tuple[str, ...] = ()
    mailbox: str = ""
    mail: str = ""
    phone: str = ""
    audiences: Mapping[str, Audience] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Return what may name a place, by field."""
        given = {name: str(getattr(self, name)) for name in LONGEST}
        return {name: text for name, text in given.items() if text}

    def audience(self, name: str) -> Audience:
        """Return who reads a field."""
        return self.audiences.get(name, AUDIENCES[name])

    def only(self, fields: Collection[str]) -> "Profile":
        """Return what of it is in some fields."""
        nothing = Profile()
        left = {name: getattr(nothing, name) for name in _NAMES if name not in fields}
        return replace(self, **left)

    def words(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield each field with what a search by words finds of it; names: of territories."""
        yield "function", FUNCTIONS.get(self.function, "")
        yield "function_text", self.function_text
        yield "trains_text", self.trains_text
        yield "helps", self.helps
        for name, known in (
            ("territories", names),
            ("themes", themes()),
            ("languages", languages()),
        ):
            yield name, " ".join(known.get(code, "") for code in getattr(self, name))

    def says_less(self, former: "Profile") -> bool:
        """Say whether it leaves out something of a former one, or shows it to fewer."""
        order = ("moi", "departement", "reseau")
        narrower = any(
            order.index(self.audience(name)) < order.index(former.audience(name))
            for name in AUDIENCES
        )
        return narrower or any(
            getattr(former, name) and getattr(former, name) != getattr(self, name)
            for name in _NAMES
        )


_NAMES = tuple(name for name in Profile.__dataclass_fields__ if name != "audiences")


def as_json(profile: Profile) -> dict[str, Any]:
    """Return it as it is sealed."""
    return asdict(profile)


def from_json(said: Mapping[str, Any]) -> Profile:
    """Return what was sealed; of what was erased at somebody's request the rest."""
    nothing = Profile()
    given: dict[str, Any] = {}
    for name in _NAMES:
        value, usual = said.get(name), getattr(nothing, name)
        if isinstance(usual, tuple):
            given[name] = tuple(each for each in value or () if isinstance(each, str))
        else:
            given[name] = usual if value is None else value
    audiences = {
        name: who
        for name, who in (said.get("audiences") or {}).items()
        if name in AUDIENCES and who in ("moi", "departement", "reseau")
    }
    return Profile(**given, audiences=audiences)


def held_profile(vault: Vault, account_id: UUID, sealed: bytes | None) -> dict[str, Any]:
    """Return what a member sealed, for who asks what is held on them."""
    said = vault.open_json(TABLE, account_id, COLUMN, sealed) if sealed is not None else {}
    return said if isinstance(said, Unread) else as_json(from_json(said))


def open_profile(vault: Vault, account_id: UUID, sealed: bytes | None) -> Profile:
    """Return what a member sealed; an empty one of whoever wrote nothing yet."""
    if sealed is None:
        return Profile()
    return from_json(vault.open_json(TABLE, account_id, COLUMN, sealed))
