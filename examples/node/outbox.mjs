/**
 * Keeps leads in a file while the CRM is down: `node outbox.mjs put < lead.json`, and `node outbox.mjs deliver`.
 *
 * `put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.
 */

import { json } from 'node:stream/consumers';
import { Client, EgitoError } from 'egito';

/** Stores the lead of standard input. The same form again is the same entry. */
async function put(outbox) {
  console.log('stored as entry', await outbox.put('Lead', await json(process.stdin), { key: 'formKey' }));
  return 0;
}

/** Sends what is due. Returns the exit code. */
async function deliver(outbox) {
  const delivery = await outbox.deliver();
  const waiting = delivery.waiting + delivery.unclear;
  const refused = await outbox.entries({ state: 'refused' });
  console.log(`${delivery.delivered} delivered, ${refused.length} refused, ${waiting} waiting`);
  // A person corrects refused entries with `edit`, or removes them with `discard`.
  for (const { id, error } of refused) console.error(`entry ${id} was refused: ${error.message}`);
  if (delivery.pausedBy) console.error(`paused until ${delivery.nextAttemptAt}: ${delivery.pausedBy.message}`);
  if (refused.length > 0) return 1;
  return waiting > 0 ? 75 : 0; // 75: try again later
}

const command = { put, deliver }[process.argv[2]];
if (command === undefined || process.argv.length > 3) {
  console.error('usage: node outbox.mjs put|deliver');
  process.exit(2);
}
try {
  process.exitCode = await command(Client.fromEnv().outbox('egito-outbox.db'));
} catch (error) {
  if (!(error instanceof EgitoError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
