/**
 * One accent colour, made readable: text on it, and it as text on the page, both with a contrast of at least 4.5 to
 * 1.
 */

export const DEFAULT_ACCENT = "#0b7a63";
const READABLE = 4.5;
const APART = 1.4;
const BOLD = 3;
// The least favourable grounds of base.css that accented words stand on.
const SURFACE = { light: [244, 246, 247], dark: [39, 44, 49] };
const WHITE = [255, 255, 255];
const BLACK = [16, 18, 20];

/** Three channels 0–255 of `#rgb` or `#rrggbb`, or null. */
export function parseColour(text) {
  const found = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text?.trim() ?? "");
  if (!found) return null;
  const digits = found[1].length === 3 ? [...found[1]].map((digit) => digit + digit) : found[1].match(/../g);
  return digits.map((pair) => Number.parseInt(pair, 16));
}

// Relative luminance and contrast as WCAG 2.2 defines them.
function luminance(channels) {
  const [red, green, blue] = channels.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The WCAG contrast of two colours, 1 to 21. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function mixed(from, to, share) {
  return from.map((channel, index) => Math.round(channel + (to[index] - channel) * share));
}

// The colour, moved away from `surface` by as little as it takes to reach `ratio`.
function apartFrom(colour, surface, ratio) {
  const away = luminance(surface) > 0.4 ? BLACK : WHITE;
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(colour, away, share);
    if (contrast(tried, surface) >= ratio) return tried;
  }
  return away;
}

const css = (channels) => `rgb(${channels.join(" ")})`;

/** The custom properties for an accent in a theme ("light" or "dark"); a `text` that is no colour means the default. */
export function accentProperties(text, theme) {
  const accent = parseColour(text) ?? parseColour(DEFAULT_ACCENT);
  const surface = SURFACE[theme];
  const seen = apartFrom(accent, surface, APART);
  const onAccent = contrast(seen, WHITE) >= BOLD ? WHITE : BLACK;
  const fill = apartFrom(seen, onAccent, READABLE);
  const words = apartFrom(accent, surface, READABLE);
  return {
    "--accent": css(fill),
    "--on-accent": css(onAccent),
    "--accent-text": css(words),
    "--accent-soft": css(mixed(accent, surface, theme === "dark" ? 0.82 : 0.91)),
    "--accent-line": css(mixed(words, surface, theme === "dark" ? 0.55 : 0.68)),
  };
}
