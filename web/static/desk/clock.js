/** The server's time, second by second, and spans of time as the desk writes them. Pure but for the ticking. */
import { signal } from "../vendor/view.js";

/** The server's clock in milliseconds; moves once a second. */
export const now = signal(Date.now());

let offset = 0;

/** Keep `now` going; `told()` answers how far the server's clock is ahead of ours, in ms. */
export function tick(told) {
  const step = () => {
    offset = told();
    now.value = Date.now() + offset;
  };
  step();
  setInterval(step, 1_000);
}

/** "0:42", "12:05", "1:02:33": a span of seconds, never below nothing. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
