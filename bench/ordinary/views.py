"""Recording and listing, as the tutorial does it; without a log-in, which is only faster."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from .models import FACETS, OrdinaryEvent
from .serializers import OrdinarySerializer


class Pages(LimitOffsetPagination):
    default_limit = 50


class EventsView(ListAPIView):
    serializer_class = OrdinarySerializer
    pagination_class = Pages

    def get_queryset(self) -> Any:
        wanted = {k: v for k, v in self.request.query_params.items() if k in FACETS}
        return OrdinaryEvent.objects.filter(**wanted).order_by("-time")

    def post(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data, many=True)
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            created = serializer.save()
        return Response({"ids": [one.public_id for one in created]}, status=201)


def live(request: Any) -> HttpResponse:
    return HttpResponse("live")
