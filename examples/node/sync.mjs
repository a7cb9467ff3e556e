/**
 * Keeps a copy of all accounts in a folder, one JSON file for each: `node sync.mjs copy`, for instance every night.
 *
 * The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
 * next run continues. It is written last, so after a failure the next run returns the same changes.
 */

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, EgitoError, stringify } from 'egito';

/** Returns the numbers of changed and of deleted accounts. */
async function sync(folder) {
  const { accounts } = Client.fromEnv();
  await mkdir(folder, { recursive: true });
  const mark = join(folder, 'mark');
  const changes = accounts.changes({ since: existsSync(mark) ? await readFile(mark, 'utf8') : null });
  let changed = 0;
  for await (const account of changes) {
    await writeFile(join(folder, `${account.id}.json`), stringify(account)); // also writes integers beyond 2^53
    changed += 1;
  }
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const deleted = await accounts.deleted(files.map((file) => file.slice(0, -'.json'.length)));
  for (const id of deleted) await rm(join(folder, `${id}.json`));
  await writeFile(`${mark}.part`, changes.mark);
  await rename(`${mark}.part`, mark);
  return [changed, deleted.length];
}

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  console.error('usage: node sync.mjs FOLDER');
  process.exit(2);
}
try {
  const [changed, deleted] = await sync(folder);
  console.log(`${changed} changed, ${deleted} deleted`);
} catch (error) {
  if (!(error instanceof EgitoError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.retryable ? 75 : 1; // 75: try again later
}
