/** The actions of bulks: how their inputs are serialized, and what their rows contain. */

import type { Change, UpsertPlanRow } from './bulk-types.js';
import { idToJson, toJson } from './json-writer.js';
import { requireObject } from './options.js';
import type { RecordId } from './record.js';
import { configError, describe, requireString } from './values.js';

/** How a bulk action serializes its inputs, and what its results contain. */
export interface BulkAction<I> {
  readonly name: 'create' | 'get' | 'update' | 'delete' | 'upsert' | 'plan_upsert' | 'apply_upsert';
  /** Returns id and record of an input as JSON, its planned change, and what it was planned for. Throws if it cannot be serialized. */
  readonly serialize: (
    input: I,
  ) => readonly [
    id?: string | undefined,
    record?: string | undefined,
    change?: string | undefined,
    plannedFor?: string | undefined,
  ];
  /** Returns the members of a successful row, of the type that the bulk has. */
  readonly toRow: (result: unknown) => object;
}

/** Serializes an input that is a record. */
const serializeRecord = (record: object) => [undefined, toJson(record, 'record')] as const;

/** Serializes an input that is an id. */
const serializeId = (id: RecordId) => [idToJson(id)] as const;

/** Returns the row members of a result that is an id. */
const idToRow = (id: unknown) => ({ id });

/** Returns the row members of an upsert, which are its result. */
const upsertToRow = (upserted: unknown) => upserted as object;

/** Returns the row members of a create. With a key its result is that of an upsert. */
const createToRow = (result: unknown) => (typeof result === 'object' ? upsertToRow(result) : idToRow(result));

export const CREATE: BulkAction<object> = { name: 'create', serialize: serializeRecord, toRow: createToRow };

export const GET: BulkAction<RecordId> = {
  name: 'get',
  serialize: serializeId,
  toRow: (record) => ({ id: (record as { id: RecordId }).id, record }),
};

export const UPDATE: BulkAction<Change> = {
  name: 'update',
  serialize: (change) => {
    if (!Array.isArray(change)) {
      throw configError('changes', `invalid change: expected a pair [id, fields], got ${describe(change)}`);
    }
    return [idToJson(change[0]), toJson(change[1], 'record')];
  },
  toRow: idToRow,
};

export const DELETE: BulkAction<RecordId> = { name: 'delete', serialize: serializeId, toRow: idToRow };

export const UPSERT: BulkAction<object> = { name: 'upsert', serialize: serializeRecord, toRow: upsertToRow };

export const PLAN_UPSERT: BulkAction<object> = { ...UPSERT, name: 'plan_upsert' };

export const APPLY_UPSERT: BulkAction<UpsertPlanRow<object>> = {
  name: 'apply_upsert',
  serialize: (row) => {
    const { id, record, change, plannedFor } = requireObject(row, 'plan', 'pass the rows of planUpsert()');
    const texts = [optional(change, toChange), optional(plannedFor, toPlannedFor)] as const;
    return [optional(id, idToJson), optional(record, toPlannedJson), ...texts];
  },
  toRow: upsertToRow,
};

const toPlannedJson = (record: object) => toJson(record, 'record');
const toChange = (change: string) => requireString(change, 'change');
const toPlannedFor = (plannedFor: string) => requireString(plannedFor, 'plannedFor');

/** Converts a member of a plan's row, which is null if the plan was read from a file. */
function optional<V>(value: V | undefined | null, convert: (value: V) => string): string | undefined {
  return value === undefined || value === null ? undefined : convert(value);
}
