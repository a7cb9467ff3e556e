/**
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `node normalize.mjs --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

import { Client, EgitoError } from 'egito';

/** Returns the fields to update by the id of the account, and how many numbers are invalid. */
async function find(accounts) {
  const updates = new Map();
  let invalid = 0;
  for await (const { id, nip } of accounts.list()) {
    const digits = (nip ?? '').replace(/[^0-9]/g, '');
    if (nip && digits.length !== 10) {
      console.error(`account ${id}: ${nip} is not a tax number`);
      invalid += 1;
    } else if (nip && digits !== nip) {
      console.log(`account ${id}: ${nip} becomes ${digits}`);
      updates.set(id, { nip: digits });
    }
  }
  return { updates, invalid };
}

const write = process.argv[2] === '--write';
if (process.argv.length > (write ? 3 : 2)) {
  console.error('usage: node normalize.mjs [--write]');
  process.exit(2);
}
try {
  const { accounts } = Client.fromEnv();
  const { updates, invalid } = await find(accounts);
  const rows = write ? await accounts.updateMany(updates, { concurrency: 4 }) : [];
  const failures = rows.filter(({ ok }) => !ok).map(({ error }) => error); // one failed update does not stop the others
  for (const { code, message } of failures) console.error(`${code}: ${message}`);
  console.log(`${rows.length - failures.length} of ${updates.size} changed, ${invalid} invalid`);
  const retryable = failures.some((error) => error.retryable);
  if (failures.length + invalid > 0) process.exitCode = retryable ? 75 : 1; // 75: try again later
} catch (error) {
  if (!(error instanceof EgitoError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.retryable ? 75 : 1;
}
