"""Marks: keyed digests by which an actor is found again, of which nothing can be read back."""

from app.vault.digests import digest
from geo.address import address_key
from importers.identity import name_key
from importers.row import ActorFields

# A mark: (kind, keyed digest).
Mark = tuple[str, bytes]
# By these, an actor leads to another one.
SHARED_KINDS = ("address", "phone")
# By these, with its category, a line of one source is known to be an actor of another.
MATCHING_KINDS = ("identity", "finess")


def marks(actor: ActorFields, key: bytes) -> set[Mark]:
    """Return every mark of an actor, or of a line of a list; key: of the digests."""
    found: set[Mark] = {("identity", digest(key, "identity", name_key(actor)))}
    numbers = {"finess": actor.finess, "siret": actor.siret, "rna": actor.rna}
    found |= {(kind, digest(key, kind, number)) for kind, number in numbers.items() if number}
    address = address_key(actor.street or actor.address, actor.commune)
    if address:
        found.add(("address", digest(key, "address", address)))
    # A short number (119, 3919) is everybody's.
    long = (phone for phone in actor.phones if phone.startswith("+"))
    return found | {("phone", digest(key, "phone", phone)) for phone in long}
