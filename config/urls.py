"""Routes URLs to apps."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from audit.rest.health import LiveView, ReadyView
from audit.rest.problems import nothing_here
from audit.rest.reference import reference_page

handler500 = "config.error_views.server_error"
urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("audit.web.urls")),
    path("api/v1/", include("audit.rest.urls")),
    path("api/docs/", reference_page, name="api_reference"),
    path("api/docs", RedirectView.as_view(pattern_name="api_reference")),
    path("api/plugins/enterprise/", include("audit.rest.lowcoder.urls")),
    # Programs get problem documents at every URL below.
    re_path(r"^api(/|$)", nothing_here),
    path("log/", include("audit.rest.log_urls")),
    path("health/live", LiveView.as_view(), name="live"),
    path("health/ready", ReadyView.as_view(), name="ready"),
    path("admin/", admin.site.urls),
]
