"""E-mail: queued in the transaction, rendered and sent by the worker in the receiver's language."""

import logging
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from missions_app import clock
from missions_app.outbox import jobs

MAIL = "mail"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one receiver. `data` is what the template needs, JSON-able."""

    to: str
    template: str
    locale: str
    data: Mapping[str, Any]


class Transport(Protocol):
    """Something that delivers a finished message, or raises."""

    def send(self, message: EmailMessage) -> None: ...


class ConsoleTransport:
    """Prints the message to the log: for demonstration and development."""

    def send(self, message: EmailMessage) -> None:
        """Log receiver, subject and text."""
        log.info("mail to %s: %s\n%s", message["To"], message["Subject"], _plain_text(message))


def _plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return body.get_content() if body is not None else ""


class SmtpTransport:
    """Delivers by SMTP: smtp://user:password@host:587 (STARTTLS when offered) or smtps://host:465."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Connect, deliver, disconnect; 20 seconds at most for each step."""
        parts = self._parts
        client = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with client(parts.hostname or "localhost", parts.port or 25, timeout=20) as smtp:
            if parts.scheme != "smtps" and smtp.has_extn("starttls"):
                smtp.starttls()
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
            smtp.send_message(message)


class Renderer(Protocol):
    """Turns a mail into subject and text (and attachments as (name, type, bytes)); given by wiring.py."""

    def __call__(self, mail: Mail) -> tuple[str, str, list[tuple[str, str, bytes]]]: ...


def transport_for(url: str) -> Transport:
    """The transport named by a setting: "console:" or an smtp address."""
    return ConsoleTransport() if url.startswith("console") else SmtpTransport(url)


def queue_mail(to: str, template: str, *, locale: str, dedupe_key: str | None = None, **data: Any) -> None:
    """Add one message to the open transaction; templates/email/<template>.txt says it in words. Its key tells it from
    every other, so that delivering it twice keeps one copy."""
    jobs.queue(MAIL, dedupe_key=dedupe_key, to=to, template=template, locale=locale, data=data, key=uuid4().hex)


def sender(transport: Transport, render: Renderer, from_address: str, base_url: str = "") -> jobs.Handler:
    """The worker's handler for queued mail. A letter whose data name a way out, `leave`, tells mail programs of it."""

    def send(payload: Mapping[str, Any]) -> None:
        mail = Mail(payload["to"], payload["template"], payload["locale"], payload["data"])
        subject, text, attachments = render(mail)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = from_address, mail.to, subject
        message["Date"] = clock.now()
        message["Auto-Submitted"] = "auto-generated"
        if mail.data.get("leave"):
            message["List-Unsubscribe"] = f"<{base_url.rstrip('/')}{mail.data['leave']}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        for name, media_type, content in attachments:
            main, _slash, sub = media_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        transport.send(message)

    return send
