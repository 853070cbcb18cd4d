"""The routes of the REST API."""

from django.urls import path, re_path

from .counts import CountView, FacetsView, HistogramView
from .events import EventsView, EventView
from .exports import EventsExportView, ExportFileView, ExportsView, OneExportView
from .formats import format_routes
from .limits import LimitsView
from .problems import nothing_here
from .proof import ProofView
from .reference import DocumentView
from .rejected import RejectedCountsView, RejectedDownloadView, RejectedView
from .subjects import (
    ActorsView,
    ApplicationsView,
    EnvironmentsView,
    EventTypesView,
    ResourcesView,
    WorkspacesView,
)
from .verification import VerificationView

app_name = "audit_rest"
urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("events/export", EventsExportView.as_view(), name="export"),
    path("events/count", CountView.as_view(), name="count"),
    path("events/facets", FacetsView.as_view(), name="facets"),
    path("events/histogram", HistogramView.as_view(), name="histogram"),
    path("events/<uuid:event_id>", EventView.as_view(), name="event"),
    path("events/<uuid:event_id>/proof", ProofView.as_view(), name="proof"),
    path("events/<uuid:event_id>/verification", VerificationView.as_view(), name="verification"),
    path("exports", ExportsView.as_view(), name="exports"),
    path("exports/<uuid:export_id>", OneExportView.as_view(), name="one_export"),
    path("exports/<uuid:export_id>/file", ExportFileView.as_view(), name="export_file"),
    path("openapi.json", DocumentView.as_view(), name="openapi"),
    path("limits", LimitsView.as_view(), name="limits"),
    *format_routes(),
    path("actors", ActorsView.as_view(), name="actors"),
    path("applications", ApplicationsView.as_view(), name="applications"),
    path("resources", ResourcesView.as_view(), name="resources"),
    path("rejected", RejectedView.as_view(), name="rejected"),
    path("rejected/counts", RejectedCountsView.as_view(), name="rejected_counts"),
    path("rejected/download", RejectedDownloadView.as_view(), name="rejected_download"),
    path("workspaces", WorkspacesView.as_view(), name="workspaces"),
    path("environments", EnvironmentsView.as_view(), name="environments"),
    path("event-types", EventTypesView.as_view(), name="event_types"),
    re_path("", nothing_here),
]
