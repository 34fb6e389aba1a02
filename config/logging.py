"""One way of logging: a JSON object per line, with the request's id and without personal data or tokens."""

import json
import logging
import logging.config
from datetime import UTC, datetime

from config.settings import Settings

PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Time, level, logger, message, and whatever the call passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in record.__dict__.items() if key not in PLAIN}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging(settings: Settings) -> None:
    """Log to standard error: lines of JSON in production, plain text in the demonstration."""
    formatter = (
        {"()": JsonLines} if settings.mode == "production" else {"format": "%(levelname)s %(name)s: %(message)s"}
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "loggers": {"alembic": {"level": "WARNING"}},
            "root": {"level": "WARNING" if settings.mode == "test" else settings.log_level, "handlers": ["stderr"]},
        }
    )
