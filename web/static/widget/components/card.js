/** The card of a message with the message's text, whichever of them is to be seen. */
import { Component, html } from "../../vendor/view.js";
import { OrderCard } from "./order-card.js";
import { SummaryCard } from "./summary-card.js";

const CARDS = new Map([["order", OrderCard], ["summary", SummaryCard]]);
// An order card says in full what its text says in short; what is said with another card is shown above it.
const SAYS_ITS_TEXT = new Set(["order"]);

/** `text` alone where the card's type is unknown, or the card is not as docs/frames.md says. */
export class Card extends Component {
  static getDerivedStateFromError() {
    return { broken: true };
  }

  render({ card, text }, { broken }) {
    const Known = broken ? undefined : CARDS.get(card?.type);
    if (!Known) return text;
    return html`${!SAYS_ITS_TEXT.has(card.type) && text}<${Known} card=${card} />`;
  }
}
