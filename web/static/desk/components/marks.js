/** Small marks of an item: mood, language, level, skill, tags, an answer that is owed to somebody away. */
import { html } from "../../vendor/view.js";
import { named, skillName, t } from "../wording.js";
import { Icon } from "./icon.js";

const MOODS = { annoyed: ["M8.5 16h7"], angry: ["M8.5 17c2-2.3 5-2.3 7 0", "m7.5 8.5 3 1.5", "m16.5 8.5-3 1.5"] };

/** Nothing for a calm shopper: calm is the rule. */
export function Mood({ mood }) {
  if (!MOODS[mood]) return null;
  return html`
    <span class="mood" data-mood=${mood} data-testid="mood" role="img" aria-label=${t(`mood.${mood}`)}
      title=${t(`mood.${mood}`)}>
      <svg viewBox="0 0 24 24" width="15" height="15" fill="none" stroke="currentColor" stroke-width="2"
        stroke-linecap="round" aria-hidden="true" focusable="false">
        <circle cx="12" cy="12" r="9.5" /><path d="M9 11.5h.01M15 11.5h.01"
          stroke-width="3" />${MOODS[mood].map((line) => html`<path d=${line} />`)}
      </svg>
    </span>`;
}

export function Level({ level }) {
  if (!level || /^(?:normal|regular|none|0)$/i.test(level)) return null;
  const name = named("level", level);
  return html`<span class="chip level" data-testid="level" title=${t("level", { level: name })}>${name}</span>`;
}

export function Language({ lang }) {
  if (lang !== "en") return null;
  return html`<span class="chip language" data-testid="language" title=${t("language.en")}>EN</span>`;
}

export function Skill({ skill }) {
  return skill ? html`<span class="chip skill" data-testid="skill">${skillName(skill)}</span>` : null;
}

export function Away({ item }) {
  if (!item.away && !item.contact) return null;
  const key = item.contact ? "item.contact" : "item.away";
  return html`<span class="chip away" data-testid="away" title=${t(`${key}.title`)}><${Icon}
    name=${item.contact ? "note" : "clock"} size=${12} />${t(key)}</span>`;
}

/** A dot in a tag's own colour (`#rrggbb`). */
export function Dot({ colour }) {
  return html`<i class="dot" aria-hidden="true" style=${{ "--dot": colour ?? "#8a939b" }}></i>`;
}

export function Tags({ tags, book }) {
  const colours = new Map(book.tags.value.map(({ name, colour }) => [name, colour]));
  return (tags ?? []).map((tag) => html`<span class="chip tag" key=${tag}><${Dot}
    colour=${colours.get(tag)} />${tag}</span>`);
}

/** Somebody's letter on a quiet ground. */
export function Face({ name, from = "shopper", size = "normal" }) {
  const letter = [...(name ?? "").trim().replace(/^\*+/, "")][0]?.toUpperCase();
  const picture = from === "bot" ? html`<${Icon} name="bot" size=${16} />` : letter ?? html`<${Icon} name="person"
    size=${16} />`;
  return html`<span class="face" data-from=${from} data-size=${size} aria-hidden="true">${picture}</span>`;
}
