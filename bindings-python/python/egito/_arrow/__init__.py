"""Lists as Arrow columns. Not imported before a program asks for them."""
