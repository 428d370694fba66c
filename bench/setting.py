"""Where the measured databases stand, and how a process reaches them.

Apart from what fills them: the memory of the measured service holds no library of theirs.
"""

import base64

from pydantic import SecretStr

from app.runtime.addresses import DATABASE
from app.settings import ROOT, Settings

# Actors of each.
ACTORS = 100_000
SOME = 5_000
FEW = 1_000
SMALL, MIDDLE, SEALED = (f"{DATABASE}_{each}" for each in (FEW, SOME, "sealed"))
DATA_DIR = ROOT / "var" / "bench"
# Nothing here is secret, and no key is to be made for it among those of the user.
KEYS = "bench:" + base64.b64encode(bytes(32)).decode()
ENVIRONMENT = {
    "MESURE23_DATA_DIR": str(DATA_DIR),
    "MESURE23_KEYS": KEYS,
    "MESURE23_RATE_LIMIT": "0",
    # To end one is no part of what is measured.
    "MESURE23_DRAIN": "0",
}


def settings() -> Settings:
    """Those of the measured service: its own cluster, whatever the environment says."""
    return Settings(
        data_dir=DATA_DIR,
        keys=SecretStr(KEYS),
        database_url=None,
        owner_database_url=None,
        public_database_url=None,
        keys_file=None,
        rate_limit=0,
        drain=0,
    )
