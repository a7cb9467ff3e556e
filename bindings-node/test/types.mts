/** Tests of the types in ES modules, also with a bundler. `npm run lint` compiles it; it is never run. */

import {
  type BulkRow,
  type BulkRows,
  type ChangeList,
  Client,
  type Delivery,
  EgitoError,
  type EgitoEvent,
  type EgitoRecord,
  type EgitoResponse,
  type Entity,
  type FoundOrCreated,
  type ListOptions,
  type Outbox,
  type OutboxEntry,
  OutcomeUnknownError,
  type RecordId,
  type RowIterator,
  type Stats,
  type UnknownRecord,
  type Upserted,
  type UpsertPlanRow,
  type UpsertRow,
} from 'egito';
import { type Sandbox, startSandbox } from 'egito/testing';

interface Lead {
  id: RecordId;
  lastName: string;
  phone?: string;
  city?: string;
  since?: string;
  size?: bigint;
  open?: boolean;
  account?: { id: RecordId };
}

/** Fails to compile if the two types differ. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const same = <_ extends true>() => {};

export async function leads(signal: AbortSignal): Promise<void> {
  await using sandbox: Sandbox = await startSandbox({ records: 10 });
  await using client = new Client({
    ...sandbox.settings,
    integers: 'string',
    onEvent: (event: EgitoEvent) => event.code,
  });
  const entity = client.entity<Lead>('Lead');
  const own = { signal, timeoutMs: 1_000, maxRetries: 0 };

  const rows = await entity.createMany([{ lastName: 'Nowak' }], {
    ...own,
    concurrency: 4,
    onProgress: (p) => p.failed,
  });
  same<Same<typeof rows, BulkRow<Partial<Lead>>[]>>();
  for await (const row of entity.streamGetMany(new Set([1, 'a', 2n]))) {
    if (row.ok) {
      same<Same<typeof row.record, Lead>>();
    } else {
      same<Same<typeof row.error, EgitoError>>();
      same<Same<typeof row.id, undefined>>();
    }
  }
  await entity.updateMany(new Map([[1, { phone: '+48' }]]));
  const found = await entity.createOnce(
    { lastName: 'Nowak' },
    { ...own, key: ['account.id', 'phone'], settleMs: 10_000 },
  );
  same<Same<typeof found, FoundOrCreated>>();
  // @ts-expect-error a lead has no such field
  await entity.createOnce({ lastName: 'Nowak' }, { key: 'surname' });
  // @ts-expect-error the key is required
  await entity.createOnce({ lastName: 'Nowak' }, { lookup: 'scan' });
  const upserted = await entity.upsert({ lastName: 'Nowak', phone: '1' }, { ...own, key: 'phone', lookup: 'scan' });
  same<Same<typeof upserted, Upserted>>();
  same<Same<typeof upserted.change, 'created' | 'updated' | 'unchanged' | 'ambiguous'>>();
  // @ts-expect-error an unknown field
  await entity.upsert({ surname: 'Nowak' }, { key: 'phone' });

  const upserts = entity.streamUpsertMany([{ lastName: 'Nowak' }], { ...own, key: ['phone'], lookup: 'auto' });
  same<Same<typeof upserts, RowIterator<UpsertRow<Partial<Lead>>>>>();
  for await (const row of upserts) {
    if (row.ok) {
      same<Same<typeof row.change, Upserted['change']>>();
      same<Same<typeof row.id, RecordId>>();
    } else {
      same<Same<typeof row.change, undefined>>();
    }
  }
  const plan = await entity.planUpsert([{ lastName: 'Nowak' }], { key: 'phone', concurrency: 4 });
  same<Same<typeof plan, UpsertPlanRow<Lead>[]>>();
  const updates = plan.filter(({ change }) => change === 'updated');
  same<Same<(typeof updates)[0]['id'], RecordId | undefined>>();
  const applied = await entity.applyUpsert(updates, { key: 'phone' });
  same<Same<typeof applied, UpsertRow<UpsertPlanRow<Lead>>[]>>();
  await entity.createMany([{ lastName: 'Nowak' }], { key: 'phone', settleMs: 5_000 });
  await entity.deleteMany([1], { journal: 'deletes.journal' });
  same<Same<(typeof rows)[0]['resumed'], boolean>>();
  // @ts-expect-error a bulk that reads has no journal
  await entity.getMany([1], { journal: 'import.journal' });
  // @ts-expect-error a plan has no journal
  await entity.planUpsert([{ lastName: 'Nowak' }], { key: 'phone', journal: 'import.journal' });
  // @ts-expect-error the key is required
  await entity.upsertMany([{ lastName: 'Nowak' }], {});
  // @ts-expect-error a bulk of ids has no key
  await entity.deleteMany([1], { key: 'phone' });
  await using outbox = client.outbox('egito-outbox.db', { keepDays: 30, concurrency: undefined });
  same<Same<typeof outbox, Outbox>>();
  same<Same<ReturnType<typeof outbox.deliver>, Promise<Delivery>>>();
  same<Same<ReturnType<typeof outbox.entries>, Promise<OutboxEntry[]>>>();
  const entryId: number = await outbox.put('Lead', { anything: 1 }, { key: 'anything' });
  const { state, error: refusal } = await outbox.get(entryId);
  same<Same<typeof state, 'waiting' | 'sending' | 'refused' | 'unclear' | 'delivered'>>();
  same<Same<typeof refusal, EgitoError | undefined>>();
  // @ts-expect-error put sends nothing, so it has no options of a call
  await outbox.put('Lead', {}, { key: 'phone', timeoutMs: 1 });
  // @ts-expect-error an unknown state
  await outbox.entries({ state: 'done' });
  const response = await entity.withResponse().get(1, own);
  same<Same<typeof response, EgitoResponse<Lead>>>();
  const cookies: string[] = response.headers.getSetCookie();
  console.log(cookies, (await entity.withResponse().create({ lastName: 'Ryś' })).value satisfies RecordId);
  for await (const page of entity.list().withResponse().pages()) {
    same<Same<typeof page, EgitoResponse<Lead[]>>>();
  }
  const list = entity.list({ ...own, pageSize: 100 });
  same<Same<Awaited<ReturnType<typeof list.toArray>>, Lead[]>>();
  same<Same<Awaited<ReturnType<typeof list.total>>, number | undefined>>();
  same<Same<ReturnType<typeof client.stats>, Stats>>();

  const stream = entity.streamDeleteMany([1], { concurrency: undefined, onProgress: undefined });
  same<Same<typeof stream, BulkRows<RecordId>>>();
  same<Same<ReturnType<typeof entity.deleteMany>, Promise<BulkRow<RecordId>[]>>>();

  interface InCity {
    city: string;
    since?: Date;
  }
  const inCity: InCity = { city: 'Łódź' };
  entity.list({ filters: inCity, sort: undefined, order: undefined, pageSize: undefined, signal: undefined });
  entity.list({ filters: new Map([['city', 'Łódź']]) });
  entity.list({ filters: { city: ['Kraków', 'Gdynia'], size: 2n ** 64n, open: true } });
  // @ts-expect-error an empty filter
  entity.list({ filters: { city: null } });
  entity.list({ filters: undefined });
  const options: ListOptions<Lead> = { filters: { city: 'Łódź' } };
  entity.list(options);
  await entity.call('print', {}, { method: undefined });
  class Mine extends Client {
    own = 1;
  }
  same<Same<ReturnType<typeof Client.fromEnv>, Client>>();
  const mine = Mine.fromEnv({ timeoutMs: 5 });
  same<Same<typeof mine, Mine>>();

  entity.list({ filters: { 'account.id': 5, lastName: 'Nowak' }, sort: 'account.id' });
  client.accounts.list({ filters: { anything: 1 }, sort: 'anything' });
  const dynamic: Record<string, string> = {};
  entity.list({ filters: dynamic });
  // @ts-expect-error a filter by an unknown field
  entity.list({ filters: { lastNam: 'Nowak' } });
  // @ts-expect-error a sort by an unknown field
  entity.list({ sort: 'lastNam' });
  const changes = entity.changes({
    ...own,
    since: null,
    by: 'since',
    lagMs: 0,
    filters: { city: 'Łódź' },
    pageSize: 100,
  });
  same<Same<typeof changes, ChangeList<Lead>>>();
  same<Same<typeof changes.mark, string>>();
  for await (const change of entity.changes()) {
    same<Same<typeof change, Lead>>();
  }
  // @ts-expect-error changes are sorted by their time
  entity.changes({ sort: 'phone' });
  // @ts-expect-error an unknown field
  entity.changes({ by: 'lastUpdated' });
  same<Same<ReturnType<typeof entity.ids>, Promise<RecordId[]>>>();
  same<Same<ReturnType<typeof entity.deleted>, Promise<RecordId[]>>>();
  await entity.deleted(new Map([[1, 'a']]).keys(), own);
  const another: Entity<Lead> = entity.withOptions({ maxRetries: 0, pageSize: 10, timeoutMs: undefined });
  same<Same<typeof another, typeof entity>>();
  // @ts-expect-error a setting that belongs to the whole client
  client.withOptions({ clientId: '' });
  await using records = entity.list()[Symbol.asyncIterator]();
  same<Same<Awaited<ReturnType<typeof records.next>>, IteratorResult<Lead>>>();

  // @ts-expect-error an invalid filter value
  entity.list({ filters: { city: {} } });
  // @ts-expect-error an unknown option of a list
  entity.list({ filter: { city: 'Łódź' } });
  // @ts-expect-error an unknown field
  await entity.createMany([{ surname: 'Nowak' }]);
  // @ts-expect-error an unknown option
  await entity.deleteMany([1], { parallel: 3 });
  // @ts-expect-error a promise is not iterable
  for await (const _ of entity.deleteMany([1])) {
  }
}

/** A client has the record types of its entities. */
export async function typed(): Promise<void> {
  await using client = Client.fromEnv<Client<{ Lead: Lead; Offer: { id: RecordId; title: string } }>>();
  same<Same<typeof client.leads, Entity<Lead>>>();
  same<Same<typeof client.accounts, Entity<EgitoRecord>>>();
  const offers = client.entity('Offer');
  same<Same<Awaited<ReturnType<typeof offers.get>>, { id: RecordId; title: string }>>();
  same<Same<Awaited<ReturnType<typeof client.withOptions>>, typeof client>>();
  const made = new Client<{ Lead: Lead }>({ name: 'firma', clientId: '', clientSecret: '' });
  same<Same<Awaited<ReturnType<typeof made.leads.get>>, Lead>>();
  // @ts-expect-error an unknown field
  await made.leads.create({ surname: 'Nowak' });
  const outbox = made.outbox('egito-outbox.db');
  await outbox.put('Lead', { lastName: 'Nowak' }, { key: 'lastName' });
  await outbox.putUpdate('Account', 1, { anything: 1 });
  // @ts-expect-error an unknown field
  await outbox.putUpsert('Lead', { surname: 'Nowak' }, { key: 'lastName' });
  // @ts-expect-error an unknown field of the key
  await outbox.put('Lead', { lastName: 'Nowak' }, { key: 'surname' });

  const strict = new Client<Record<string, UnknownRecord>>({ name: 'firma', clientId: '', clientSecret: '' });
  const { city } = await strict.accounts.get(1);
  same<Same<typeof city, unknown>>();
  const { price } = await strict.entity('Offer').get(1);
  same<Same<typeof price, unknown>>();
}

/** The code of an error narrows its type. */
export function narrowed(error: unknown): unknown {
  if (error instanceof EgitoError) {
    switch (error.code) {
      case 'timeout':
        same<Same<typeof error.limit, 'timeout' | 'connect_timeout' | 'read_timeout'>>();
        return error;
      case 'validation':
        return error.errors[0].message;
      case 'rate_limited':
        same<Same<typeof error.status, number>>();
        same<Same<typeof error.retryAfter, number | undefined>>();
        return error;
      case 'outcome_unknown':
        same<Same<typeof error.outcome, 'unknown'>>();
        return error.record;
      default:
        // @ts-expect-error the code was handled above
        return error.code === 'timeout';
    }
  }
  return error instanceof OutcomeUnknownError ? error.outcome : undefined;
}
