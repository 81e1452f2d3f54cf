"""Keys for tests: the ring of every story, and another."""

from keys.ring import Keys

STORY_KEY = "story:c3Rvcnkta2V5LXN0b3J5LWtleS1zdG9yeS1rZXktMzI="
OTHER_KEY = "other:b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMzI="
STORY_KEYS = Keys.parse(STORY_KEY)
OTHER_KEYS = Keys.parse(OTHER_KEY)
READY_KEYS = Keys.parse(f"{STORY_KEY},{OTHER_KEY}")
"""The ring before a turn: the story's key still seals, the other one opens already."""
TURNED_KEYS = Keys.parse(f"{OTHER_KEY},{STORY_KEY}")
"""The ring after a turn: the other key seals, the story's still opens."""
