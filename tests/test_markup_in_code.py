"""No value gets into a page as markup, whoever writes it: Python, a template or a script."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from .markup_in_code import unescaped

ROOT = Path(__file__).parents[1]
PACKAGES = ("accounts", "audit", "config", "environments")
# `{{ value|safe }}`, `{% autoescape off %}`
UNSAFE_IN_TEMPLATES = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off")
# The answer of a page of ours, as rows.js and live.js put it in.
UNSAFE_IN_SCRIPTS = re.compile(
    r"(?:innerHTML|outerHTML)\s*\+?=(?! await response\.text\(\))"
    r"|insertAdjacentHTML|document\.write"
)


def files(*kinds: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *kinds], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split() if "/vendor/" not in name]


def test_python_escapes_what_it_marks_safe() -> None:
    found = {
        str(file.relative_to(ROOT)): wrong
        for file in files(*(f"{package}/*.py" for package in PACKAGES))
        if (wrong := unescaped(file.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("kind", "unsafe"), [("*.html", UNSAFE_IN_TEMPLATES), ("audit/static/*.js", UNSAFE_IN_SCRIPTS)]
)
def test_templates_and_scripts_take_values_as_text(kind: str, unsafe: re.Pattern[str]) -> None:
    looked_at = files(kind)
    assert looked_at
    assert [file for file in looked_at if unsafe.search(file.read_text())] == []


class TestUnescaped:
    @pytest.mark.parametrize(
        "code",
        [
            "def f(x): return SafeString(f'<b>{escape(x)}</b>')",
            "def f(x): return mark_safe('<b>' + escape(x) + '</b>')",
            "def f(x):\n  y = escape(x)\n  return SafeString(f'<b>{y}</b>')",
            "def f(xs): return SafeString(''.join(f'<i>{escape(x)}</i>' for x in xs))",
            "def g(x): return f'{escape(x)}'\ndef f(xs): return SafeString(''.join(map(g, xs)))",
            "def f(x): return SafeString(f'<b>{x.__html__()}</b>')",
            "def f(x: SvgNumber): return SafeString(f'<b x=\"{x}\">')",
            "class C:\n  x: SvgNumber\n  def f(self): return SafeString(f'<b x=\"{self.x}\">')",
            "def f(x): return format_html('<b>{}</b>', x)",
            "def f(x): return f'<b>{x}</b>'",  # text, until somebody marks it
        ],
    )
    def test_is_quiet_where_all_is_escaped(self, code: str) -> None:
        assert unescaped(code) == []

    @pytest.mark.parametrize(
        "code",
        [
            "def f(x): return SafeString(x)",
            "def f(x): return SafeString(f'<b>{x}</b>')",
            "def f(x): return SafeString(f'<b>{x!r}</b>')",
            "def f(x): return SafeString('<b>' + x)",
            "def f(x): return SafeString('<b>%s</b>' % x)",
            "def f(x): return mark_safe('<b>{}</b>'.format(x))",
            "def f(x):\n  y = escape(x)\n  y = x\n  return SafeString(f'<b>{y}</b>')",
            "def f(x):\n  y = escape(x)\n  y += x\n  return SafeString(y)",
            "def f(x):\n  y = ''\n  y = f'{y}<b>{x}</b>'\n  return SafeString(y)",
            "class A:\n  def f(x): return SafeString(x)\nclass B:\n  def f(x): return ''",
            "def f(xs): return SafeString(''.join(f'<i>{x}</i>' for x in xs))",
            "def f(xs):\n  for x in xs:\n    yield SafeString(x)",
            "def g(x): return f'<i>{x}</i>'\ndef f(x): return SafeString(g(x))",
            "def g(x): return f'<i>{x}</i>'\ndef f(xs): return SafeString(''.join(map(g, xs)))",
            "class C:\n  x: str\n  def f(self): return SafeString(f'<b x=\"{self.x}\">')",
            "def f(x): return SafeString(f'<b>{escape(x) if x else x}</b>')",
            "def f(x): return format_html(f'<b>{x}</b>')",
            "from elsewhere import g\ndef f(x): return SafeString(g(x))",
            "def f(x): return SafeString(f'<b>{(y := x)}</b>')",
        ],
    )
    def test_finds_what_gets_in_as_it_is(self, code: str) -> None:
        assert unescaped(code)
