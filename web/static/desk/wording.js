/** What the desk says, in the agent's language; the language itself is shared with the widget's cards. */
import { lang, languageOf, when, yuan } from "../widget/wording.js";
import en from "./wording/en.js";
import zh from "./wording/zh.js";

export { lang, languageOf, when, yuan };

const WORDINGS = { zh, en };

/** The wording named `key`, with `{name}` filled in. A name that does not exist is a mistake of ours and throws. */
export function t(key, values = {}) {
  const wording = WORDINGS[lang.value][key];
  if (wording === undefined) throw new Error(`no wording for ${key}`);
  return wording.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Whether there is a wording named `key`. */
export function hasWording(key) {
  return key in WORDINGS[lang.value];
}

/** The wording of a code under `prefix`, or the code itself: servers may know more codes than this page. */
export function named(prefix, code) {
  const key = `${prefix}.${code}`;
  return hasWording(key) ? t(key) : code;
}

/** What is told in both languages, in the one on show. */
export function both(label) {
  if (label === null || label === undefined) return "";
  return typeof label === "string" ? label : label[lang.value] || label.zh || label.en || "";
}

/** A skill by its name. */
export function skillName(skill) {
  if (skill && typeof skill === "object") return both(skill) || named("skill", skill.id);
  return named("skill", skill);
}

/** Why a conversation came to whom it came: a code, or what the dispatcher looked at, with its `rule`. */
export function whyText(why) {
  const rule = typeof why === "string" ? why : why?.rule;
  return rule ? named("why", rule) : "";
}

/** Why a person was asked for. The bot's words are Chinese; in another language the rule is told. */
export function reasonText({ reason, rule }) {
  return lang.value === "zh" && reason ? reason : hasWording(`rule.${rule}`) ? t(`rule.${rule}`) : reason ?? "";
}

/** What to say of an error with a code. */
export function troubleText(error) {
  const code = error?.code ?? "unknown";
  if (code === "locked" && error.retryAfter) return t("error.locked.for", { n: Math.ceil(error.retryAfter / 60) });
  return hasWording(`error.${code}`) ? t(`error.${code}`) : t("error.unknown");
}

/** The number of things with a word that fits it. */
export function counted(key, n) {
  return t(n === 1 && hasWording(`${key}.one`) ? `${key}.one` : key, { n });
}

