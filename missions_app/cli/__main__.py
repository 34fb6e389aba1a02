"""`python -m missions_app.cli` is the `missions` command."""

from missions_app.cli import main

main()
