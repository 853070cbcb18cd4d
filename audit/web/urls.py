"""Which address shows which page?"""

from django.urls import path

from . import (
    compare_views,
    exports_page,
    home_views,
    lowcoder,
    promotions_views,
    saved_views_pages,
    style_page,
    views,
)
from .new_events import new_events
from .pick import pick
from .picked import picked
from .preferences import preferences

app_name = "audit_web"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("events/", views.events, name="events"),
    path("events/new/", new_events, name="new_events"),
    path("events/pick/", pick, name="pick"),
    path("events/picked/", picked, name="picked"),
    path("events/<uuid:event_id>/", views.event, name="event"),
    path("compare/", compare_views.compare, name="compare"),
    path("promotions/", promotions_views.promotions, name="promotions"),
    path("promotions/app/", promotions_views.app, name="app"),
    path("exports/", exports_page.exports, name="exports"),
    path("exports/<uuid:export_id>/cancel/", exports_page.cancel, name="cancel_export"),
    path("first-key/", home_views.first_key, name="first_key"),
    path("preferences/", preferences, name="preferences"),
    path("setting/audit", lowcoder.audit, name="lowcoder"),
    path("setting/audit/<uuid:event_id>/detail", lowcoder.audit, name="lowcoder_event"),
    path("style/", style_page.style, name="style"),
    path("views/", saved_views_pages.views, name="views"),
    path("views/<int:view_id>/delete/", saved_views_pages.delete, name="delete_view"),
]
