"""What is still legible of an entry in which something has another form than it should.

Of a place where people live each piece counts: who shares it is public as long as nobody knows it.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

# Of lists within lists; nothing that is read lies so deep.
_DEEPEST = 20


def text_in(value: object) -> str | None:
    """Return the texts and numbers of a value, whatever its form, one behind the other."""
    return "; ".join(dict.fromkeys(_texts(value, _DEEPEST))) or None


def _texts(value: object, deep: int) -> Iterator[str]:
    match value:
        case bool():
            return
        case str():
            if text := value.strip():
                yield text
        case int() | float() | Decimal():
            yield str(value)
        case list() | tuple() if deep:
            for each in value:
                yield from _texts(each, deep - 1)
        case Mapping() if deep:
            for each in value.values():
                yield from _texts(each, deep - 1)


def texts_of(model: type[BaseModel], value: object) -> dict[str, Any]:
    """Return the texts of an object by the names that a model has for them."""
    said = value if isinstance(value, Mapping) else {}
    names = (each.alias or name for name, each in model.model_fields.items())
    return {name: text_in(said.get(name)) for name in names}
