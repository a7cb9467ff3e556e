/** The client that people write by hand: one login, then one request after the other, and `JSON.parse`. `send` is the HTTP client. */

export async function byHand({ base_url: base, client_id, client_secret, username, password }, pageSize, send) {
  const form = new URLSearchParams({ grant_type: 'password', client_id, client_secret, username, password });
  const login = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = await send('POST', `${base}/oauth/token`, login, form.toString());
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const address = `${base}/services/restapi/json/Account`;

  async function* pages() {
    for (let offset = 0; ; ) {
      const url = `${address}/list?max=${pageSize}&offset=${offset}&sort=id&order=asc`;
      const page = await send('GET', url, headers);
      if (page.length === 0) {
        return;
      }
      yield page;
      offset += page.length;
    }
  }

  return {
    get: (id) => send('GET', `${address}/get?id=${id}`, headers),
    create: async (record) => {
      const json = { ...headers, 'content-type': 'application/json' };
      return (await send('POST', `${base}/services/restapi/json/Lead/create`, json, JSON.stringify(record))).id;
    },
    async toArray() {
      const all = [];
      for await (const page of pages()) {
        all.push(...page);
      }
      return all;
    },
    async *stream() {
      for await (const page of pages()) {
        yield* page;
      }
    },
  };
}
