"""`python -m config.event_type_docs`: writes the tables of docs/event-types.md."""

from __future__ import annotations

from collections.abc import Iterator

from audit.vocabulary import EVENT_TYPES, GROUPS
from audit.vocabulary.event_type import TRAITS

from .variables import BASE_DIR

PATH = BASE_DIR / "docs" / "event-types.md"
HEADING = "## Built-in\n"
_HEAD = "| type | label | sentence | traits | in `details` |\n|---|---|---|---|---|"


def document(page: str) -> str:
    """Return the page with its tables as they should be; what stands before them stays."""
    return page.partition(HEADING)[0] + "\n".join((HEADING, *_tables(), ""))


def _tables() -> Iterator[str]:
    yield "These tables are made by `python -m config.event_type_docs`."
    for key, group in GROUPS.items():
        rows = [one for one in EVENT_TYPES.values() if one.group == key]
        if rows:
            yield f"\n**{group.label}** (`{key}`)\n\n{_HEAD}"
        for one in rows:
            traits = ", ".join(f"`{each}`" for each in TRAITS if each in one.traits)
            sentence = one.sentence.replace("|", r"\|")
            keys = " ".join(one.detail_keys)
            yield f"| `{one.code}` | {one.label} | `{sentence}` | {traits} | {keys} |"


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text()))
