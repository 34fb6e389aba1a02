"""Letters that can be printed: what the typesetter's fonts lack is replaced, since PDF/UA refuses a document with a
letter that cannot be shown."""

from functools import cache
from typing import Any

# Up to here the fonts have every printable letter.
LATIN = "\u024f"
MISSING = "▯"
ONE_LETTER = b"#set document(title: [x])\n#sys.inputs.letter"


def printable(value: Any) -> Any:
    """Plain values, with ▯ in every text where a letter cannot be printed; such letters in a row become one ▯."""
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [printable(one) for one in value]
    return _printable(value) if isinstance(value, str) else value


def compiled(template: bytes, inputs: dict[str, str]) -> bytes:
    """A PDF/UA-1 of a template, with the typesetter's own fonts only, so that every machine makes the same bytes."""
    import typst  # noqa: PLC0415 -- slow import, and only the worker makes PDFs

    found: bytes = typst.compile(template, sys_inputs=inputs, pdf_standards=["ua-1"], ignore_system_fonts=True)
    return found


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    found: list[str] = []
    for letter in text:
        if letter == "\n" or (letter <= LATIN and letter.isprintable()) or _can_print(letter):
            found.append(letter)
        elif found[-1:] != [MISSING]:
            found.append(MISSING)
    return "".join(found)


@cache
def _can_print(letter: str) -> bool:
    """Whether the fonts have a letter: tried, since the typesetter does not tell."""
    import typst  # noqa: PLC0415 -- as above

    try:
        compiled(ONE_LETTER, {"letter": letter})
    except typst.TypstError:
        return False
    return True
