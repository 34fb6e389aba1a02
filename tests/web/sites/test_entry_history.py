"""What an entry of the catalogue has been, saves of it that come too late, and its form."""

import re
from dataclasses import replace
from datetime import timedelta

from missions_app import clock
from missions_app.sites import catalogue_service, revisions
from missions_app.sites.catalogue_service import entry_of
from missions_app.sites.models import SiteStatus
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import actor_of, sign_in
from tests.factories.sites import make_manager, make_site, save_entry


def test_a_stale_save_shows_both_texts_and_keeps_mine(client, session):
    site = make_site()
    sign_in(client, make_manager(site))
    opened = str(site.version)
    save_entry(client, site, operator="Den andras text")

    answer = save_entry(client, site, version=opened, operator="Min text")

    assert answer.status_code == 409
    assert "Den andras text" in answer.text
    assert 'value="Min text"' in answer.text
    session.refresh(site)
    assert site.operator == "Den andras text"


def test_history_says_who_changed_what(client, session):
    site = make_site()
    manager = make_manager(site)
    sign_in(client, manager)
    save_entry(client, site, operator="Hamnbolaget", detail_salinity="7–8 promille")

    page = client.get(f"/sites/{site.slug}/history").text

    assert manager.name in page
    assert "<ins>Hamnbolaget</ins>" in page
    assert "7–8 promille" in page
    assert len(revisions.revisions_of(site)) == 2


def test_a_choice_that_was_changed_is_read_whole_and_in_words(client, session):
    site = make_site(review_due_on=clock.today() + timedelta(days=40))
    manager = make_manager(site)
    sign_in(client, manager)
    due = clock.today() + timedelta(days=400)

    catalogue_service.edit_site(
        site, replace(entry_of(site), price_model="cost", status=SiteStatus.LIMITED, review_due_on=due),
        by=actor_of(manager), expected_version=site.version,
    )  # fmt: skip

    page = client.get(f"/sites/{site.slug}/history").text
    assert "<del>Öppen för bokning</del> <ins>Öppen på villkor</ins>" in page
    assert "<del>Avgiftsfri</del> <ins>Självkostnad</ins>" in page
    assert f"<ins>{due}</ins>" in page


def test_permits_are_told_apart_and_all_that_hold_are_open_to_read(client, session):
    few, many = make_site(), make_site()
    held = {"permit": method_in_force().permit[0].id, "valid_from": "2026-01-01", "valid_until": "2030-01-01"}
    few.permits_held, many.permits_held = [held], [held] * 3
    session.flush()

    pages = [sign_in(client, make_manager(one)).get(f"/sites/{one.slug}/edit").text for one in (few, many)]

    assert all(f"Tillstånd {number}</legend>" in pages[0] for number in range(1, 7))
    opened = [re.search(r"<details([^>]*)>\s*<summary>Fler tillstånd", one) for one in pages]
    assert ["open" in one[1] for one in opened if one] == [False, True]
