"""The routes of the logs themselves (c2sp.org/tlog-tiles)."""

from django.urls import path, re_path

from .log import CheckpointView, TileView
from .problems import nothing_here

app_name = "audit_log"
urlpatterns = [
    path("<slug:environment>/checkpoint", CheckpointView.as_view(), name="checkpoint"),
    re_path(
        r"^(?P<environment>[a-z0-9-]+)/(?P<resource>tile/.+)$", TileView.as_view(), name="tile"
    ),
    re_path("", nothing_here),
]
