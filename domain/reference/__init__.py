"""Reference data: how a line of a file says who is insured, by which contract, and where money goes.

Source: procedures, section 2 step 0
"""
