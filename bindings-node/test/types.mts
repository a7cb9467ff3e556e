/** What the types promise to a TypeScript program of ES modules, also one that a bundler builds. Checked by `npm run lint`, never run. */

import {
  type BulkRow,
  Client,
  type EgitoError,
  type EgitoEvent,
  type ListOptions,
  type RecordId,
  type Rows,
  type Stats,
} from 'egito';
import { type Sandbox, startSandbox } from 'egito/testing';

interface Lead {
  id: RecordId;
  lastName: string;
  phone?: string;
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
  entity.list({ filters: { city: null, size: 2n ** 64n, open: true } });
  entity.list({ filters: undefined });
  const options: ListOptions = { filters: { city: 'Łódź' } };
  entity.list(options);
  await entity.call('print', {}, { method: undefined });
  class Mine extends Client {
    own = 1;
  }
  same<Same<ReturnType<typeof Client.fromEnv>, Client>>();
  const mine = Mine.fromEnv({ timeoutMs: 5 });
  same<Same<typeof mine, Mine>>();

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
