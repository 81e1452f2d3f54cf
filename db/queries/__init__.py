"""How the register is read. Every function takes a session and writes nothing."""
