"""What `cargo xtask generate` writes from the tables of the core."""
