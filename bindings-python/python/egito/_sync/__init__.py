"""The blocking client, which `scripts/unasync.py` makes of the files in `egito._async`."""
