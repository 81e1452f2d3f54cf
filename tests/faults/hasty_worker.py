"""The house's worker, but an attempt on a letter or a message whose worker has died is given up after seconds."""

import asyncio
from datetime import timedelta

import worker
from workflows.options import HAND_OVER, PRODUCE, ROUND

if __name__ == "__main__":
    for options in (PRODUCE, HAND_OVER, ROUND):
        options["start_to_close_timeout"] = timedelta(seconds=8)
    asyncio.run(worker.main())
