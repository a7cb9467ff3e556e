/** Sends commands to the control API of the sandbox. */

import { parse } from './json.js';

/** Returns what a command shows. */
export async function show(path) {
  return parse(await (await send('GET', path)).text());
}

/** Returns records, and the number of all records that match. */
export async function showRecords(entity, part) {
  const response = await send('GET', `records/${encodeURIComponent(entity)}?${new URLSearchParams(part)}`);
  return { total: Number(response.headers.get('Total-Count')), records: parse(await response.text()) };
}

/** Sends a command with a body that is an object or JSON text. */
export async function post(path, body) {
  return send('POST', path, typeof body === 'string' ? body : JSON.stringify(body));
}

/** Removes what a path names. */
export async function remove(path) {
  return send('DELETE', path);
}

async function send(method, path, body) {
  const response = await fetch(path, { method, body, cache: 'no-store' });
  if (!response.ok) {
    const text = await response.text();
    let message = text;
    try {
      message = JSON.parse(text).error ?? text;
    } catch {
      // It is not JSON: show the text itself.
    }
    throw new Error(message || `HTTP ${response.status}`);
  }
  return response;
}
