"""How the register is written. Every function takes a session inside a transaction that the caller commits."""
