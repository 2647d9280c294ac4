/** The goods on a card: the first few, the others at a press. */
import { html, useSignal } from "../../vendor/view.js";
import { safePicture } from "../links.js";
import { t, yuan } from "../wording.js";
import { Icon } from "./icon.js";

const SHOWN = 3;

function Picture({ address }) {
  const broken = useSignal(false);
  const source = address && safePicture(address);
  return html`
    <div class="item-picture" aria-hidden="true">
      ${source && !broken.value
        ? html`<img src=${source} alt="" loading="lazy" onError=${() => { broken.value = true; }} />`
        : html`<${Icon} name="box" size=${18} />`}
    </div>`;
}

function Item({ item: { name, spec, quantity, price, image } }) {
  return html`
    <li class="item">
      <${Picture} address=${image} />
      <div class="item-text"><p class="item-name">${name}</p>${spec && html`<p class="item-spec">${spec}</p>`}</div>
      <div class="item-price">
        ${price && html`<p>${yuan(price)}</p>`}
        ${quantity !== null && html`<p class="item-quantity">×${quantity}</p>`}
      </div>
    </li>`;
}

/** `items` as a list; of each only the name is needed, `quantity` is a number or null. */
export function Items({ items }) {
  const all = useSignal(items.length <= SHOWN + 1);
  const shown = all.value ? items : items.slice(0, SHOWN);
  return html`
    <ul class="items" aria-label=${t("order.items")}>
      ${shown.map((item, index) => html`<${Item} key=${index} item=${item} />`)}
      ${!all.value && html`
        <li><button type="button" class="text-button" onClick=${() => { all.value = true; }}>
          ${t("order.more", { n: items.length - SHOWN })}
        </button></li>`}
    </ul>`;
}
