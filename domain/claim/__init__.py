"""Claim: control every benefit above the threshold, whole and before it is paid.

`intake` what arrives · `checks` what the machine looks at · `sample` who is drawn · `reasons` what is controlled, by
how many · `states` where a claim can stand · `commands` what people ask · `events` what has happened · `case` what is
known · `decide` one command on one claim.
Source: procedures, section 2; docs/procedures/claim.md
"""
