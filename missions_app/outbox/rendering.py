"""Mail in words: templates/email/<template>.txt in the receiver's language. The first line is "Subject: …"."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

import jinja2

from missions_app import moments
from missions_app.i18n import _, both, money, ngettext, number, use_locale
from missions_app.outbox.mail import Mail, Renderer
from missions_app.paths import TEMPLATES

Attachments = list[tuple[str, str, bytes]]
Attacher = Callable[[Mapping[str, Any]], Attachments]
_attachers: dict[str, Attacher] = {}


def attach(template: str, attacher: Attacher) -> None:
    """Say what goes with every mail made from a template, given its data; made when the mail is sent."""
    _attachers[template] = attacher


def _local_date(value: str) -> str:
    """A mail's data are JSON, so dates come as ISO text."""
    return moments.local_date(date.fromisoformat(value[:10]))


def _local_datetime(value: str) -> str:
    return moments.local_datetime(datetime.fromisoformat(value))


def _span(start: str, end: str) -> str:
    return moments.span(*map(datetime.fromisoformat, (start, end)))


def environment() -> jinja2.Environment:
    """Plain text templates that fail on an unknown name."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "email"), undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, autoescape=False,  # noqa: S701 -- plain text, no markup
    )  # fmt: skip
    found.globals.update(_=_, ngettext=ngettext, both=both, span=_span)
    found.filters.update(local_date=_local_date, local_datetime=_local_datetime, money=money, number=number)
    return found


def renderer(base_url: str, region: str) -> Renderer:
    """Turns a mail into words.

    Args:
        base_url: where the platform is; templates write `{{ url("/account") }}`.
        region: what the region calls itself, for the signature.
    """
    templates = environment()

    def url(path: str) -> str:
        return urljoin(base_url + "/", path.lstrip("/"))

    def render(mail: Mail) -> tuple[str, str, Attachments]:
        with use_locale(mail.locale):
            text = templates.get_template(f"{mail.template}.txt").render(**_data(mail.data), url=url, region=region)
        first, _line, body = text.partition("\n")
        if not first.startswith("Subject: "):
            raise ValueError(f"templates/email/{mail.template}.txt does not begin with a subject")
        attacher = _attachers.get(mail.template)
        with use_locale(mail.locale):
            attached = attacher(mail.data) if attacher else []
        return first.removeprefix("Subject: ").strip(), body.strip() + "\n", attached

    return render


def _data(data: Mapping[str, Any]) -> dict[str, Any]:
    clash = {"url", "region"} & data.keys()
    if clash:
        raise ValueError(f"mail data may not be named {clash}")
    return dict(data)
