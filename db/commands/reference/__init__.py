"""Reference data taken in: `staging` a file's lines beside the tables · `shapes` how a kind lies in them · `judging`
what is new, the same, or wrong · `imports` all of it, in one transaction · `ibans` one account, changed by hand.
"""
