/** The client that people write by hand: one login, then one request after the other, and `JSON.parse`. `send` is the HTTP client. */

import { PAGE } from './workloads.mjs';

export async function byHand({ base_url: base, client_id, client_secret, username, password }, send) {
  const form = new URLSearchParams({ grant_type: 'password', client_id, client_secret, username, password });
  const login = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = await send('POST', `${base}/oauth/token`, login, form.toString());
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const address = `${base}/services/restapi/json/Account`;

  return {
    get: (id) => send('GET', `${address}/get?id=${id}`, headers),
    async create(record) {
      const json = { ...headers, 'content-type': 'application/json' };
      return (await send('POST', `${address}/create`, json, JSON.stringify(record))).id;
    },
    async toArray() {
      const all = [];
      for (;;) {
        const page = await send('GET', `${address}/list?sort=id&order=asc&max=${PAGE}&offset=${all.length}`, headers);
        const records = Array.isArray(page) ? page : page.list;
        if (records.length === 0) {
          return all;
        }
        all.push(...records);
      }
    },
  };
}
