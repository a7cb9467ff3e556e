/** Creates elements. Text is only ever added as text, so that a record cannot become a part of the page's code. */

/** Returns an element of the page by its id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Returns a new element. Attributes that are `true` are set without a value, those that are `false`, null or undefined
 * are not set, and functions are listeners of the event of this name.
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      created.addEventListener(name, value);
    } else if (value === true) {
      created.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      created.setAttribute(name, value);
    }
  }
  created.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return created;
}

/** Replaces the options of a select. Options are pairs of value and text; the selected value stays if it still exists. */
export function setOptions(select, options) {
  const { value } = select;
  select.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
  if (options.some(([known]) => known === value)) {
    select.value = value;
  }
}

/**
 * Replaces the children of an element, and keeps the focus: an element with the same `data-key` gets it again.
 */
export function replaceChildren(parent, children) {
  const key = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key !== undefined) {
    [...parent.querySelectorAll('[data-key]')].find((child) => child.dataset.key === key)?.focus();
  }
}

/** Returns a function that calls another one once, after a pause without further calls. */
export function debounced(call, milliseconds = 250) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, milliseconds);
  };
}
