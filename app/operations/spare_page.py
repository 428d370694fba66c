"""The page that a proxy shows when nothing of the service answers: whom to call, and nothing else.

It holds the national numbers, and what is public of the telephones of each territory's CRIP and
ASE: no name of an actor, no address, no place. It needs no other file.
"""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_regions
from app.operations.offices import read_offices
from app.platform.database.lag import refuse_old
from app.platform.database.origin import RestoredNotReplayed, is_restored
from app.platform.database.sessions import read
from app.platform.web.templates import Templates
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.settings import ROOT, Settings
from geo.zones import paris_day
from importers.phones import format_french, tel_href

FOLDER = ROOT / "app" / "templates" / "operations"


def write_spare_page(public: Engine, settings: Settings, now: datetime) -> Path:
    """Write the page as it is now, whole or not at all; return where. public: of visitors.

    It is shown whatever public pages refuse, so that it is made of nothing that they would not
    show. Raises RestoredNotReplayed or TooFarBehind, and then the former page stays.
    """
    with read(public) as session:
        if is_restored(session.connection(), "open"):
            raise RestoredNotReplayed
        refuse_old(session.connection(), settings.lag_most)
        page = make_page(session, settings, now)
    path = spare_path(settings)
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        # Whoever runs the proxy reads it, and it holds nothing that visitors do not.
        path.parent.chmod(0o755)
    new = path.with_name(f".{path.name}.new")
    new.write_text(page, encoding="utf-8")
    new.chmod(0o644)
    new.replace(path)
    return path


def spare_path(settings: Settings) -> Path:
    """Return where the page lies."""
    return settings.spare_page or settings.data_dir / "spare" / "index.html"


def make_page(session: Session, settings: Settings, now: datetime) -> str:
    """Return the page, with its style and a policy that lets nothing else in."""
    templates = Templates(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (FOLDER / "spare.css").read_text(encoding="utf-8")
    offices = read_offices(session)
    regions = {
        region: {name: offices[code] for code, name in names.items() if code in offices}
        for region, names in read_regions(session).items()
    }
    return templates.get_template("spare.html").render(
        style=style,
        style_digest=b64encode(sha256(style.encode()).digest()).decode(),
        numbers=[each for each in NATIONAL_NUMBERS.values() if each.footer],
        regions={region: several for region, several in regions.items() if several},
        exit_url=settings.exit_url,
        made_on=paris_day(now),
        phone_display=format_french,
        phone_href=tel_href,
    )
