"""A public actor of a desk, and the codes by which its operator hides it."""

import re
from uuid import uuid4

from sqlalchemy import select, text

from app.models import Actor
from app.platform.database.sessions import read
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.short_lists import csv, ids, run

CODE = re.compile(r"<code>((?:[A-Z2-9]{4}-){3}[A-Z2-9]{4})</code>")
HIDE = "/connexion/masquer"


class Home:
    """A public actor of a test alone, and its operator's codes."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, number = bureau, uuid4().int
        # Letters alone, so that no word of it is read as a number or as a place to protect.
        self.word = "".join(chr(ord("g") + number // 16**each % 16) for each in range(8))
        # A phone that two share hides both.
        self.phone = f"01 99 {number % 1_000_000:06}"
        self.name, self.street = f"Relais {self.word}", f"7 rue {self.word.title()}"
        self.list()
        self.first_id = ids(runtime(bureau))[self.name]
        with read(bureau.databases.staff) as session:
            self.id = session.scalars(select(Actor.id).where(Actor.name == self.name)).one()

    def list(self, second: str = "") -> None:
        """Send its list; second: of its phones, that changed."""
        phone = second or self.phone
        line = f"{self.name};Association;{self.street};93300;Aubervilliers;{phone};"
        run(runtime(self.bureau), csv(line), source=self.name)

    @property
    def public_id(self) -> str:
        with read(self.bureau.databases.staff) as session:
            return session.get_one(Actor, self.id).public_id

    @property
    def page(self) -> str:
        return f"/gestion/acteurs/{self.public_id}"

    def is_public(self) -> bool:
        """Whether a visitor reads its name, or where it is."""
        with self.bureau.databases.public.connect() as connection:
            rows = connection.execute(text("SELECT actor::text FROM actor")).scalars()
            return any(self.word in row.lower() for row in rows)

    def link(self, curateur: Browser, label: str = "Direction") -> str:
        sent = {"code": str(uuid4()), "qui": label}
        shown = curateur.post(f"{self.page}/operateur", sent)
        assert shown.status_code == 200
        return str(re.findall(r"/connexion/code/[\w-]{43}", shown.text)[0])

    def code(self, curateur: Browser, label: str = "Direction") -> str:
        shown = self.bureau.browser().post(self.link(curateur, label))
        return str(CODE.findall(shown.text)[0])

    def opened(self, curateur: Browser) -> str:
        assert curateur.post(f"{self.page}/ouvrir").status_code == 303
        return self.page


def sent(bureau: Bureau, code: str, address: str = "192.0.2.77") -> tuple[int, str]:
    answer = bureau.browser(address).post(HIDE, {"code": code})
    return answer.status_code, answer.text.replace("&#39;", "'")
