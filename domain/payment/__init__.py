"""Payment: a batch of approved benefits on its way to the bank, exactly once.

Source: procedures, section 2 step 5
"""
