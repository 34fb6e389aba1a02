"""What is written down while a test runs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from missions_app.db import Base
from missions_app.documents.models import StoredFile
from missions_app.experiments.models import Experiment


class LogEntry(Base):
    """One note in a test's log: when it happened, what, whether it went otherwise than planned, and a picture.

    Notes are never changed; what was wrong is set right by a new one. A picture may be taken away: then the day it was
    stands, and what it showed.
    """

    __tablename__ = "experiment_log_entry"

    experiment_id: Mapped[int] = mapped_column(sa.ForeignKey("experiment.id"), index=True)
    happened_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(sa.Text)
    is_deviation: Mapped[bool] = mapped_column(default=False)
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    photo_text: Mapped[str] = mapped_column(sa.String(500), default="")
    photo_removed_at: Mapped[datetime | None]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    experiment: Mapped[Experiment] = relationship()
    photo: Mapped[StoredFile | None] = relationship()
