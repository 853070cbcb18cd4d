"""The one way out: scope first, then filters, then a page."""

from .counts import Count, count_events
from .event_query import EventQuery
from .histogram import Bucket, Histogram, Overview, histogram, overview
from .pages import Page, find_events, get_event, get_events
from .parameters import parse_query

__all__ = [
    "Bucket",
    "Count",
    "EventQuery",
    "Histogram",
    "Overview",
    "Page",
    "count_events",
    "find_events",
    "get_event",
    "get_events",
    "histogram",
    "overview",
    "parse_query",
]
