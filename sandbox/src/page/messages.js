/** Shows short messages about what the user did. Screen readers read them. */

import { byId } from './dom.js';
import { text } from './language.js';

let timer;

/** Shows that something was done. */
export function notify(key, values) {
  display('message', text(key, values), 4000);
}

/** Runs a command of the user, and shows its error. Returns whether it succeeded. */
export async function attempt(command, doneKey) {
  try {
    await command();
  } catch (error) {
    display('error', text('failed', { error: error.message }), 12_000);
    return false;
  }
  if (doneKey !== undefined) {
    notify(doneKey);
  }
  return true;
}

/** Copies text to the clipboard. */
export function copy(content) {
  return attempt(() => navigator.clipboard.writeText(content), 'copied');
}

function display(id, content, milliseconds) {
  clearTimeout(timer);
  clear();
  // While a dialog is open, only its content can be seen and read.
  (document.querySelector('dialog[open]') ?? document.body).append(byId('message'), byId('error'));
  byId(id).textContent = content;
  timer = setTimeout(clear, milliseconds);
}

function clear() {
  for (const id of ['message', 'error']) {
    byId(id).textContent = '';
  }
}
