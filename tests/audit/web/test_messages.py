from __future__ import annotations

import re
from pathlib import Path
from runpy import run_path

import polib
import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/django.po")) + sorted(
    ROOT.glob("locale/*/LC_MESSAGES/django.po")
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
class TestCatalogue:
    def test_is_compiled_as_it_is_written(self, path: Path) -> None:
        written = {e.msgid: (e.msgstr, e.msgstr_plural) for e in polib.pofile(str(path))}
        compiled = {
            e.msgid: (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(path.with_suffix(".mo")))
        }
        translated = {
            key: said for key, said in written.items() if said[0] or any(said[1].values())
        }
        assert compiled == translated
        assert translated

    def test_has_a_translation_of_every_text(self, path: Path) -> None:
        """`scripts/messages` brings new texts into it, and prints what is left to translate."""
        script = run_path(str(ROOT / "scripts" / "messages"))
        sources = script["CATALOGUES"][path.parents[2]]
        said = {single for source in sources for single, _ in script["texts"](source)}
        catalogue = polib.pofile(str(path))
        assert {entry.msgid for entry in catalogue} == said
        assert [entry.msgid for entry in catalogue.untranslated_entries()] == []

    def test_fills_in_what_the_original_does(self, path: Path) -> None:
        for entry in polib.pofile(str(path)):
            wanted = set(_PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            for said in (entry.msgstr, *entry.msgstr_plural.values()):
                assert set(_PLACEHOLDER.findall(said)) <= wanted, entry.msgid


class TestGerman:
    def test_is_spoken_to_whoever_asks_for_it(self, client: Client, db: None) -> None:
        page = client.get("/login/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"})
        assert '<html lang="de"' in page.text
        assert "Benutzername" in page.text
        assert "User name" not in page.text
