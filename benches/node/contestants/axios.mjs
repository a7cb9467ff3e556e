/** axios, with connections kept alive. */

import { Agent } from 'node:http';
import axios from 'axios';
import { byHand } from './by-hand.mjs';

export function open(settings, pageSize) {
  const http = axios.create({ httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }) });
  return byHand(settings, pageSize, async (method, url, headers, data) => {
    const response = await http.request({ method, url, headers, data });
    return response.data;
  });
}
