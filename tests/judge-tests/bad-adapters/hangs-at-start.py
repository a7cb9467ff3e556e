"""Never says hello."""

import threading

threading.Event().wait()
