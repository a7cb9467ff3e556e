"""Replies correctly, but does not end when its standard input closes."""

import threading

from reference_adapter import Adapter

Adapter().run()
threading.Event().wait()
