"""Values as people read them: local time, the locale's separators, the right language of a label."""

from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from flask import Flask
from markupsafe import Markup, escape

from missions_app import clock
from missions_app.accounts.tasks import Task
from missions_app.edge import once
from missions_app.edge.words import fill, in_words, sentence
from missions_app.i18n import NO_BREAK, _, both, current_locale, list_of, money, ngettext, number
from missions_app.indicators.words import aim_words
from missions_app.moments import local, local_date, local_datetime, local_time, plain_date
from missions_app.organisations.places import municipality_names
from missions_app.partnerships.matching import Reason
from missions_app.web.icons import icon
from missions_app.web.tables import columns, stacked
from missions_app.workflow.method_service import method_in_force

MINUTES_A_DAY = 1440


def short_date(value: date | datetime | None) -> str:
    """ "tis 19 jan" this year, "19 jan 2028" otherwise; "" for nothing."""
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    pattern = "EEE d MMM" if day.year == clock.today().year else "d MMM y"
    return format_date(day, pattern, locale=current_locale()).replace(".", "")


def month_words(day: date) -> str:
    """ "mars 2027"."""
    return format_date(day, "LLLL y", locale=current_locale())


def month_short(day: date) -> str:
    """ "mars", "nov": where the year goes without saying."""
    return format_date(day, "LLL", locale=current_locale()).replace(".", "")


def long_day(value: datetime) -> str:
    """ "Onsdag 17 mars", with the year when it is not this one."""
    day = local(value).date()
    pattern = "EEEE d MMMM" if day.year == clock.today().year else "EEEE d MMMM y"
    text = format_date(day, pattern, locale=current_locale())
    return text[:1].upper() + text[1:]


def hours(use: Any) -> str:
    """ "08.00–14.00, vecka 11", or until which day something with start and end lasts when it is another."""
    start, end = local(use.start), local(use.end)
    until = local_time(use.end) if start.date() == end.date() else f"{short_date(use.end)} {local_time(use.end)}"
    return _(
        "%(start)s–%(until)s, week %(week)s", start=local_time(use.start), until=until, week=start.isocalendar().week
    )


def local_day(value: datetime) -> str:
    """The local date of an instant as ISO text, for addresses."""
    return local(value).date().isoformat()


def booking_place(line: Any) -> str:
    """What a line is about as "site/resource", for addresses."""
    return f"{line.resource.site.slug}/{line.resource.slug}"


def moment(value: str) -> datetime:
    """ISO text from a JSON column as an instant."""
    return datetime.fromisoformat(value)


def iso(value: date | datetime) -> str:
    """What a <time> element's attribute holds."""
    return value.isoformat()


def days_from_today(day: date) -> str:
    """ "today", "in 3 days", "3 days ago"."""
    days = (day - clock.today()).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    return ngettext("%(num)d day ago", "%(num)d days ago", -days)


def days_late(day: date) -> str:
    """ "3 days late", for something that was due."""
    return ngettext("%(num)d day late", "%(num)d days late", (clock.today() - day).days)


def file_size(size: int) -> str:
    """ "1,2 MB"."""
    for unit, step in (("MB", 1_000_000), ("kB", 1000)):
        if size >= step:
            return f"{number(size / step, 1)}{NO_BREAK}{unit}"
    return f"{size}{NO_BREAK}B"


def label(term: Any) -> str:
    """A bilingual label, or the label of a term, in the reader's language; "" for nothing."""
    if term is None:
        return ""
    text = getattr(term, "label", term)
    return text.in_(current_locale()) if hasattr(text, "in_") else str(text)


def paragraphs(text: str | None) -> Markup:
    """Typed text as paragraphs and line breaks, escaped."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    html = [Markup("<p>{}</p>").format(Markup("<br>").join(escape(block).split("\n"))) for block in blocks if block]
    return Markup("\n").join(html)


def duration(value: timedelta) -> str:
    """ "2 h 30 min"."""
    minutes = int(value.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours}{NO_BREAK}h"] if hours else []) + ([f"{rest}{NO_BREAK}min"] if rest or not hours else [])
    return " ".join(parts)


def in_days(minutes: int) -> str:
    """ "1 day", "1.5 days"; less than a day in hours and minutes, "12 h"."""
    if 0 < minutes < MINUTES_A_DAY:
        return duration(timedelta(minutes=minutes))
    days = minutes / MINUTES_A_DAY
    return ngettext("%(days)s day", "%(days)s days", 1 if days == 1 else 2, days=number(days))


def reason_in_words(reason: Reason) -> str:
    """Why an organisation matches a need, or what it lacks: the method's words, places and days in the reader's own."""
    method, places = method_in_force(), municipality_names()

    def told(key: str, value: object) -> str:
        if isinstance(value, date):
            return plain_date(value)
        if isinstance(value, tuple):
            return list_of(told(key.removesuffix("s"), one) for one in value)
        vocabulary = "peak" if key == "other_peak" else key
        if key == "municipality":
            return places.get(str(value), str(value))
        term = method.find_term(vocabulary, str(value)) if vocabulary in ("peak", "partner_role", "sector") else None
        text = label(term).split(" (")[0] if term else str(value)  # without examples in brackets
        return text[:1].lower() + text[1:] if term else text

    return _(reason.sentence, **{key: told(key, value) for key, value in reason.values})


def role_label(role: str, method: Any) -> str:
    """A partner role in words; one that the method has dropped as it is written."""
    return label(method.find_term("partner_role", role)) or role


def task_words(task: Task) -> str:
    """What a task asks for."""
    return _(task.title, **fill(task.title_params))


def task_reason(task: Task) -> str:
    """Why it is asked for."""
    return _(task.reason, **fill(task.reason_params))


def register(app: Flask) -> None:
    """Offer everything to the templates."""
    app.jinja_env.filters.update(
        local_date=local_date, plain_date=plain_date, short_date=short_date, local_time=local_time,
        local_datetime=local_datetime, long_day=long_day, hours=hours, moment=moment, local_day=local_day,
        booking_place=booking_place, iso=iso,
        days_from_today=days_from_today, days_late=days_late, number=number,
        money=money, file_size=file_size, label=label, paragraphs=paragraphs, duration=duration, in_days=in_days,
        list_of=list_of, reason_in_words=reason_in_words, role_label=role_label,
        columns=columns, month_words=month_words, stacked=stacked,
    )  # fmt: skip
    app.jinja_env.globals.update(
        in_words=in_words,
        sentence=sentence,
        today=clock.today,
        task_words=task_words,
        task_reason=task_reason,
        icon=icon,
        _=_,
        ngettext=ngettext,
        both=both,
        aim_words=aim_words,
        once_mark=once.mark,
        current_locale=current_locale,
    )
