"""Public establishments of FINESS by their number: where a unit is that another register names."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from app.records.viewing import see
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.registers.activities import Host


def hosts(
    session: Session, vault: Vault, viewer: Viewer, numbers: Collection[str]
) -> Mapping[str, Host]:
    """Return those of the numbers whose actor is public, and none that somebody hidden has too."""
    found: dict[str, Host] = {}
    hidden: set[str] = set()
    wanted = set(numbers)
    for each in see(session, vault, viewer):
        record = each.record
        if record.finess not in wanted:
            continue
        if each.level is not None or record.status != "published":
            hidden.add(record.finess)
            continue
        found[record.finess] = Host(
            name=record.name,
            territory=record.territory,
            address=_street(record.address or "", record.postcode or "") or record.street or "",
            postcode=record.postcode or "",
            city=record.city or "",
            commune=record.commune or "",
            lon=record.lon,
            lat=record.lat,
            phone="; ".join(each for each in record.phones if each not in record.unpublished),
        )
    return {number: host for number, host in found.items() if number not in hidden}


def _street(address: str, postcode: str) -> str:
    """Return an address as it is written, without its line of the town."""
    lines = address.splitlines()
    town = bool(lines and postcode and lines[-1].startswith(postcode))
    return "\n".join(lines[:-1] if town else lines)
