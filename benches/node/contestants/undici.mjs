/** undici's Pool, the fastest common HTTP client of Node.js. */

import { Pool } from 'undici';
import { byHand } from './by-hand.mjs';

export function open(settings, pageSize) {
  const pool = new Pool(settings.base_url, { connections: 64 });
  return byHand(settings, pageSize, async (method, url, headers, body) => {
    const path = url.slice(settings.base_url.length);
    const response = await pool.request({ method, path, headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) {
      throw new Error(`${response.statusCode} ${text}`);
    }
    return JSON.parse(text);
  });
}
