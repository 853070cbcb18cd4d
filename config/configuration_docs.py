"""`python -m config.configuration_docs`: writes the table of docs/configuration.md."""

from __future__ import annotations

from .configuration import list_variables
from .variables import BASE_DIR

PATH = BASE_DIR / "docs" / "configuration.md"


def document() -> str:
    """Return docs/configuration.md as it should be."""
    lines = [
        "# Configuration",
        "",
        "Environment variables, each read once in `config/variables.py`. This page is made by",
        "`python -m config.configuration_docs`.",
        "",
        "| variable | type | default | |",
        "|---|---|---|---|",
    ]
    for variable in list_variables():
        default = f"`{variable.default_text}`" if variable.default_text else ""
        lines.append(
            f"| `{variable.name}` | {variable.type_name} | {default} | {variable.sentence} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(document())
