"""Is a library an API client, whatever system and libraries of its own it names?"""

from __future__ import annotations

import pytest

from audit.enrich.device import Device, parse_device

PIP = (
    '{"ci":null,"cpu":"arm64","distro":{"name":"macOS","version":"14.1"},"implementation":{"name":'
    '"CPython","version":"3.11.4"},"python":"3.11.4","system":{"name":"Darwin","release":"23.1.0"}}'
)
UV = (
    '{"installer":{"name":"uv","version":"0.4.18","subcommand":["sync"]},"python":null,"distro":'
    '{"name":"Ubuntu","version":"22.04","id":"jammy"},"system":{"name":"Linux","release":"6.5.0"}}'
)
LIBRARIES = (
    "libcurl/7.88.1 OpenSSL/3.0.11 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2"
    " (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13 (Linux; X11)"
)
NODE = (
    "V8/11.3 uv/1.44.2 zlib/1.2.13 brotli/1.0.9 ares/1.19.1 modules/115 nghttp2/1.52.0 napi/9"
    " llhttp/8.1.1 openssl/3.0.9 cldr/43.0 icu/73.1 tz/2023c unicode/15.0 ada/2.5.0 acorn/8.8.2"
)


@pytest.mark.parametrize(
    ("user_agent", "name", "version"),
    [
        pytest.param(
            "elasticsearch-js/8.11.0 (linux 5.15.0-1050-aws-x64; Node.js 18.18.2; Transport 8.3.4)",
            *("elasticsearch-js", "8.11.0"),
            id="elasticsearch-js",
        ),
        pytest.param("Needle/3.2.0 (Node.js v18.12.0; linux x64)", "Needle", "3.2.0", id="Needle"),
        pytest.param("npm/10.2.4 node/v20.11.0 linux x64 x/false", "npm", "10.2.4", id="npm"),
        pytest.param("npm/10.2.4 node/v20.11.0 darwin arm64", "npm", "10.2.4", id="npm on macOS"),
        pytest.param("pnpm/8.6.0 npm/? node/v18.16.0 linux x64", "pnpm", "8.6.0", id="pnpm"),
        pytest.param(f"pip/23.2.1 {PIP}", "pip", "23.2.1", id="pip"),
        pytest.param(f"uv/0.4.18 {UV}", "uv", "0.4.18", id="uv"),
        pytest.param("poetry/1.7.1 CPython/3.11.6 Linux/6.5.0", "poetry", "1.7.1", id="poetry"),
        pytest.param(
            "docker/24.0.7 go/go1.20.10 kernel/5.15.0 os/linux arch/amd64",
            *("docker", "24.0.7"),
            id="docker",
        ),
        pytest.param(
            "Elastic-filebeat/8.11.1 (linux; amd64; 1aa1; 2023-11-11 00:00:00 +0000 UTC)",
            *("Elastic-filebeat", "8.11.1"),
            id="filebeat",
        ),
        pytest.param(f"PycURL/7.45.2 {LIBRARIES}", "PycURL", "7.45.2", id="twenty versions"),
        pytest.param(f"Mozilla/5.0 Node.js/20.5 {NODE}", "Node.js", "20.5", id="and of Node.js"),
        pytest.param("OpenAI/Python 3.57.0", "OpenAI/Python", "3.57.0", id="a kit for Python"),
        pytest.param("Anthropic/JS 0.20.1", "Anthropic/JS", "0.20.1", id="a kit for JavaScript"),
        pytest.param("node-superagent/8.1.2", "node-superagent", "8.1.2", id="no Node.js itself"),
        pytest.param(
            "Ruby, RubyGems/3.3.7 x86_64-linux Ruby/3.1.2 (2022-04-12 patchlevel 20)",
            *("RubyGems", "3.3.7"),
            id="RubyGems",
        ),
    ],
)
def test_a_library_is_an_api_client(user_agent: str, name: str, version: str) -> None:
    device = parse_device(user_agent)
    assert device == Device(agent_name=name, agent_version=version, device_class="API client")


@pytest.mark.parametrize(
    ("user_agent", "device_class"),
    [
        pytest.param("GitHubDesktop/3.3.5 (Windows)", "Desktop", id="a program of Windows"),
        pytest.param("Slack/4.35 (Macintosh)", "Desktop", id="a program of macOS"),
        pytest.param("Ourapp/3.1 (Android 14; Pixel 8; go/1.20)", "Phone", id="an app on a phone"),
        pytest.param("Ourapp/1.0 CFNetwork/1410 Darwin/22.6.0", "Phone", id="an app of Apple's"),
    ],
)
def test_a_program_with_a_screen_is_none(user_agent: str, device_class: str) -> None:
    assert parse_device(user_agent).device_class == device_class
