"""Build hook: puts templates and migrations inside the package, and refuses a wheel without the front-end files."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipEverything(BuildHookInterface):  # type: ignore[type-arg]
    """An installed wheel serves pages by itself: nothing is read from a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Only for a real wheel; a development install reads the checkout."""
        if version != "standard":
            return
        root = Path(self.root)
        if not any((root / "missions_app" / "static" / "vendor").glob("*/*")):
            raise RuntimeError("The front-end files are not built. Run: make setup")
        for name in ("templates", "migrations", "wsgi.py"):
            build_data["force_include"][str(root / name)] = f"missions_app/_shipped/{name}"
