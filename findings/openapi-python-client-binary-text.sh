#!/bin/sh
# openapi-python-client takes an answer for text or JSON by its media type alone: of an answer in
# `text/csv` (or `application/json`) whose schema is `format: binary` it makes a client without a
# warning, and that client raises TypeError for every such answer, before the caller sees its bytes.
# With `*/*` it leaves the answer out, with a warning, and the bytes are in `content`.
#
# Needs python3. Prints what it saw; exits with 1 where that isn't as stated above.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1
env/bin/openapi-python-client --version
for kind in text/csv application/json '*/*'; do
    cat >document.json <<JSON
{"openapi": "3.1.0", "info": {"title": "Files", "version": "1"},
 "paths": {"/file": {"get": {"operationId": "get_file", "responses": {"200": {
   "description": "The file.",
   "content": {"$kind": {"schema": {"type": "string", "format": "binary"}}}}}}}}}
JSON
    echo "--- $kind"
    rm -rf made
    PATH="$PWD/env/bin:$PATH" env/bin/openapi-python-client generate \
        --path document.json --output-path made >log 2>&1
    grep -o 'WARNING parsing.*' log || echo "no warning"
    KIND=$kind PYTHONPATH=made env/bin/python - <<'PYTHON'
import os
import sys

import httpx
from files_client import Client
from files_client.api.default import get_file

kind = os.environ["KIND"]
sent = "text/csv" if kind == "*/*" else kind


def answer(request):
    return httpx.Response(200, headers={"Content-Type": sent}, content=b'["a,b"]\n')


client = Client(base_url="http://files.example")
client.set_httpx_client(
    httpx.Client(base_url="http://files.example", transport=httpx.MockTransport(answer))
)
try:
    told = get_file.sync_detailed(client=client)
    seen = f"content {told.content!r}, parsed {told.parsed!r}"
    is_so = kind == "*/*" and told.content == b'["a,b"]\n' and told.parsed is None
except TypeError as error:
    seen = f"TypeError: {error}"
    is_so = kind != "*/*"
print(seen)
print("as stated" if is_so else "NOT SO")
sys.exit(0 if is_so else 1)
PYTHON
done
