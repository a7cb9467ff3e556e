"""The client for asyncio. `scripts/unasync.py` makes the blocking client in `egito._sync` of these files."""
