"""Rehearsal: a whole procedure played in seconds, on the production code, with a skipped clock and servers of its own.

`scenario` what is to be played · `register` who and what is there · `stage` the house it is played in · `play` when
each scene comes · `acts` what it asks of the API · `timeline` what happened, read from journal, ledger and mail ·
`told` in which words.
"""
