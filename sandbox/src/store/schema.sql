-- A record is stored as its JSON text. `id` is an integer if possible, otherwise text.
CREATE TABLE IF NOT EXISTS records (
    entity TEXT NOT NULL,
    id NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (entity, id);
