"""The routes of the REST API."""

from django.urls import path

from .events import CountView, EventsView, EventView, HistogramView
from .lowcoder.record import LowcoderEventsView

app_name = "audit_rest"
urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("events/count", CountView.as_view(), name="count"),
    path("events/histogram", HistogramView.as_view(), name="histogram"),
    path("events/<uuid:event_id>", EventView.as_view(), name="event"),
    path("lowcoder/events", LowcoderEventsView.as_view(), name="lowcoder_events"),
]
