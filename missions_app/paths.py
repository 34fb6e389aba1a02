"""Where templates, migrations and configuration lie: in a checkout, or shipped inside the installed package."""

from pathlib import Path

import config

PACKAGE = Path(__file__).parent
_shipped = PACKAGE / "_shipped"

ROOT = _shipped if _shipped.is_dir() else PACKAGE.parent
TEMPLATES = ROOT / "templates"
MIGRATIONS = ROOT / "migrations"
CONFIG = Path(config.__file__).parent
STATIC = PACKAGE / "static"
METHODS = CONFIG / "methods"
REGIONS = CONFIG / "regions"
