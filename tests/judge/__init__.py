"""Plays every case against every adapter and compares. All matching of the suite is here."""
