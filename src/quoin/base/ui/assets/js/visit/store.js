// Steps that were done on a phone, kept until the server has answered them. Photos are too large for localStorage.
const NAME = "quoin-visits";
const TABLE = "steps";
let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function ask(mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const deal = base.transaction(TABLE, mode);
    const asked = work(deal.objectStore(TABLE));
    deal.oncomplete = () => done(asked?.result);
    deal.onerror = () => fail(deal.error);
  });
}

export const put = (step) => ask("readwrite", (table) => table.put(step));
export const drop = (id) => ask("readwrite", (table) => table.delete(id));

// Steps of one person only: another one who signs in on this phone neither sees nor sends them.
export async function waiting(user) {
  const all = await ask("readonly", (table) => table.getAll());
  return all.filter((step) => step.user === user).sort((one, other) => one.at.localeCompare(other.at) || one.order - other.order);
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
