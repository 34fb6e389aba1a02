"""Our icon set: outlines on a square of 24, drawn beside a word. `icon(name)` gives inline SVG."""

# ruff: noqa: E501 -- a path is one word

from markupsafe import Markup

PATHS = {
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "met": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "ring": '<circle cx="12" cy="12" r="9"/>',
    "missing": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5"/><circle cx="12" cy="16.3" r="1.2" data-solid=""/>',
    "stale": '<path d="M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5"/>',
    "waived": '<path d="M6 21V4M6 5h11l-2.5 3.5L17 12H6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>',
    "arrow": '<path d="M5 12h14m-5.5-5.5L19 12l-5.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="3.7"/><path d="M5 20c.6-4 3.3-6 7-6s6.4 2 7 6"/>',
    "cal": '<path d="M4 6h16v14H4zM4 10h16M8 3.5V7M16 3.5V7"/>',
    "pin": '<path d="M12 21c-4.5-5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2 6-6.5 11z"/><circle cx="12" cy="10" r="2.2"/>',
    "hav": '<path d="M3 9c2 0 2.5-2 4.5-2s2.5 2 4.5 2 2.5-2 4.5-2 2.5 2 4.5 2M3 15.5c2 0 2.5-2 4.5-2s2.5 2 4.5 2 2.5-2 4.5-2 2.5 2 4.5 2"/>',
    "land": '<path d="M12 3.5c3.5 4 5 6.3 5 8.8a5 5 0 0 1-10 0c0-2.5 1.5-4.8 5-8.8zM4 21h16"/>',
    "ljung": '<path d="M4 20.5V10l5-3v13.5M9 20.5V4.5L20 9v11.5M3 20.5h18M13 11.5h2.5M13 15.5h2.5"/>',
    "lock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "eye": '<path d="M2.5 12C5 7.7 8.2 5.8 12 5.8s7 1.9 9.5 6.2c-2.5 4.3-5.7 6.2-9.5 6.2S5 16.3 2.5 12z"/><circle cx="12" cy="12" r="2.7"/>',
    "file": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "boat": '<path d="M3 14h18l-3 5.5H6.5zM12 14V4l5.5 6.5H12"/>',
    "chat": '<path d="M4 5h16v11H10l-4.5 4v-4H4z"/>',
    "link": '<path d="M9.5 14.5l5-5M8 12l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 17M11 7l2.5-2.5a3.5 3.5 0 0 1 5 5L16 12"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 8V3.5h10V8M7 16H4V8h16v8h-3M7 13.5h10v7H7z"/>',
    "phone": '<path d="M6 3.5h3.5l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5V18a2.5 2.5 0 0 1-2.5 2.5C10.5 20.5 3.5 13.5 3.5 6A2.5 2.5 0 0 1 6 3.5z"/>',
    "wind": '<path d="M3 9.5h11a2.7 2.7 0 1 0-2.6-3.4M3 14.5h15a2.7 2.7 0 1 1-2.6 3.4M3 12h6"/>',
    "minus": '<path d="M6 12h12"/>',
    "back": '<path d="M19 12H5m5.5-5.5L5 12l5.5 5.5"/>',
    "down": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
}


def icon(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers since a word stands beside it. KeyError for unknown names."""
    # The paths are constants of this file, never input.
    return Markup(f'<svg class="m-icon" viewBox="0 0 24 24" aria-hidden="true">{PATHS[name]}</svg>')  # noqa: S704
