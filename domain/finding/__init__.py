"""Finding: what an audit of a delegate has found is put right, verified, and confirmed by somebody else.

Source: procedures, section 3 step 6
"""
