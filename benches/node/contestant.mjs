/**
 * The contestants in Node.js: `node contestant.mjs CONTESTANT WORKLOAD COUNT`. See ../README.md.
 *
 * The environment has the settings in BENCH_SETTINGS and the record to create in BENCH_RECORD, both as JSON.
 */

import { workloads } from './workloads.mjs';

const [contestant, workload, count] = process.argv.slice(2);
const { open } = await import(`./contestants/${contestant}.mjs`);
const client = await open(JSON.parse(process.env.BENCH_SETTINGS));
const total = await workloads[workload](client, Number(count));
// Connections that are kept alive would keep the process alive.
process.stdout.write(`${JSON.stringify(total)}\n`, () => process.exit());
