"""A copy of everything that is recorded, and how it comes back.

A backup is a directory: `database/` as `pg_dump` writes it, and `backup.json`, which tells what is
in it. Keys are in none: whoever has a database and the key that signed it can write another
history.
"""
