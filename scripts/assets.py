"""Copy what the pages need out of node_modules into the static folder. Run by set-up, CI and the wheel build.

Each package gets a folder of its own, missions_app/static/vendor/<name>/, made anew when its version changes.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "missions_app" / "static" / "vendor"

# package -> (folder name, [(file or folder in the package, name in our folder)])
WANTED = {
    "@digdir/designsystemet-css": ("designsystemet-css", [("dist/src/index.css", "index.css")]),
    "@digdir/designsystemet-web": ("designsystemet-web", [("dist/umd/index.js", "index.js")]),
    "@fontsource-variable/inter": (
        "inter",
        [
            ("index.css", "index.css"),
            ("files/inter-latin-wght-normal.woff2", "files/inter-latin-wght-normal.woff2"),
            ("files/inter-latin-ext-wght-normal.woff2", "files/inter-latin-ext-wght-normal.woff2"),
        ],
    ),
    "leaflet": (
        "leaflet",
        [("dist/leaflet.css", "leaflet.css"), ("dist/leaflet.js", "leaflet.js"), ("dist/images", "images")],
    ),
}


def copy_package(package: str, folder: str, files: list[tuple[str, str]]) -> bool:
    """Copy one package's files; False when they are there already in this version."""
    source = MODULES / package
    version = json.loads((source / "package.json").read_text("utf-8"))["version"]
    target = VENDOR / folder
    stamp = target / "VERSION"
    if stamp.exists() and stamp.read_text("utf-8") == version:
        return False
    shutil.rmtree(target, ignore_errors=True)
    for given, name in files:
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if (source / given).is_dir():
            shutil.copytree(source / given, destination)
        else:
            shutil.copyfile(source / given, destination)
    stamp.write_text(version, "utf-8")
    return True


def main() -> int:
    """Copy every package; 1 when one is not installed."""
    missing = [package for package in WANTED if not (MODULES / package / "package.json").exists()]
    if missing:
        print(f"Not installed: {', '.join(missing)}. Run npm ci first.", file=sys.stderr)
        return 1
    copied = [folder for package, (folder, files) in WANTED.items() if copy_package(package, folder, files)]
    print(f"assets: {', '.join(copied) or 'up to date'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
