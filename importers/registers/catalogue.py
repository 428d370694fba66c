"""The national registers that fill the map: registers.toml, checked."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from importers.mapping import shipped


class Canary(BaseModel):
    """What every good edition says: the body of a category in charge of a commune has this name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commune: str
    category: str
    name: str


class Register(BaseModel):
    """A register: who publishes it, and how far it is believed.

    title: as cards name it. url: where the file is, "" where somebody gives it. rank: below that of
    lists, which know their territory better. mapping: of importers/mappings; none where it makes
    no actor, and says of communes who is competent there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z_]+$")
    title: str
    publisher: str
    licence: str
    page: str
    url: str = ""
    rank: int = Field(default=1, ge=1)
    mapping: str = ""
    # Nobody publishes it at an address: somebody is given the file.
    by_file: bool = False
    canary: tuple[Canary, ...] = ()


@cache
def registers() -> dict[str, Register]:
    """Return the registers by their code; ValueError where the mapping of one is not there."""
    raw = tomllib.loads((Path(__file__).parent / "registers.toml").read_text(encoding="utf-8"))
    found = {code: Register.model_validate({"code": code, **each}) for code, each in raw.items()}
    for each in found.values():
        if each.mapping and each.mapping not in shipped():
            raise ValueError(f"{each.code}: no mapping {each.mapping}")
    return found


def title_of(code: str | None) -> str | None:
    """Return how pages name a register; None for none, and for one that is known no more."""
    found = registers().get(code) if code else None
    return found.title if found else None
