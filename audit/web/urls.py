"""Which address shows which page?"""

from django.urls import path

from . import views
from .preferences import preferences

app_name = "audit_web"
urlpatterns = [
    path("", views.home, name="home"),
    path("events/", views.events, name="events"),
    path("events/<uuid:event_id>/", views.event, name="event"),
    path("preferences/", preferences, name="preferences"),
]
