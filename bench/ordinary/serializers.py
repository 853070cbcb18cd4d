"""DRF's own serializer, with its own `bulk_create`."""

from typing import Any

from rest_framework import serializers

from .models import OrdinaryEvent


class BulkCreate(serializers.ListSerializer):
    """All events of a request in one statement."""

    def create(self, validated_data: list[dict[str, Any]]) -> list[OrdinaryEvent]:
        return OrdinaryEvent.objects.bulk_create([OrdinaryEvent(**one) for one in validated_data])


class OrdinarySerializer(serializers.ModelSerializer):
    class Meta:
        model = OrdinaryEvent
        exclude = ["id"]
        list_serializer_class = BulkCreate
