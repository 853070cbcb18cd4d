"""What was derived from an event, derived again: devices by better rules, places by a newer file.

Evidence is never touched: the role that works here may update derived columns alone.
"""
