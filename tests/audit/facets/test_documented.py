from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_documents_table_of_filters_is_what_the_rows_say() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "filters"))
    text = (ROOT / "docs" / "api.md").read_text()
    assert script["written"](text) == text, "run .venv/bin/python scripts/filters"
