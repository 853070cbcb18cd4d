#!/bin/sh
# polars reads the same two events from NDJSON and not from a JSON list: where a member is a number
# in one and an object in another, `read_ndjson(infer_schema_length=None)` makes texts of both, while
# `read_json(infer_schema_length=None)` raises, and advises to raise infer_schema_length.
#
# Needs python3. Prints what it saw; exits with 1 where that isn't as stated above.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check polars==2.1.0
env/bin/python - <<'PYTHON'
import json
import sys

import polars

events = [{"new": "one"}, {"new": {"a": [2]}}]
with open("events.ndjson", "w") as file:
    file.writelines(json.dumps(event) + "\n" for event in events)
with open("events.json", "w") as file:
    json.dump(events, file)

print("polars", polars.__version__)
lines = polars.read_ndjson("events.ndjson", infer_schema_length=None)
print("read_ndjson:", lines.schema, lines.to_dicts())
seen = {"read_ndjson makes texts": lines["new"].to_list() == ["one", '{"a": [2]}']}
try:
    print("read_json:", polars.read_json("events.json", infer_schema_length=None))
    seen["read_json raises"] = False
except polars.exceptions.ComputeError as error:
    print("read_json:", error)
    seen["read_json raises"] = True
    seen["and advises what was done"] = "infer_schema_length" in str(error)
for what, is_so in seen.items():
    print("as stated:" if is_so else "NOT SO:", what)
sys.exit(0 if all(seen.values()) else 1)
PYTHON
