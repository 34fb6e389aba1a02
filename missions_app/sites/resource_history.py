"""What has been done to something that can be booked: kept in the trail of its site, read back with its quotas'."""

import json
from typing import Any

from sqlalchemy import Select, Text, and_, cast, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.audit.models import AuditEvent
from missions_app.sites.models import Resource


def note(action: str, resource: Resource, *, by: Actor, **data: Any) -> None:
    """Write down a change and give the resource a new version, also where only rows that belong to it changed."""
    flag_modified(resource, "name_sv")
    trail.record(action, resource.site, by=by, resource=resource.slug, **data)


def history_of(resource: Resource) -> Select[AuditEvent]:
    """What was done to a resource and to the quotas to which it has counted, newest first, for a paged list."""
    own = and_(
        AuditEvent.subject_kind == "site", AuditEvent.subject_id == resource.site_id,
        AuditEvent.data["resource"].as_string() == resource.slug,
    )  # fmt: skip
    earlier = aliased(AuditEvent)
    counted = select(earlier.subject_id).where(
        earlier.subject_kind == "quota",
        cast(earlier.data, Text).contains(json.dumps(f"{resource.site.slug}/{resource.slug}"), autoescape=True),
    )
    quotas = and_(AuditEvent.subject_kind == "quota", AuditEvent.subject_id.in_(counted))
    return select(AuditEvent).where(or_(own, quotas)).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
