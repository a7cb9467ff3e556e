/** Remembers choices of the user in this browser, if it allows that. */

export function remembered(name) {
  try {
    return localStorage.getItem(`egito-sandbox-${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`egito-sandbox-${name}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
