"""How a challenge wants to be found: its words, by whom. Claimed fields are in no index."""

from missions_app.accounts.actor import challenge_scope, organisation_scope
from missions_app.challenges import policy
from missions_app.challenges.content import fields_of, shown_publicly
from missions_app.challenges.models import Challenge
from missions_app.search.index import Found

TEXTS = ("problem", "affected", "target_statement", "place")


def found(challenge: Challenge) -> Found:
    """Its entry in the index."""
    shown = shown_publicly(fields_of(challenge))
    translation = shown["translation"]
    other = "sv" if challenge.language == "en" else "en"
    titles = {challenge.language: challenge.title, other: translation.get("title")}
    fallback = challenge.title or challenge.reference
    texts = [str(shown.get(name) or "") for name in TEXTS] + [str(text) for text in translation.values()]
    return Found(
        endpoint="challenges.show_challenge", key=challenge.reference, title_sv=titles.get("sv") or fallback,
        title_en=titles.get("en") or fallback, text=" ".join([*texts, challenge.organisation.name]),
        is_public=policy.is_public(challenge),
        readers=frozenset({challenge_scope(challenge.id), organisation_scope(challenge.organisation_id)}),
    )  # fmt: skip
