"""The one way out: scope first, then filters, then a page."""

from audit.query.counts.histogram import Bucket, Histogram, Overview, histogram, overview
from audit.query.counts.totals import Count, count_events
from audit.query.search.event_query import EventQuery
from audit.query.search.pages import Page, find_events, get_event, get_events
from audit.query.search.parameters import parse_query

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
