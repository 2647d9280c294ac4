/** A fine line between the messages: the mode changed, an offer was made, a clock ran out, a rating or a contact came. */
import { html } from "../../vendor/view.js";
import { hasWording, named, reasonText, skillName, t, when, whyText } from "../wording.js";
import { Icon } from "./icon.js";

const ICONS = { mode: "transfer", offer: "bell", clock: "clock", rating: "star", contact: "person", notice: "bell", message: "bell" };

function modeText({ from, name, body }) {
  const { mode, was, rule } = body;
  const who = name ?? body.agent ?? t(`speaker.${from}`);
  const told = { name: who, skill: body.skill ? skillName(body.skill) : "", to: body.to ?? "" };
  for (const key of [`mode.rule.${rule}`, `mode.${was}.${mode}.${from}`, `mode.${was}.${mode}`, `mode.to.${mode}`]) {
    if (hasWording(key)) return t(key, told);
  }
  return `${named("mode", was)} → ${named("mode", mode)}`;
}

const STARS = (score) => "★".repeat(score) + "☆".repeat(Math.max(0, 5 - score));

function ratingText({ body }) {
  const reasons = (body.reasons ?? []).map((reason) => named("rating.reason", reason)).join(t("list.comma"));
  return [t(`rating.${body.of === "bot" ? "bot" : "agent"}`, { stars: STARS(body.score) }), reasons].filter(Boolean).join(" · ");
}

function offerText({ name, body }) {
  const told = { name: name ?? body.name ?? body.agent ?? "", why: whyText(body.why) };
  if (!body.over) return t("line.offer", told);
  return t(body.over === "declined" ? "line.offer.declined" : "line.offer.over", told);
}

const TEXTS = {
  mode: modeText,
  rating: ratingText,
  offer: offerText,
  clock: ({ body }) => t(`line.clock.${body.event}`, { clock: named("clock", body.clock) }),
  contact: ({ body }) => t("line.contact", { contact: body.contact }),
  notice: ({ body }) => t(`line.notice.${body.notice}`, { at: body.back_at ? when(body.back_at) : "" }),
  message: ({ body }) => body.text ?? "",
};

function details({ kind, body }) {
  if (kind === "rating") return [body.comment];
  if (kind !== "mode") return [];
  return [
    body.reason && reasonText(body), body.comment, body.summary && t("line.summary", { text: body.summary }),
    body.category && t("line.category", { text: named("category", body.category) }), body.solution && t("line.solution", { text: body.solution }),
  ];
}

const textOf = (entry) => TEXTS[entry.kind]?.(entry) ?? entry.kind;

function Before({ entries }) {
  return html`
    <details class="line-before"><summary>${t("line.before", { n: entries.length })}</summary>
      ${entries.map((entry) => html`<p key=${entry.id}>${textOf(entry)} <time
        datetime=${entry.at}>${when(entry.at)}</time></p>`)}
    </details>`;
}

/** `before` are the lines of the same kind that are folded into this one. */
export function Line({ entry, before = [] }) {
  const text = textOf(entry);
  const told = details(entry).filter(Boolean);
  return html`
    <div class="line" data-testid="line" data-kind=${entry.kind} data-mode=${entry.body.mode}
      data-event=${entry.body.event}>
      <p class="line-text"><${Icon} name=${ICONS[entry.kind] ?? "bell"} size=${13} /><span>${text}</span><time
        datetime=${entry.at}>${when(entry.at)}</time></p>
      ${before.length > 0 && html`<${Before} entries=${before} />`}
      ${told.map((one) => html`<p class="line-detail" key=${one}>${one}</p>`)}
    </div>`;
}
