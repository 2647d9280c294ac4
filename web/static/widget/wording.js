/** What the widget says, in the shopper's language; and times and amounts as that language writes them. */
import { signal } from "../vendor/view.js";
import en from "./wording/en.js";
import zh from "./wording/zh.js";

const WORDINGS = { zh, en };
const LOCALES = { zh: "zh-CN", en: "en-GB" };
const DAY_MS = 86_400_000;

/** The language on show, "zh" or "en". */
export const lang = signal("zh");

/** The language of ours that a tag such as "en-US" means; Chinese unless it says English. */
export function languageOf(tag) {
  return tag?.toLowerCase().startsWith("en") ? "en" : "zh";
}

/** The wording named `key`, with `{name}` filled in. A name that does not exist is a mistake of ours and throws. */
export function t(key, values = {}) {
  const wording = WORDINGS[lang.value][key];
  if (wording === undefined) throw new Error(`no wording for ${key}`);
  return wording.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Whether there is a wording named `key`. */
export function hasWording(key) {
  return key in WORDINGS[lang.value];
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** "14:32" today, "昨天 14:32", "11月20日 14:32", and with the year in another one; in the browser's time zone. */
export function when(at, now = new Date()) {
  const moment = new Date(at);
  const locale = LOCALES[lang.value];
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
  const days = Math.round((midnight(now) - midnight(moment)) / DAY_MS);
  if (days === 0) return time;
  if (days === 1) return t("time.yesterday", { time });
  const year = moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  const month = lang.value === "zh" ? "long" : "short";
  const day = new Intl.DateTimeFormat(locale, { ...year, month, day: "numeric" });
  return `${day.format(moment)} ${time}`;
}

/** An amount such as "1299.00" as "¥1,299.00"; kept as text, so that no digit can change. */
export function yuan(amount) {
  const [whole, cents = "00"] = String(amount).split(".");
  return `¥${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** An expected wait in seconds as "约 4 分钟". */
export function waitText(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? t("wait.soon") : t("wait.minutes", { n: minutes });
}
