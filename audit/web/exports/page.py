"""Serves the page of a person's exports, and takes orders for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from audit.conf import audit_settings
from audit.enrich.proxies import sender_address
from audit.errors import AuditError, CannotExport
from audit.export import has_parquet, jobs, parse_form
from audit.export.form import EVIDENCE
from audit.export.streamed import settle_streams
from audit.models import Export
from audit.models.export import DONE, UNFINISHED
from audit.web.events.search import OWN, read_address
from audit.web.parts.filters import chips
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import count_text, thin, visible
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import private

# From so many on the worker makes the file: a stream of that size holds a connection for long.
BACKGROUND_FROM = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLink:
    """form: the parameters of its form; href: a file that comes at once, None where the worker has
    to make it
    """

    format: str
    form: str
    note: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMenu:
    """path: of the page of exports, which also asks for one; search: what would be exported
    evidence: its logs whose evidence the person may export; is_divided: they are not one alone
    """

    path: str
    search: str
    count: str
    links: tuple[ExportLink, ...]
    evidence: tuple[EvidenceChoice, ...]
    is_divided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChoice:
    """form: the parameters of its form, with the environment that the search is narrowed to"""

    tag: Tag
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """file: where it is fetched, once done; rows: made so far, of: expected, "" if not known;
    is_streaming: it goes out now, and ends with its reader
    """

    id: str
    format: str
    asked_at: Moment
    filters: tuple[str, ...]
    state: str
    state_label: str
    rows: str
    of: str
    share: str
    size: str
    sha256: str
    error: str
    expires_at: Moment | None
    file: str | None
    is_unfinished: bool
    is_streaming: bool


def export_menu(
    link: str,
    *,
    count: int,
    is_capped: bool,
    environments: Sequence[str] = (),
    evidence: Sequence[Tag] = (),
) -> ExportMenu | None:
    """link: the address of the search with its absolute range; None where the host has no API.

    environments: those of the search; evidence: those of them whose evidence one may export
    """
    try:
        api = reverse("audit_rest:export")
    except NoReverseMatch:
        return None
    params = QueryDict(link.partition("?")[2], mutable=True)
    for name in OWN:
        params.pop(name, None)
    if params.get("from") == "always":
        params.pop("from")
    is_large = is_capped or count >= BACKGROUND_FROM
    choices = (
        ("csv", "format=csv", _("a table as text")),
        ("csv", "format=csv&bom=yes", _("for Excel")),
        ("json", "format=json", _("one list")),
        ("ndjson", "format=ndjson", _("an event a line")),
        ("raw", "format=raw", _("as stored, in the log's words")),
        *((("parquet", "format=parquet", _("typed columns")),) if has_parquet() else ()),
    )
    return ExportMenu(
        path=reverse("audit_web:exports"),
        search=params.urlencode(safe=":"),
        count=count_text(count, is_capped=is_capped),
        links=tuple(
            ExportLink(
                format=name,
                form=form,
                note=note,
                href=None if is_large else f"{api}?{form}&{params.urlencode(safe=':')}",
            )
            for name, form, note in choices
        ),
        evidence=tuple(
            EvidenceChoice(tag=tag, form=urlencode({"format": EVIDENCE, "environment": tag.key}))
            for tag in evidence
            if audit_settings().EXPORT_DIRECTORY
        ),
        is_divided=len(environments) > 1,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """GET lists one's own; POST asks for one of `search` in `form`."""
    problem = ""
    if request.method == "POST":
        try:
            _ask_for(request)
        except AuditError as error:
            problem = str(error)
        else:
            return HttpResponseRedirect(reverse("audit_web:exports"))
    zone, known = viewer_of(request).zone, Environments()
    settle_streams(using=audit_settings().DATABASE, now=timezone.now())
    rows = [_row(each, zone, known) for each in jobs.list_exports(request.user)]
    is_part = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "audit/_exports_table.html" if is_part else "audit/exports.html",
        {
            "rows": rows,
            "problem": problem,
            "is_busy": any(row.is_unfinished for row in rows),
            "path": reverse("audit_web:exports"),
        },
        status=400 if problem else 200,
    )


@require_POST
@private
@login_required
def cancel(request: HttpRequest, export_id: UUID) -> HttpResponse:
    try:
        if not jobs.cancel_export(request.user, export_id, now=timezone.now()):
            raise Http404
    except CannotExport as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(reverse("audit_web:exports"))


def _ask_for(request: HttpRequest) -> None:
    now = timezone.now()
    params = QueryDict(request.POST.get("search", ""), mutable=True)
    form = QueryDict(request.POST.get("form", ""))
    if "environment" in form:
        params.setlist("environment", form.getlist("environment"))
    said = params.urlencode(safe=":")
    if "from" not in params and "to" not in params:
        params["from"] = "always"
    asked = read_address(
        params,
        scope=audit_settings().resolve_scope(request.user),
        zone=viewer_of(request).zone,
        now=now,
    )
    if asked.problems:
        # What was left out as wrong would be a file of something else.
        raise asked.problems[0]
    jobs.create_export(
        user=request.user,
        query=asked.query,
        form=parse_form(form),
        said=said,
        address=sender_address(request),
        now=now,
    )


def _row(made: Export, zone: ZoneInfo, environments: Environments) -> ExportRow:
    expires = jobs.expires_at(made)
    said = Address.of(reverse("audit_web:events"), dict(QueryDict(made.said).lists()))
    expected = made.expected_rows
    share = f"{min(made.rows / expected, 1):.3f}" if expected else ""
    is_unfinished = made.state in UNFINISHED
    is_given = made.is_streamed and made.state == DONE
    has_file = made.state == DONE and not made.is_streamed
    return ExportRow(
        id=str(made.id),
        format=made.format,
        asked_at=moment(made.asked_at, zone),
        filters=(
            *(f"{c.label}: {c.value}" for c in chips(said, environments=environments, names={})),
            *_times(said, zone),
            *_picked(said),
        ),
        state=made.state,
        state_label=_("streamed") if is_given else _state(made.state),
        rows=thin(made.rows),
        of=thin(expected) if expected is not None and made.state in UNFINISHED else "",
        share=share if made.state in UNFINISHED else "",
        size=filesizeformat(made.bytes) if made.bytes else "",
        sha256=made.sha256,
        error=visible(made.error),
        expires_at=moment(expires, zone) if expires else None,
        file=reverse("audit_rest:export_file", args=[made.id]) if has_file else None,
        is_unfinished=is_unfinished,
        is_streaming=is_unfinished and made.is_streamed,
    )


def _times(said: Address, zone: ZoneInfo) -> tuple[str, ...]:
    ends = [(said.values(name) or ("",))[-1] for name in ("from", "to")]
    if not any(ends):
        return ()
    return (" – ".join(_time(each, zone) if each else "…" for each in ends),)


def _picked(said: Address) -> tuple[str, ...]:
    count = len(said.values("id"))
    told = ngettext("%(count)s picked event", "%(count)s picked events", count)
    return (told % {"count": thin(count)},) if count else ()


def _time(text: str, zone: ZoneInfo) -> str:
    try:
        return moment(datetime.fromisoformat(text), zone).text
    except ValueError:
        return visible(text)


def _state(state: str) -> str:
    return {
        "waiting": _("waiting"),
        "running": _("being made"),
        "interrupted": _("interrupted: the file was cut"),
        "done": _("ready"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }.get(state, state)
