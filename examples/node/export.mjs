/**
 * Writes all accounts to a CSV file, in constant memory: `node export.mjs accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, EgitoError } from 'egito';

const fields = ['id', 'nip', 'name', 'city'];
const quoted = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`;

/** Writes the file, and returns the number of accounts. */
async function exportAccounts(target) {
  let count = 0;
  async function* lines(accounts) {
    yield `\ufeff${fields.join(',')}\n`; // Excel needs a byte order mark for Polish letters
    for await (const account of accounts) {
      yield `${fields.map((field) => quoted(account[field])).join(',')}\n`;
      count += 1;
    }
  }
  const accounts = Client.fromEnv().accounts.list(); // reads page after page, as fast as the file is written
  await pipeline(Readable.from(accounts), lines, createWriteStream(`${target}.part`));
  await rename(`${target}.part`, target);
  return count;
}

const [target, ...rest] = process.argv.slice(2);
if (target === undefined || rest.length > 0) {
  console.error('usage: node export.mjs FILE');
  process.exit(2);
}
try {
  console.log(`${await exportAccounts(target)} accounts written to ${target}`);
} catch (error) {
  if (!(error instanceof EgitoError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.retryable ? 75 : 1; // 75: try again later
}
