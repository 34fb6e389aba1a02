"""The whole schema straight from the models: for tests. Installations use the migrations."""

import sqlalchemy as sa

from missions_app import models as models
from missions_app.db import Base


def create_all(engine: sa.Engine) -> None:
    """Create every table, index, constraint and guard."""
    Base.metadata.create_all(engine)


def drop_all(engine: sa.Engine) -> None:
    """Remove everything again."""
    Base.metadata.drop_all(engine)
