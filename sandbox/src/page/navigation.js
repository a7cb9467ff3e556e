/** Shows the section that the address names. */

import { onLanguage, text } from './language.js';

/** Shows sections. `openers` has a function for each section that needs data when it is opened. */
export function startNavigation(openers) {
  const sections = [...document.querySelectorAll('main > section')];
  const names = sections.map((section) => section.id);
  const links = [...document.querySelectorAll('nav a')];

  const current = () => {
    const named = location.hash.slice(1);
    return names.includes(named) ? named : names[0];
  };
  const open = () => {
    for (const section of sections) {
      section.hidden = section.id !== current();
    }
    for (const link of links) {
      link.toggleAttribute('aria-current', link.hash === `#${current()}`);
      if (link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'page');
      }
    }
    title();
    openers[current()]?.();
  };
  const title = () => {
    document.title = `${text(current())} · Egito sandbox`;
  };

  window.addEventListener('hashchange', () => {
    if (names.includes(location.hash.slice(1))) {
      open();
      // The focus is at the beginning of the new section, also for screen readers.
      document.getElementById(`${current()}-title`).focus();
      window.scrollTo(0, 0);
    }
  });
  onLanguage(title);
  open();
}

/** Returns whether a section is shown. */
export function isOpen(name) {
  return !document.getElementById(name).hidden;
}
