"""The routes that Lowcoder's client knows."""

from django.urls import path

from .read import AuditLogsView, StatisticsView

app_name = "audit_lowcoder"
urlpatterns = [
    path("audit-logs", AuditLogsView.as_view(), name="audit_logs"),
    path("audit-logs/statistics", StatisticsView.as_view(), name="statistics"),
]
