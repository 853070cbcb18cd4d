"""Logging in and out; who may do what."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views
from .api import AccessView

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("access/", views.access, name="access"),
    path("access/people/<int:user_id>/", views.person, name="access_of_person"),
    path("access/environments/<slug:key>/", views.environment, name="access_in_environment"),
    path("api/v1/access", AccessView.as_view(), name="access_api"),
]
