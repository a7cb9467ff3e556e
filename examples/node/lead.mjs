/**
 * Registers the lead of a web form exactly once: `node lead.mjs < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

import { json } from 'node:stream/consumers';
import { Client, EgitoError, ValidationError } from 'egito';

const { formKey, lastName, phone } = await json(process.stdin); // a visitor must not set `owner` or `status`
try {
  const { id, created } = await Client.fromEnv().leads.createOnce({ formKey, lastName, phone }, { key: 'formKey' });
  console.log(created ? 'created' : 'found', 'lead', id);
} catch (error) {
  if (error instanceof ValidationError) {
    for (const { field, message } of error.errors) console.error(`${field}: ${message}`);
    process.exitCode = 1;
  } else if (error instanceof EgitoError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.retryable || error.outcome === 'unknown' ? 75 : 1; // 75: send the same form again
  } else throw error;
}
