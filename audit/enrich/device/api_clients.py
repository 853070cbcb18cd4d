"""Recognizes programs that call an API: scripts, libraries, servers, everything without a screen.

They are known by how they begin; a program of somebody's own may stand in the library's comment:
`http.rb/5.1.0 (Mastodon/4.0.2; +https://…)`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces, is_url
from .versions import NameVersion, split_version


class ApiClient(NamedTuple):
    """start: how its user agent begins, in small letters

    is_whole: no letter and no hyphen follows, since other programs' names begin so, too
    """

    start: str
    name: str
    example: str
    is_whole: bool = False


API_CLIENTS = (
    ApiClient("curl/", "curl", "curl/8.5.0"),
    ApiClient("wget", "Wget", "Wget/1.21.4"),
    ApiClient("libcurl", "libcurl", "libcurl-agent/1.0"),
    ApiClient("python-requests", "python-requests", "python-requests/2.31.0"),
    ApiClient("python-urllib3", "urllib3", "python-urllib3/2.0.4"),
    ApiClient("python-urllib", "Python-urllib", "Python-urllib/3.11"),
    ApiClient("python-httpx", "httpx", "python-httpx/0.25.0"),
    ApiClient("python/", "Python", "Python/3.11 aiohttp/3.9.1"),
    ApiClient("aiohttp", "aiohttp", "aiohttp/3.8.1"),
    ApiClient("go-http-client", "Go-http-client", "Go-http-client/2.0"),
    ApiClient("okhttp", "okhttp", "okhttp/4.9.0"),
    ApiClient("java/", "Java", "Java/17.0.2"),
    ApiClient("java-http-client", "Java-http-client", "Java-http-client/17.0.9"),
    ApiClient("apache-httpclient", "Apache-HttpClient", "Apache-HttpClient/4.5.2 (Java/1.8.0_60)"),
    ApiClient("apache-httpasyncclient", "Apache-HttpAsyncClient", "Apache-HttpAsyncClient/4.1.4"),
    ApiClient(
        "jakarta commons-httpclient", "Jakarta Commons-HttpClient", "Jakarta Commons-HttpClient/3.1"
    ),
    ApiClient("postmanruntime", "Postman Runtime", "PostmanRuntime/7.31.0"),
    ApiClient("insomnia", "Insomnia", "insomnia/8.4.5"),
    ApiClient("httpie", "HTTPie", "HTTPie/3.2.2"),
    ApiClient("apache_beam", "Apache Beam", "Apache_Beam_SDK_for_Java/2.22.0"),
    ApiClient("apache-maven", "Apache Maven", "Apache-Maven/3.5.0 (Java 1.8.0_222; Linux 4.4.0)"),
    ApiClient("axios", "axios", "axios/1.6.2"),
    ApiClient("node-fetch", "node-fetch", "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)"),
    ApiClient("node", "Node.js", "node", is_whole=True),
    ApiClient("undici", "undici", "undici"),
    ApiClient("got ", "got", "got (https://github.com/sindresorhus/got)"),
    ApiClient("guzzlehttp", "Guzzle", "GuzzleHttp/6.2.1 curl/7.47.0 PHP/7.1.16"),
    ApiClient("symfony httpclient", "Symfony HttpClient", "Symfony HttpClient/Curl"),
    ApiClient("restsharp", "RestSharp", "RestSharp/106.11.4.0"),
    ApiClient("faraday", "Faraday", "Faraday v2.7.4"),
    ApiClient("rubygems", "RubyGems", "RubyGems/3.4.22 x86_64-linux Ruby/3.2.2 (2023-03-30)"),
    ApiClient("ruby, rubygems", "RubyGems", "Ruby, RubyGems/3.3.7 x86_64-linux Ruby/3.1.2"),
    ApiClient("ruby", "Ruby", "Ruby", is_whole=True),
    ApiClient("http.rb", "http.rb", "http.rb/5.1.0"),
    ApiClient("typhoeus", "Typhoeus", "Typhoeus - https://github.com/typhoeus/typhoeus"),
    ApiClient("dart", "Dart", "Dart/2.17 (dart:io)", is_whole=True),
    ApiClient("reqwest", "reqwest", "reqwest/0.11.22"),
    ApiClient("hackney", "Hackney", "hackney/1.6.6, Mozilla/5.0 (Windows NT 6.1)"),
    ApiClient("libwww-perl", "libwww-perl", "libwww-perl/6.67"),
    ApiClient("lua-resty-http", "lua-resty-http", "lua-resty-http/0.07 (Lua) ngx_lua/10000"),
    ApiClient("scrapy", "Scrapy", "Scrapy/2.11.2 (+https://scrapy.org)"),
    ApiClient(
        "hashicorp terraform", "Terraform", "HashiCorp Terraform/1.6.6 (+https://www.terraform.io)"
    ),
    ApiClient("terraform", "Terraform", "Terraform/1.6.6 (+https://www.terraform.io)"),
    ApiClient("github-actions", "GitHub Actions", "github-actions/2.311.0"),
    ApiClient("actions/", "GitHub Actions", "actions/checkout@v4"),
    ApiClient("github-hookshot", "GitHub Hookshot", "GitHub-Hookshot/044aadd"),
    ApiClient("gitlab-kas", "Gitlab Kubernetes Agent Service", "gitlab-kas/v18.8.0/v18.8.0"),
    ApiClient(
        "gitlab-runner", "Gitlab CI Runner", "gitlab-runner 17.10.0 (17-10-stable; go1.23.6)"
    ),
    ApiClient("git/", "git", "git/2.43.0"),
    ApiClient("google-cloud-sdk gcloud", "gcloud", "google-cloud-sdk gcloud/455.0.0 command/x"),
    ApiClient("kubectl", "kubectl", "kubectl/v1.28.4 (linux/amd64) kubernetes/bae2c62"),
    ApiClient("vector/", "Vector", "Vector/0.34.1 (x86_64-unknown-linux-gnu)"),
    ApiClient("fluent-bit", "Fluent Bit", "Fluent-Bit"),
    ApiClient("otel", "OpenTelemetry", "OTel-OTLP-Exporter-Python/1.21.0"),
    ApiClient("aws-sdk", "AWS SDK", "aws-sdk-go/1.44.0 (go1.19; linux; amd64)"),
    ApiClient("aws-cli", "AWS CLI", "aws-cli/2.13.0 Python/3.11.4 Linux/5.10"),
    ApiClient("boto3", "Boto3", "Boto3/1.28.0 md/Botocore#1.31.0"),
    ApiClient("powershell", "PowerShell", "PowerShell/7.4.0"),
    ApiClient("mastodonpy", "Mastodon.py", "mastodonpy"),
    ApiClient("lowcoder", "Lowcoder", "Lowcoder/2.6.4"),
)
_BROWSERS = ("mozilla", "opera", "dalvik")
# What is a library to somebody's own program, and stands aside for it.
_LIBRARIES = frozenset(
    ("python-requests", "http.rb", "Go-http-client", "okhttp", "Ruby", "Faraday")
)
# A program without a system in its comment that no table knows: Synapse/1.68.0 (b=HEAD,t=v1.68.0)
_ON_A_DEVICE = re.compile(
    r"android|iphone|ipad|ipod|\bios\b|ipados|darwin|cfnetwork|mac ?os|macintosh|windows|x11"
    r"|playstation|cellos|nintendo|xbox|tizen|web0s|webos|smart-?tv|hbbtv|sonos|linux|midp|mobile|kaios"
    r"|^whatsapp/\S{1,30} [aiwn]$|^\[fb|\b(?:sm|lm|gt)-[a-z]\d"
)
# After a slash anything, after a space a number: GitHub-Hookshot/044aadd, gitlab-runner 17.10.0
_VERSION = re.compile(r"[^\s/]{0,40}(?:/\s?([^\s;,()]{1,64})|\s{1,2}(v?\d[^\s;,()]{0,63}))")
# What only a program without a screen sends: the runtime of its language, a list of libraries, the
# pair of system and processor that Go builds for, all that it knows as JSON.
_LIBRARY = re.compile(
    r"\b(?:node(?:\.?js)?|cpython|pypy|python|php|ruby|rustc|go)[/ :#]{1,2}(?:v|go)?\d|\bopenjdk"
    r"|\b(?:libcurl|openssl|libressl|nghttp2)/|\b(?:linux|darwin|windows)[/;] ?(?:amd64|arm64|386)\b"
    r'|^\S{1,40} \{"'
)
# An app of a handheld may tell its libraries, too.
_ON_A_HANDHELD = re.compile(
    r"android|iphone|ipad|ipod|\bios\b|ipados|cfnetwork|midp|kaios|tizen|^whatsapp"
)


def find_api_client(pieces: Pieces) -> NameVersion | None:
    """Return name and version of a program without a screen, or None where it is none."""
    lower = pieces.lower
    if lower.startswith(_BROWSERS):
        # Mozilla/5.0 (Linux x64) node.js/16.14.2 v8/9.4.146.24-node.20
        runs = pieces.version_of("node.js")
        return NameVersion("Node.js", runs) if runs else None
    for client in API_CLIENTS:
        if lower.startswith(client.start) and not (client.is_whole and _goes_on(client, lower)):
            return _user_of(client, pieces) or NameVersion(client.name, _version(client, pieces))
    return None


def find_unknown_program(pieces: Pieces) -> NameVersion | None:
    """Return a program that says nothing of a device: it is taken for one without a screen."""
    lower = pieces.lower
    if lower.startswith(_BROWSERS) or " (khtml" in lower or "webkit" in lower:
        return None
    if _ON_A_DEVICE.search(lower) and not _is_library(lower):
        return None
    return split_version(pieces.outside.partition("{")[0])


def _is_library(lower: str) -> bool:
    return _LIBRARY.search(lower) is not None and _ON_A_HANDHELD.search(lower) is None


def _goes_on(client: ApiClient, lower: str) -> bool:
    after = lower[len(client.start) :][:1]
    return after.isalnum() or after == "-"


def _version(client: ApiClient, pieces: Pieces) -> str | None:
    rest = pieces.outside[len(client.start) - client.start.endswith("/") :]
    match = _VERSION.match(rest)
    return match[1] or match[2] if match else None


def _user_of(client: ApiClient, pieces: Pieces) -> NameVersion | None:
    """Return the program that uses the library: `python-requests (funkwhale/1.2.9; +https://…)`."""
    if client.name not in _LIBRARIES or not pieces.comments:
        return None
    fields = pieces.comments[0]
    if len(fields) < 2 or not is_url(fields[-1]) or "/" not in fields[0] or is_url(fields[0]):
        return None
    return split_version(fields[0])
