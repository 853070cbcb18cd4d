from __future__ import annotations

import hashlib
import json
from pathlib import Path

import audit

VENDOR = Path(audit.__file__).parent / "static" / "audit" / "vendor"


class TestVendoredFiles:
    def test_are_those_of_the_manifest_to_the_byte(self) -> None:
        manifest = json.loads((VENDOR / "manifest.json").read_text())
        said = {entry["file"]: entry["sha256"] for entry in manifest}
        found = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in VENDOR.iterdir()
            if path.name != "manifest.json"
        }
        assert found == said
        assert found

    def test_each_has_a_version_and_a_licence(self) -> None:
        for entry in json.loads((VENDOR / "manifest.json").read_text()):
            assert entry["version"], entry
            assert entry["licence"], entry
