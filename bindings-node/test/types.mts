/** What the types promise to a TypeScript program of ES modules, also one that a bundler builds. Checked by `npm run lint`, never run. */

import {
  type BulkRow,
  Client,
  EgitoError,
  type EgitoEvent,
  type EgitoRecord,
  type EgitoResponse,
  type Entity,
  type ListOptions,
  OutcomeUnknownError,
  type RecordId,
  type Rows,
  type Stats,
  type UnknownRecord,
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

/** Fails to compile where the two types differ. */
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
  for await (const row of entity.getMany(new Set([1, 'a', 2n]), { stream: true })) {
    if (row.ok) {
      same<Same<typeof row.record, Lead>>();
    } else {
      same<Same<typeof row.error, EgitoError>>();
      same<Same<typeof row.id, undefined>>();
    }
  }
  await entity.updateMany(new Map([[1, { phone: '+48' }]]));
  const answered = await entity.withResponse().get(1, own);
  same<Same<typeof answered, EgitoResponse<Lead>>>();
  const cookies: string[] = answered.headers.getSetCookie();
  console.log(cookies, (await entity.withResponse().create({ lastName: 'Ryś' })).value satisfies RecordId);
  for await (const page of entity.list().withResponse().pages()) {
    same<Same<typeof page, EgitoResponse<Lead[]>>>();
  }
  const list = entity.list({ ...own, pageSize: 100 });
  same<Same<Awaited<ReturnType<typeof list.toArray>>, Lead[]>>();
  same<Same<Awaited<ReturnType<typeof list.total>>, number | undefined>>();
  same<Same<ReturnType<typeof client.stats>, Stats>>();

  const maybe = Math.random() > 0.5;
  const either = entity.deleteMany([1], { stream: maybe });
  same<Same<typeof either, Rows<RecordId>>>();
  await entity.deleteMany([1], { stream: undefined, concurrency: undefined, onProgress: undefined });

  interface InCity {
    city: string;
    since?: Date;
  }
  const inCity: InCity = { city: 'Łódź' };
  entity.list({ filters: inCity, sort: undefined, order: undefined, pageSize: undefined, signal: undefined });
  entity.list({ filters: new Map([['city', 'Łódź']]) });
  entity.list({ filters: { city: ['Kraków', 'Gdynia'], size: 2n ** 64n, open: true } });
  // @ts-expect-error an empty filter is refused
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
  // @ts-expect-error a filter by a field that a lead has not
  entity.list({ filters: { lastNam: 'Nowak' } });
  // @ts-expect-error a sort by a field that a lead has not
  entity.list({ sort: 'lastNam' });
  const another: Entity<Lead> = entity.withOptions({ maxRetries: 0, pageSize: 10, timeoutMs: undefined });
  same<Same<typeof another, typeof entity>>();
  // @ts-expect-error a setting that belongs to the whole client
  client.withOptions({ clientId: '' });
  await using records = entity.list()[Symbol.asyncIterator]();
  same<Same<Awaited<ReturnType<typeof records.next>>, IteratorResult<Lead>>>();

  // @ts-expect-error a filter that is no value
  entity.list({ filters: { city: {} } });
  // @ts-expect-error an option that a list has not
  entity.list({ filter: { city: 'Łódź' } });
  // @ts-expect-error a field that a lead has not
  await entity.createMany([{ surname: 'Nowak' }]);
  // @ts-expect-error an option that there is not
  await entity.deleteMany([1], { parallel: 3 });
  // @ts-expect-error the form of a list has no rows to loop over
  for await (const _ of entity.deleteMany([1])) {
  }
}

/** A client knows what the records of its entities look like. */
export async function typed(): Promise<void> {
  await using client = Client.fromEnv<Client<{ Lead: Lead; Offer: { id: RecordId; title: string } }>>();
  same<Same<typeof client.leads, Entity<Lead>>>();
  same<Same<typeof client.accounts, Entity<EgitoRecord>>>();
  const offers = client.entity('Offer');
  same<Same<Awaited<ReturnType<typeof offers.get>>, { id: RecordId; title: string }>>();
  same<Same<Awaited<ReturnType<typeof client.withOptions>>, typeof client>>();
  const made = new Client<{ Lead: Lead }>({ name: 'firma', clientId: '', clientSecret: '' });
  same<Same<Awaited<ReturnType<typeof made.leads.get>>, Lead>>();
  // @ts-expect-error a field that a lead has not
  await made.leads.create({ surname: 'Nowak' });

  const strict = new Client<Record<string, UnknownRecord>>({ name: 'firma', clientId: '', clientSecret: '' });
  const { city } = await strict.accounts.get(1);
  same<Same<typeof city, unknown>>();
  const { price } = await strict.entity('Offer').get(1);
  same<Same<typeof price, unknown>>();
}

/** The code of an error tells what it certainly has. */
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
        // @ts-expect-error those have been dealt with
        return error.code === 'timeout';
    }
  }
  return error instanceof OutcomeUnknownError ? error.outcome : undefined;
}
