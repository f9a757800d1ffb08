"""How the hotline does: intervals of 15 minutes, agents' time, the rolling connect rate.

Nothing is counted twice or kept twice: figures are made from the records, or, for the
last 24 hours, from the same facts as they are told. docs/statistics.md defines each.
"""
