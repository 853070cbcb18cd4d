#!/usr/bin/env python3
"""Runs a command of the product, with the embedded PostgreSQL at hand if the command needs it."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if __name__ == "__main__":
    from config.commands import run_command

    sys.exit(run_command(sys.argv))
