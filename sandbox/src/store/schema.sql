-- A record is its JSON text; `id` stands beside it as an integer where it is one, as text otherwise.
CREATE TABLE IF NOT EXISTS records (
    entity TEXT NOT NULL,
    id NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (entity, id);
