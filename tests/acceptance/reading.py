"""Read a file by one line of docs/export.md, and print [id, session, name] of each event as JSON.

Run by the Python of `.tools/readers`: it imports nothing of the project.
"""

import json
import sys
from typing import Any


def rows_of(tool: str, line: str) -> list[dict[str, Any]]:
    if tool == "DuckDB":
        import duckdb

        found = duckdb.sql(line)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    names: dict[str, Any] = {}
    imports = {"pyarrow": "import pyarrow, pyarrow.csv, pyarrow.parquet"}
    exec(imports.get(tool, f"import {tool}"), names)
    found = eval(line, names)
    if tool == "pandas":
        return found.to_dict("records")
    return found.to_dicts() if tool == "polars" else found.to_pylist()


def told(row: dict[str, Any]) -> list[str]:
    if "actor_name" in row:
        values = row["session"], row["actor_name"]
    else:
        values = row["context"]["session"], row["actor"].get("name")
    return [str(row["id"]), *("" if value is None or value != value else value for value in values)]


tool, line = sys.argv[1:]
json.dump([told(row) for row in rows_of(tool, line)], sys.stdout)
