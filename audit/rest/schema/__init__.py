"""Declares what can be asked of the API and what it answers; `/api/docs/` shows it.

`shapes` has the things that are sent and told, `parameters` what stands in an address, the modules
of `operations` one operation after another, and `document` makes the OpenAPI document of them.
"""
