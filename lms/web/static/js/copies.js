/* Copies of unsaved text on this device, kept under the person's own name, so that a reload, a lost
   network, a stopped server or an ended session costs nothing. Removed once the server has the text,
   and all of them on signing out. */

const PREFIX = "lms:";
const WEEKS = 4 * 7 * 24 * 60 * 60 * 1000;

const name = (person, unit) => PREFIX + [person, location.pathname, unit].join(":");

export function keep(person, unit, copy) {
  try {
    localStorage.setItem(name(person, unit), JSON.stringify({ ...copy, at: Date.now() }));
    return true;
  } catch {
    return false; // private windows and full disks: the server's draft is all there is
  }
}

export function kept(person, unit) {
  try {
    const copy = JSON.parse(localStorage.getItem(name(person, unit)));
    return copy && Array.isArray(copy.inputs) ? copy : null;
  } catch {
    return null;
  }
}

export function drop(person, unit) {
  try {
    localStorage.removeItem(name(person, unit));
  } catch {
    // nothing was kept
  }
}

/* Copies of what the server says it has taken, on whatever page they were made. */
export function dropTaken(person, tokens) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${PREFIX}${person}:`)) continue;
      try {
        if (tokens.includes(JSON.parse(localStorage.getItem(key)).sent)) localStorage.removeItem(key);
      } catch {
        // unreadable: `dropOld` takes it
      }
    }
  } catch {
    // no storage
  }
}

/* Copies that nobody came back for. */
export function dropOld() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      let at = 0;
      try {
        at = JSON.parse(localStorage.getItem(key)).at || 0;
      } catch {
        // unreadable: as old as can be
      }
      if (Date.now() - at > WEEKS) localStorage.removeItem(key);
    }
  } catch {
    // no storage
  }
}
