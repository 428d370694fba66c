"""The filters of a list of actors, as the address bar writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from app.errors import FilterUnknown
from importers.vocabulary import Vocabulary


def valid_codes(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return what each filter of the address knows, in the order in which it is shown."""
    categories = (each.code for each in vocabulary.categories.values() if each.publishable)
    return {
        "categorie": tuple(categories),
        "fonction": tuple(vocabulary.functions),
        "public": tuple(vocabulary.audiences),
    }


@dataclass(frozen=True, slots=True)
class Filters:
    """Codes of vocabulary.toml; an empty one lets everything through.

    An actor passes where it has one of the values of every filter that is not empty.
    """

    categorie: tuple[str, ...] = ()
    fonction: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        vocabulary: Vocabulary,
        *,
        categorie: Iterable[str] = (),
        fonction: Iterable[str] = (),
        public: Iterable[str] = (),
    ) -> "Filters":
        """Check what an address asks for, in the vocabulary's order; raises FilterUnknown."""
        asked = {"categorie": categorie, "fonction": fonction, "public": public}
        chosen: dict[str, tuple[str, ...]] = {}
        for name, valid in valid_codes(vocabulary).items():
            values = set(asked[name])
            for value in sorted(values.difference(valid)):
                raise FilterUnknown(name=name, value=value[:80], valid=", ".join(valid))
            chosen[name] = tuple(code for code in valid if code in values)
        return cls(**chosen)

    @property
    def active(self) -> bool:
        """Return whether anything is filtered."""
        return bool(self.categorie or self.fonction or self.public)

    def query(self) -> str:
        """Return the query string that reproduces the filters, with its "?", or nothing."""
        pairs = [(name, code) for name in self.__slots__ for code in getattr(self, name)]
        return f"?{urlencode(pairs)}" if pairs else ""

    def parameters(self) -> dict[str, list[str] | None]:
        """Return the bound parameters of app.actors.queries: null lets everything through."""
        return {
            "categories": list(self.categorie) or None,
            "functions": list(self.fonction) or None,
            "audiences": list(self.public) or None,
        }
