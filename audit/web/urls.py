"""The routes of the pages."""

from django.urls import path

from audit.web.events.new_events import new_events
from audit.web.events.pick import pick
from audit.web.events.picked_export import picked

from . import lowcoder_links as lowcoder
from . import style_page
from .compare import views as compare_views
from .events import views
from .evidence import views as evidence_views
from .exports import page as exports_page
from .home import views as home_views
from .preferences import preferences
from .promotions import views as promotions_views
from .saved_views import views as saved_views_pages

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
    path("evidence/", evidence_views.evidence, name="evidence"),
    path("evidence/alarms/<int:alarm_id>/clear/", evidence_views.clear, name="clear_alarm"),
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
