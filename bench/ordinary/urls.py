"""The addresses of the ordinary project."""

from django.urls import path

from .views import EventsView, live

urlpatterns = [path("events", EventsView.as_view()), path("health/live", live)]
