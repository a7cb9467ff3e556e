/** Dialogs: the browser keeps the focus in them, and closes them with Escape. */

import { byId, element } from './dom.js';
import { text } from './language.js';

/**
 * Opens a dialog with a form. `submit` returns whether the dialog can be closed.
 */
export function openDialog({ title, content, confirm, isDanger = false, submit }) {
  const dialog = byId('dialog');
  const close = () => {
    // The messages may be in the dialog, and stay on the page.
    document.body.append(byId('message'), byId('error'));
    dialog.close();
  };
  const form = element(
    'form',
    {
      submit: async (event) => {
        event.preventDefault();
        if (await submit(form)) {
          close();
        }
      },
    },
    element('h2', { id: 'dialog-title', tabindex: '-1' }, title),
    content,
    element(
      'div',
      { class: 'toolbar' },
      element('button', { type: 'submit', class: isDanger ? 'danger' : 'main' }, confirm),
      element('button', { type: 'button', click: close }, text('cancel')),
    ),
  );
  dialog.oncancel = () => document.body.append(byId('message'), byId('error'));
  dialog.replaceChildren(form);
  dialog.showModal();
}

/** Asks before something is lost. */
export function askFirst(title, explanation, confirm, command) {
  openDialog({ title, content: element('p', {}, explanation), confirm, isDanger: true, submit: command });
}
