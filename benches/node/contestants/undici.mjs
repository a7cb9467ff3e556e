/** undici's Pool, the fastest common HTTP client of Node.js. */

import { Pool } from 'undici';
import { byHand } from '../by-hand.mjs';

export function open(settings) {
  const { origin } = new URL(settings.base_url);
  const pool = new Pool(origin, { connections: 64 });
  return byHand(settings, async (method, url, headers, body) => {
    const response = await pool.request({ method, path: url.slice(origin.length), headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) {
      throw new Error(`${response.statusCode} ${text}`);
    }
    return JSON.parse(text);
  });
}
