"""Complaint: answer every expression of dissatisfaction within the regulator's duties.

`states` where it can stand · `intake` what arrives · `commands` what people ask · `events` what has happened ·
`case` what is known · `decide` one command on one case · `chain` the two validators.
Source: procedures, section 1; docs/procedures/complaint.md
"""
