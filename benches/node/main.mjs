/** Compares the package with code that people write by hand. See benches/README.md. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RECORDS, workloads } from './workloads.mjs';

const CONTESTANTS = ['egito', 'undici', 'fetch', 'axios'];
const [program, only, rounds = '5'] = process.argv.slice(2);

const sandbox = spawn(program, ['--port', '0', '--exit-with-parent', '--records', String(RECORDS)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
const { settings } = JSON.parse(line);

for (const name of Object.keys(workloads)) {
  if (only === undefined || only === 'all' || only.split(',').includes(name)) {
    table(name, measureAll(name));
  }
}
sandbox.kill();

/** Runs the contestants alternately. A figure is the median over the rounds. */
function measureAll(workload) {
  const figures = new Map(CONTESTANTS.map((name) => [name, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [contestant, all] of figures) {
      all.push(measure(workload, contestant));
    }
  }
  return figures;
}

function measure(workload, contestant) {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const env = { ...process.env, SETTINGS: JSON.stringify(settings) };
  return JSON.parse(execFileSync(process.execPath, [script, workload, contestant], { env, encoding: 'utf8' }));
}

function table(workload, figures) {
  const rows = [...figures].map(([name, all]) => ({
    name,
    cpu: median(all, 'cpu'),
    wall: median(all, 'wall'),
    memory: median(all, 'memory'),
    delay: median(all, 'delay'),
  }));
  const mine = rows[0];
  console.log(`\n${workloads[workload].unit}`);
  console.log('contestant   CPU µs   wall µs   peak MB   loop p99 ms   egito: CPU, wall, memory, loop');
  for (const { name, cpu, wall, memory, delay } of rows) {
    const numbers = [
      cpu.toFixed(0).padStart(9),
      wall.toFixed(0).padStart(10),
      memory.toFixed(0).padStart(10),
      delay.toFixed(1).padStart(14),
    ];
    const ratios = [mine.cpu / cpu, mine.wall / wall, mine.memory / memory, mine.delay / delay];
    console.log(`${name.padEnd(10)}${numbers.join('')}   ${ratios.map((ratio) => ratio.toFixed(2)).join('  ')}`);
  }
}

function median(all, figure) {
  const sorted = all.map((figures) => figures[figure]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
