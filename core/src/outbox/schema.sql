-- The database of an outbox. Version 2 differs from 1 in the hash of keys with several fields.

CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the id of a discarded entry is not used again
    state INTEGER NOT NULL,               -- 0 waiting, 1 sending, 2 refused, 3 unclear, 4 delivered
    head INTEGER NOT NULL,                -- 1 for the first entry of its group that is not delivered
    at INTEGER NOT NULL,                  -- time of the next attempt, or of the last change of the state
    grp BLOB NOT NULL,                    -- hash of what identifies the record: entries of a group are sent in order
    action INTEGER NOT NULL,              -- 0 create, 1 upsert, 2 update, 3 delete
    entity TEXT NOT NULL,
    key TEXT,                             -- the fields of the key and its options, as JSON
    record_id TEXT,                       -- as JSON
    record TEXT,                          -- as JSON
    in_doubt INTEGER NOT NULL,            -- 1 if it may have been done
    attempts INTEGER NOT NULL,
    worker TEXT,                          -- the worker that sends it
    error TEXT,                           -- the details of the last error, as JSON
    created_at INTEGER NOT NULL           -- times are in milliseconds since 1970
) STRICT;

CREATE INDEX entries_by_state ON entries (state, head, at);
CREATE INDEX entries_by_group ON entries (grp, state, action);

-- One row.
CREATE TABLE outbox (
    server TEXT NOT NULL,                 -- address of the server that the entries are for
    failures INTEGER NOT NULL,            -- calls in a row without a response
    paused_until INTEGER NOT NULL,
    pause_error TEXT                      -- why it is paused, as JSON
) STRICT;
