"""KEPT: the register. `models` what is kept, `queries` how it is read, `commands` how it is written."""
