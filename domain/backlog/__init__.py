"""Backlog: bring an activity that is far behind back under its standard, within labour law, paid to the cent.

`sizing` how many people · `projection` the stock day by day under a plan · `watch` when to be alarmed · `hours` when
somebody works · `labour` what the law allows · `pay` what is owed · `dispatch` who gets which case · `waiting_list` who
is next.
Source: procedures, section 4; docs/procedures/backlog.md
"""
