"""A public actor of a desk, and what it says to professionals."""

from uuid import uuid4

from sqlalchemy import select

from app.models import Actor
from app.platform.database.sessions import read
from importers.phones import format_french
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.short_lists import run
from tests.statements import statements

HEADER = (
    "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Astreinte;Horaires d'astreinte;"
    "Modalités d'orientation;Qui peut orienter;Âge minimum;Âge maximum"
)
# Said nowhere else.
HOW, WHO = "Par une fiche de saisine sentinelle.", "Tout magistrat sentinelle."


class Service:
    """A public actor of a test alone, with what it says to professionals."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, number = bureau, uuid4().int
        self.word = "".join(chr(ord("g") + number // 16**each % 16) for each in range(8))
        self.name = f"Service {self.word}"
        self.phone, self.line = (f"+331996{number // 10**at % 10_000:05}" for at in (0, 5))
        self.list()
        with read(bureau.databases.staff) as session:
            self.id = session.scalars(select(Actor.id).where(Actor.name == self.name)).one()

    def list(self, how: str = HOW, who: str = WHO) -> None:
        given = (format_french(each) for each in (self.phone, self.line))
        phones = ";".join(each.replace("\N{NO-BREAK SPACE}", " ") for each in given)
        where = f"3 rue {self.word.title()};93300;Aubervilliers"
        line = (
            f"{self.name};Association;{where};{phones};lundi au vendredi 20h-23h;{how};{who};12;17"
        )
        run(runtime(self.bureau), f"{HEADER}\r\n{line}".encode("cp1252"), source=self.name)

    @property
    def public_id(self) -> str:
        with read(self.bureau.databases.staff) as session:
            return session.get_one(Actor, self.id).public_id

    @property
    def page(self) -> str:
        return f"/gestion/acteurs/{self.public_id}"

    def read(self, browser: Browser) -> set[str]:
        """What a professional reads of it that the public does not."""
        answer = browser.get(f"/pro/acteurs/{self.public_id}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        return self.found(answer.text)

    def found(self, page: str) -> set[str]:
        said = {"how": HOW, "who": WHO, "hours": "20\N{NO-BREAK SPACE}h"}
        found = {name for name, value in said.items() if value in page}
        return found | ({"line"} if self.line in page else set())

    def say(self, browser: Browser, field: str, readers: str) -> int:
        """Press the button of a field; its status."""
        page = browser.get(self.page).text
        form = page.split(f'name="champ" value="{field}"')[1].split("</form>")[0]
        seen = form.split('name="lu" value="')[1].split('"')[0]
        sent = {"champ": field, "lu": seen, "lecteurs": readers}
        if 'name="malgre"' in form:
            sent["malgre"] = form.split('name="malgre" value="')[1].split('"')[0]
        return browser.post(f"{self.page}/lecteurs", sent).status_code


def waits(browser: Browser, service: Service) -> tuple[bool, bool]:
    """Whether the list of whose texts are to be given has it, and whether Today counts any."""
    path = f"/gestion/acteurs?donner=oui&q={service.word}"
    page = browser.get(path).text
    # What was written since is in memory by now.
    with statements(service.bureau.databases.staff) as sent:
        assert browser.get(path).text == page
    assert len(sent) <= 20, sent
    is_listed = f'href="{service.page}"' in page
    assert ("À donner aux professionnels (1)" in page) == is_listed
    return is_listed, "donner aux professionnels" in browser.get("/gestion").text
