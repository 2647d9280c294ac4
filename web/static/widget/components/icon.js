/** The pictograms, drawn here so that they take the colour of the text around them. */
import { html } from "../../vendor/view.js";

const STROKES = {
  alert: ["M12 4 2.8 19.5h18.4L12 4Z", "M12 10v4.2", "M12 17h.01"],
  arrowDown: ["M12 5v14", "m6 13 6 6 6-6"],
  ban: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "m5.8 5.8 12.4 12.4"],
  box: ["M12 3 4 7.2v9.6L12 21l8-4.2V7.2L12 3Z", "M4 7.2 12 11.5l8-4.3", "M12 11.5V21", "m8 5.1 8 4.3"],
  boxes: ["M7.5 12 3 14.3v4.4L7.5 21l4.5-2.3v-4.4L7.5 12Z", "M16.5 12 12 14.3v4.4l4.5 2.3 4.5-2.3v-4.4L16.5 12Z",
    "M12 3 7.5 5.3v4.4L12 12l4.5-2.3V5.3L12 3Z"],
  calendar: ["M4 6.5h16v14H4z", "M4 10.5h16", "M8.5 3.5v4", "M15.5 3.5v4"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  checkCircle: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "m8 12.3 2.8 2.8L16 9.6"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 7.5V12l3 2"],
  close: ["m6 6 12 12", "m18 6-12 12"],
  copy: ["M9 9h11v11H9z", "M5.5 15H4V4h11v1.5"],
  headset: ["M4 14v-2a8 8 0 0 1 16 0v2", "M4 13.5h3v5H5.5A1.5 1.5 0 0 1 4 17v-3.5Z",
    "M20 13.5h-3v5h1.5A1.5 1.5 0 0 0 20 17v-3.5Z", "M18.5 18.5c0 1.5-1.8 2.5-4.5 2.5"],
  moon: ["M20 14.2A8.2 8.2 0 1 1 9.8 4a6.4 6.4 0 0 0 10.2 10.2Z"],
  more: ["M5.5 12h.01", "M12 12h.01", "M18.5 12h.01"],
  offline: ["m3.5 3.5 17 17", "M8.7 14.8a4.8 4.8 0 0 1 6.6 0", "M5.5 11.5a9.6 9.6 0 0 1 4.3-2.4",
    "M14.5 9.2a9.6 9.6 0 0 1 4 2.3", "M2.5 8.3a14 14 0 0 1 4-2.6", "M10.5 4.7a14 14 0 0 1 11 3.6", "M12 18.5h.01"],
  open: ["M10 5H5v14h14v-5", "M14 4.5h5.5V10", "M19.5 4.5 11 13"],
  picture: ["M4 5.5h16v13H4z", "m4.5 16 4.8-4.6 4 3.9 2.4-2.2 3.8 3.4", "M15.6 9.4h.01"],
  refund: ["M4 10.5h11.5a4.5 4.5 0 0 1 0 9H9", "m8 6-4.5 4.5L8 15"],
  retry: ["M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9", "M19.5 4.5V9H15"],
  send: ["M20.5 3.5 10 14", "M20.5 3.5 14 20.5l-4-6.5-6.5-4 17-6.5Z"],
  spark: ["M11 4c.7 4.3 2.7 6.3 7 7-4.3.7-6.3 2.7-7 7-.7-4.3-2.7-6.3-7-7 4.3-.7 6.3-2.7 7-7Z", "M18.5 3.5v4",
    "M16.5 5.5h4"],
  star: ["m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8L12 3.6Z"],
  truck: ["M3 6h11v10.5H3z", "M14 9.5h3.8L21 13v3.5h-7z", "M7 19a1.8 1.8 0 1 0 0-3.6A1.8 1.8 0 0 0 7 19Z",
    "M17.2 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z"],
};

/** One pictogram by name; it is decoration: what it means is said in words beside it. */
export function Icon({ name, size = 20 }) {
  return html`
    <svg class="icon" data-icon=${name} width=${size} height=${size} viewBox="0 0 24 24" fill="none"
      stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"
      aria-hidden="true" focusable="false">
      ${STROKES[name].map((line) => html`<path d=${line} />`)}
    </svg>`;
}
