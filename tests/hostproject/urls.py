"""The host's addresses: the log where it likes it."""

from django.urls import include, path

urlpatterns = [
    path("office/log/api/", include("audit.rest.urls")),
    path("office/log/", include("audit.web.urls")),
]
