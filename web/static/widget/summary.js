/** Reads a card of the type `summary`: what may be missing becomes null or an empty list, anything else that is off throws. */

const KINDS = new Set(["confirm", "receipt", "info"]);

/** A card that is not as docs/frames.md says. */
export class CardError extends Error {
  code = "bad_card";
}

function word(value, name) {
  if (typeof value === "string" && value.trim()) return value;
  throw new CardError(`${name} is no text`);
}

function wordOrNull(value, name) {
  return value === undefined || value === null || value === "" ? null : word(value, name);
}

function list(value, name, read) {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new CardError(`${name} is no list`);
  return value.map((one) => {
    if (one === null || typeof one !== "object") throw new CardError(`${name} has a part that is no object`);
    return read(one);
  });
}

function itemOf({ name, spec, quantity = null, price, image }) {
  if (quantity !== null && !Number.isFinite(quantity)) throw new CardError("quantity is no number");
  return {
    name: word(name, "name"), spec: wordOrNull(spec, "spec"), quantity, price: wordOrNull(price, "price"),
    image: wordOrNull(image, "image"),
  };
}

function rowOf({ label, value, strong }) {
  return { label: word(label, "label"), value: word(value, "value"), strong: strong === true };
}

function reasonOf({ text, holds }) {
  if (typeof holds !== "boolean") throw new CardError("holds is neither true nor false");
  return { text: word(text, "text"), holds };
}

/** The card, whole; `link` is handed on as it came, for whoever shows it to judge. Throws CardError. */
export function readSummary({ kind, title, number, items, rows, link = null, reasons, note }) {
  if (!KINDS.has(kind)) throw new CardError("kind is unknown");
  if (!Array.isArray(rows)) throw new CardError("rows are missing");
  return {
    kind, title: word(title, "title"), number: wordOrNull(number, "number"), items: list(items, "items", itemOf),
    rows: list(rows, "rows", rowOf), link, reasons: list(reasons, "reasons", reasonOf), note: wordOrNull(note, "note"),
  };
}
