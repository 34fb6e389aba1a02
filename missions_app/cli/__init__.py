"""The `missions` command: one module per group; each parses its arguments, calls a service and prints."""

import click

from missions_app.cli.accounts import user
from missions_app.cli.audit import audit
from missions_app.cli.bench import bench
from missions_app.cli.demo import demo
from missions_app.cli.doctor import doctor
from missions_app.cli.export import export
from missions_app.cli.method import method
from missions_app.cli.migrate import migrate
from missions_app.cli.region import region
from missions_app.cli.serve import serve
from missions_app.cli.start import Refusals
from missions_app.cli.worker import worker


@click.group(cls=Refusals, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="missions", prog_name="missions")
def main() -> None:
    """Run and look after an installation of Missions.

    Settings come from the environment: MISSIONS_MODE (demo or production), DATABASE_URL, PORT and more; see
    docs/operations.md. In demonstration mode everything has a default.
    """


for command in (serve, worker, migrate, demo, region, method, audit, user, export, bench, doctor):
    main.add_command(command)
