/** Runs one workload with one contestant, and prints its CPU time, wall clock, memory and event loop delay. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PAGE, workloads } from './workloads.mjs';

const [workload, contestant] = process.argv.slice(2);
const { open } = await import(`./contestants/${contestant}.mjs`);
const { warmUp, run } = workloads[workload];
const client = await open(JSON.parse(process.env.SETTINGS), PAGE);
await warmUp(client);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
const units = await run(client);
const [used, took] = [process.cpuUsage(cpu), process.hrtime.bigint() - wall];
delay.disable();
const figures = {
  cpu: (used.user + used.system) / units,
  wall: Number(took) / 1_000 / units,
  memory: process.resourceUsage().maxRSS / 1_024,
  delay: delay.percentile(99) / 1_000_000,
};
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
