/** Calls the agent's attention: a short sound, a notice of the system, and the count in the page's title. */
import { signal } from "../vendor/view.js";
import { t } from "./wording.js";

const SOUND = "shopdesk:desk:sound";
const NOTICE = "shopdesk:desk:notice";
const TUNES = {
  offer: [660, 880, 1100],
  assigned: [660, 880],
  message: [740],
  clock_warning: [520, 520],
  clock_breach: [420, 320],
  mention: [880, 740],
};
const TONE_S = 0.13;

export class Alerts {
  sound;
  notice;
  #store;
  #audio = null;

  constructor(store) {
    this.#store = store;
    this.sound = signal(store.get(SOUND) ?? true);
    this.notice = signal(store.get(NOTICE) ?? false);
  }

  /** Whether notices of the system can be had, and are. */
  get allowed() {
    return "Notification" in window && Notification.permission === "granted";
  }

  setSound(on) {
    this.sound.value = on;
    this.#store.set(SOUND, on);
    if (on) this.#play(TUNES.message);
  }

  /** Only ever called from a click: browsers ask the person then. Answers whether notices are on now. */
  async setNotice(on) {
    const may = on && "Notification" in window && (await Notification.requestPermission()) === "granted";
    this.notice.value = may;
    this.#store.set(NOTICE, may);
    return may;
  }

  /** `kind` is one of the tunes; `go` is called when the notice is clicked. */
  call(kind, { title, text, tag, go }) {
    if (this.sound.peek()) this.#play(TUNES[kind]);
    if (!document.hidden || !this.notice.peek() || !this.allowed) return;
    const notice = new Notification(title, { body: text, tag: `${tag}:${kind}`, renotify: true });
    notice.onclick = () => {
      window.focus();
      notice.close();
      go();
    };
  }

  /** The number of things that wait for this agent stands before the page's name. */
  count(n) {
    document.title = n > 0 ? `(${n}) ${t("title")}` : t("title");
  }

  // Browsers keep a page silent until somebody has clicked in it; then there is simply no sound.
  #play(tune) {
    if (!("AudioContext" in window) || navigator.userActivation?.hasBeenActive === false) return;
    this.#audio ??= new AudioContext();
    const begin = this.#audio.currentTime + 0.02;
    tune.forEach((pitch, index) => this.#tone(pitch, begin + index * TONE_S));
  }

  #tone(pitch, at) {
    const voice = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    voice.type = "sine";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
    voice.connect(volume).connect(this.#audio.destination);
    voice.start(at);
    voice.stop(at + TONE_S + 0.02);
  }
}
