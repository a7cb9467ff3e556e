/** The built-in fetch. */

import { byHand } from '../by-hand.mjs';

export function open(settings) {
  return byHand(settings, async (method, url, headers, body) => {
    const response = await fetch(url, { method, headers, body });
    if (!response.ok) {
      throw new Error(`${response.status} ${await response.text()}`);
    }
    return response.json();
  });
}
