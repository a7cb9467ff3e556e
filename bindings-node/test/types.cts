/** Tests of the types in CommonJS. `npm run lint` compiles it; it is never run. */

import { Client, type EgitoRecord, errorClasses, type RecordId } from 'egito';

interface Offer {
  id: RecordId;
  title: string;
  price?: number;
}

export async function offers(client: Client, signal: AbortSignal): Promise<string[]> {
  const entity = client.entity<Offer>('Offer');
  const id: RecordId = await entity.create({ title: 'Oferta' }, { signal });
  const titles: string[] = [(await entity.get(id)).title];
  for await (const offer of entity.list({ filters: { price: 5, title: ['Oferta', 'Umowa'] }, order: 'desc', signal })) {
    titles.push(offer.title);
  }
  const account: EgitoRecord | undefined = await client.accounts.list().first();
  const printed = await client.call<{ url: string }>('Offer', 'print', { id }, { method: 'GET' });
  return [...titles, account?.name, printed.url, errorClasses.tls.name];
}

// @ts-expect-error an unknown field
export const unknownField = (client: Client) => client.entity<Offer>('Offer').create({ titel: 'Oferta' });

// @ts-expect-error an unknown setting
export const unknownSetting = () => new Client({ name: 'firma', clientId: '', clientSecret: '', timeuotMs: 1 });

// @ts-expect-error an object is not an id
export const invalidId = (client: Client) => client.accounts.get({});
