"""What somebody chooses on the page that builds an embed; its address reproduces it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.embeds.code import HEIGHT, frame_title, iframe
from app.embeds.look import Look, embed_url
from app.places.schemas import Place
from app.search.criteria import Search
from app.search.facets import CATEGORY
from app.search.wording import chips
from importers import vocabulary

PATH = "/integrer"
# px. The width of a narrow phone.
PHONE = 360


class Where(StrEnum):
    """How one says where."""

    TERRITORIES = "territoires"
    PLACE = "lieu"
    FRANCE = "france"


class Colours(StrEnum):
    """Whose colours an embed has."""

    OURS = "site"
    CHOSEN = "choisies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """An embed in the making: what it selects, how it looks, height in px.

    where: which part of the form is open; territories without any chosen show all of France.
    """

    where: Where
    search: Search
    look: Look
    height: int = HEIGHT

    @property
    def src(self) -> str:
        """Return the path and query of the embed."""
        return embed_url(self.search, self.look)

    def at(self, place: Place | None) -> "Recipe":
        """Return the same around another place."""
        return replace(self, search=self.search.but(place=place, territory=None, among=()))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the categories that are chosen, by code."""
        return self.search.values(CATEGORY.name)

    def plain(self) -> "Recipe":
        """Return the same without what selects and has no field in the form."""
        bare = self.search.reset()
        return replace(self, search=bare.but(**{CATEGORY.name: self.chosen}))

    def url(self) -> str:
        """Return the address of the page that shows it again."""
        place = self.search.place
        here = [("lieu", place.code)] if place else []
        here += [("rayon", value) for name, value in self.search.pairs() if name == "rayon"]
        return self._url(here or [("dans", code) for code in self.search.territories])

    def url_at(self, code: str, *, territory: bool) -> str:
        """Return the same for another place, by its code, or for a territory."""
        return self._url([("dans" if territory else "lieu", code)])

    def _url(self, here: Iterable[tuple[str, str]]) -> str:
        pairs = list(here)
        if not pairs and self.where is not Where.TERRITORIES:
            pairs.append(("portee", self.where))
        pairs += self.criteria + self.look.pairs()
        if self.height != HEIGHT:
            pairs.append(("hauteur", str(self.height)))
        return PATH + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def criteria(self) -> list[tuple[str, str]]:
        """Return the parameters of its search that do not say where."""
        return [pair for pair in self.search.pairs() if pair[0] not in ("lieu", "rayon", "dans")]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return those for which the form has no field: they came with a link from a search."""
        return [pair for pair in self.criteria if pair[0] not in (CATEGORY.name, "fond")]

    def oembed(self, base: str) -> str:
        """Return the path and query at which programs find its code; base: as for code."""
        return f"/oembed?{urlencode({'url': base + self.src, 'format': 'json'})}"

    def title(self, names: Mapping[str, str]) -> str:
        """Return the title of its frame; names: of territories by code."""
        return frame_title(self.search, names)

    def code(self, base: str, names: Mapping[str, str]) -> str:
        """Return the code to paste; base: the address of the service."""
        return iframe(base + self.src, self.title(names), self.height)


def other_criteria(session: Session, recipe: Recipe) -> tuple[str, ...]:
    """Return in French what selects and has no field in the form."""
    others = recipe.search.but(**{CATEGORY.name: ()}, among=())
    return tuple(chip.label for chip in chips(session, others))


def by_family() -> list[tuple[str, list[vocabulary.Category]]]:
    """Return the categories that may be shown, under the label of their family."""
    words = vocabulary.load()
    shown = [each for each in words.categories.values() if each.searched]
    return [
        (family.label, [each for each in shown if each.family == family.code])
        for family in words.families.values()
    ]
