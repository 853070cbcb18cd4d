"""What an ordinary Django project does: the same events, a model, a serializer, `bulk_create`.

The design that most audit logs have: a bigint key, a random UUID, an index of (facet, time) for
each filter, pages by OFFSET, and COUNT(*) for how many there are.
"""
