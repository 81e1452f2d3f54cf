"""WHO: the JSON API. It authenticates, authorises, keeps each command, delivers it and tells what became of it."""
