/** A place in a text with `<mark>` around what was looked for; everything else in it comes escaped, and stays text. */
import { html } from "../../vendor/view.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&#34;": '"', "&amp;": "&" };

/** The parts of such a text as `{"text","marked"}`. */
export function foundParts(text) {
  const plain = (part) => part.replace(/&(?:lt|gt|quot|amp|#39|#x27|#34);/g, (entity) => ENTITIES[entity]);
  return text.split(/(<mark>.*?<\/mark>)/su).filter(Boolean).map((part) => {
    const marked = part.startsWith("<mark>");
    return { marked, text: plain(marked ? part.slice(6, -7) : part) };
  });
}

export function Found({ text }) {
  return foundParts(text).map((part, index) => (part.marked ? html`<mark
    key=${index}>${part.text}</mark>` : part.text));
}
