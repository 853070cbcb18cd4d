"""`/api/v1/events`: recording and searching, and one event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import DEFAULTS, IMPORT_STRINGS, APISettings
from rest_framework.views import APIView

from audit.conf import audit_settings
from audit.contracts import Scope, SenderKey
from audit.errors import BadParameter
from audit.ingest.native_format import NATIVE
from audit.log.times import format_time
from audit.query import EventQuery, find_events, get_event, parse_query, turns
from audit.query.search.log_feed import find_recorded
from audit.query.search.pages import MAX_PAGE_SIZE
from audit.query.search.parameters import check_names
from audit.vocabulary import unknown
from audit.vocabulary.document import Document

from .authentication import IngestKeyAuthentication, ReadTokenAuthentication, Session
from .fields import chosen, entity_tag, parse_fields
from .media import JSONRenderer, raw_parser
from .parameters import parse_number
from .problem_types import NO_STORE
from .problems import handle
from .schema.document import DeclaredSchema
from .seals import with_seals
from .submit import submit

DEFAULT_PAGE_SIZE = 50
ORDERS = ("happened", "recorded")
UNFILTERED = frozenset({"cursor", "page_size", "fields"})


class ByAccept(DefaultContentNegotiation):
    """By the header alone: no parameter of a search says which form the answer has."""

    # The stubs know the class of the settings by another name.
    settings = APISettings({"URL_FORMAT_OVERRIDE": None}, DEFAULTS, IMPORT_STRINGS)  # type: ignore[assignment,arg-type]


class IsSomebody(BasePermission):
    """A sender with a key, or a reader who is known; whatever a host has stand for nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.successful_authenticator is not None


class AuditView(APIView):
    """What all views of this API have in common: every policy, so that none of a host's
    REST_FRAMEWORK settings reaches them.
    """

    schema = DeclaredSchema()
    throttle_classes = ()  # `audit.rest.admission` has the limits
    versioning_class = None  # the version stands in the address
    content_negotiation_class: type[BaseContentNegotiation] = ByAccept
    renderer_classes: Sequence[type[JSONRenderer]] = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = tuple(map(raw_parser, NATIVE.bodies))
    permission_classes: Sequence[type[BasePermission]] = (IsSomebody,)
    authentication_classes: Sequence[type[BaseAuthentication]] = (ReadTokenAuthentication, Session)
    searches_with = staticmethod(turns.never)

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """Programs are told in English, whatever language a host speaks."""
        with translation.override(None):
            return super().dispatch(*args, **kwargs)

    def get_exception_handler(self) -> Any:
        return handle

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Nobody has to say who they are to ask for the methods."""
        return [] if self._asks_for_methods() else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [] if self._asks_for_methods() else super().get_permissions()

    def _asks_for_methods(self) -> bool:
        return self.request is not None and self.request.method == "OPTIONS"

    def options(self, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        """What one reader may see is for no cache to keep, the reader's own included: who has an
        `ETag` keeps it by their own decision.
        """
        response = super().finalize_response(*args, **kwargs)
        response.headers.setdefault("Cache-Control", NO_STORE)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A method that isn't there is told before anybody is asked who they are."""
        if not hasattr(self, (request.method or "").lower()):
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        turns.note_reader(request.META, request.user)
        turns.require_turn(request.META)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> Any:
        raise NotAuthenticated("Send 'Authorization: Bearer <token>'.")

    def operation_name(self, method: str) -> str:
        return f"{type(self).__name__}.{method}"

    def scope(self, request: Request) -> Scope:
        """What the reader may see: the one place where it is asked for."""
        return audit_settings().resolve_scope(request.user)

    def query(self, request: Request, *also: str) -> EventQuery:
        return parse_query(
            request.query_params, scope=self.scope(request), now=timezone.now(), also=also
        )


def _is_filtered(parameters: frozenset[str]) -> bool:
    """The newest events of all cost little; a filter may have to look far."""
    return not parameters <= UNFILTERED


class EventsView(AuditView):
    searches_with = staticmethod(_is_filtered)

    def get_authenticators(self) -> list[BaseAuthentication]:
        if self.request is not None and self.request.method == "POST":
            return [IngestKeyAuthentication()]
        return super().get_authenticators()

    def post(self, request: Request) -> HttpResponse:
        return submit(request, cast(SenderKey, request.auth), NATIVE)

    def get(self, request: Request) -> Response:
        params = request.query_params
        query = self.query(request, "cursor", "page_size", "order", "fields")
        order = params.get("order") or ORDERS[0]
        if order not in ORDERS:
            raise BadParameter("order", unknown("order", order, ORDERS))
        fields = parse_fields(params)
        cursor = params.get("cursor") or None
        page_size = parse_number(
            params, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE
        )
        if order == "recorded":
            since = find_recorded(query, cursor=cursor, page_size=page_size)
            return Response(
                {
                    "next": page_address(request, since.next),
                    "previous": None,
                    "results": told(since.results, fields),
                    "searched_back_to": None,
                    "complete": since.complete,
                    "by_id_at": None,
                }
            )
        page = find_events(query, cursor=cursor, page_size=page_size)
        back_to, by_id_at = page.searched_back_to, page.by_id_at
        return Response(
            {
                "next": page_address(request, page.next),
                "previous": page_address(request, page.previous),
                "results": told(page.results, fields),
                "searched_back_to": format_time(back_to) if back_to else None,
                "complete": page.complete,
                "by_id_at": format_time(by_id_at) if by_id_at else None,
            }
        )


class EventView(AuditView):
    def get(self, request: Request, event_id: UUID) -> HttpResponseBase:
        check_names(request.query_params, ("fields",))
        fields = parse_fields(request.query_params)
        document = get_event(event_id, scope=self.scope(request))
        if document is None:
            raise Http404
        if not fields or "seal" in fields:
            (document,) = with_seals([document])
        one = chosen(document, fields)
        tag = entity_tag(one)
        response = Response(one, headers={"ETag": tag})
        return get_conditional_response(request, etag=tag, response=response) or response


def told(documents: Sequence[Document], fields: tuple[str, ...]) -> list[Document | dict[str, Any]]:
    """Return the documents of a page as it has them: their seals where `fields` names these, which
    cost a third of what a page does.
    """
    documents = with_seals(documents) if "seal" in fields else documents
    return [chosen(one, fields) for one in documents]


def page_address(request: Request, cursor: str | None) -> str | None:
    """Return the address of another page of the same search."""
    if cursor is None:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
