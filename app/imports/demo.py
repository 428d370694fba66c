"""The demonstration lists, through the same importer as any other list."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.service import Options, import_list
from app.imports.summary import Summary
from app.models import Actor
from app.runtime import Runtime
from app.settings import ROOT

DEMO = ROOT / "demo"
ENDINGS = {".csv", ".xlsx", ".ods"}


def load_demo(runtime: Runtime) -> list[Summary]:
    """Import every list of demo/; nothing where the database already holds an actor."""
    with Session(runtime.staff) as session:
        if session.scalar(select(Actor.id).limit(1)):
            return []
    lists = sorted(path for path in DEMO.iterdir() if path.suffix in ENDINGS)
    options = Options(who="démonstration")
    return [import_list(runtime, path.read_bytes(), path.name, options) for path in lists]
