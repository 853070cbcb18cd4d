"""`make reset`: deletes everything that the product keeps, after asking."""

from __future__ import annotations

import shutil
import sys

from .configuration import configuration
from .postgres.cluster import open_cluster


def main() -> int:
    """Ask, then delete the data directory. Returns the exit status."""
    data_dir = configuration().DATA_DIR
    if not (data_dir / "database.json").exists():
        print(f"{data_dir} holds no installation; nothing is deleted.")
        return 0
    data = (data_dir / "postgres").resolve()
    print(f"This deletes {data_dir} with all events in it, for good.")
    if input("Type its last word to go on: ").strip() != data_dir.name:
        print("Nothing is deleted.")
        return 1
    if open_cluster(configuration()).is_running():
        print("It is in use: stop it first. Nothing is deleted.", file=sys.stderr)
        return 1
    shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(data_dir)
    print("Deleted.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
