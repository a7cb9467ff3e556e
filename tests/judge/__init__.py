"""The judge: plays every case against every adapter and compares. All matching of the suite happens here, once."""
