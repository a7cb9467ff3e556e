/**
 * Imports accounts from a CSV file with the columns nip;name;city: `node import.mjs accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

import { open, rm, writeFile } from 'node:fs/promises';
import { Client, EgitoError } from 'egito';

/** Returns the record of each line. The cells of this file have no quotes. */
async function* accounts(path) {
  const file = await open(path);
  let number = 0;
  for await (const line of file.readLines()) {
    number += 1;
    const cells = line.split(';');
    if (cells.length !== 3) throw new Error(`${path}, line ${number}: expected 3 cells, got ${cells.length}`);
    const [nip, name, city] = cells;
    if (number > 1) yield { nip, name, city }; // the first line has the names of the columns
  }
}

/** Returns the exit code. */
async function importAccounts(path) {
  const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0 };
  const rejected = [];
  let runAgain = false;
  const options = { key: 'nip', journal: `${path}.journal` };
  for await (const row of Client.fromEnv().accounts.streamUpsertMany(accounts(path), options)) {
    const done = row.ok && row.change !== 'ambiguous';
    counts[done ? row.change : 'rejected'] += 1;
    const reason = row.error?.message ?? `several accounts have this number: ${row.duplicates}`;
    if (!done) rejected.push(`line ${row.index + 2}: ${reason}\n`);
    if (!row.ok && (row.error.retryable || row.error.outcome === 'unknown')) runAgain = true;
  }
  const summary = Object.entries(counts).map(([change, count]) => `${count} ${change}`);
  console.log(summary.join(', '));
  await rm(`${path}.rejected.txt`, { force: true });
  if (counts.rejected > 0) {
    await writeFile(`${path}.rejected.txt`, rejected);
    return runAgain ? 75 : 1; // 75: try again later
  }
  await rm(`${path}.journal`); // the import is done: the next one begins from the start
  return 0;
}

const [path, ...rest] = process.argv.slice(2);
if (path === undefined || rest.length > 0) {
  console.error('usage: node import.mjs FILE');
  process.exit(2);
}
try {
  process.exitCode = await importAccounts(path);
} catch (error) {
  console.error(error.message);
  process.exitCode = error instanceof EgitoError && error.retryable ? 75 : 1;
}
