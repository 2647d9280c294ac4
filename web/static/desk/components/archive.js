/** Searching and reading the conversations that are over. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { both, named, t, when } from "../wording.js";
import { Found } from "./found.js";
import { ArchiveReader } from "./archive-reader.js";
import { Icon } from "./icon.js";
import { Tags } from "./marks.js";
import { Pages } from "./pages.js";
import { Empty, Failed, Loading } from "./states.js";

const FILTERS = ["q", "customer", "agent", "category", "tag", "from", "to"];
const PAUSE_MS = 350;

const stars = (rating) => (typeof rating === "number" ? rating : rating?.score ?? null);

function Row({ row, desk, current, onPick }) {
  return html`
    <li><button type="button" class="archive-row" data-testid="archive-row" data-conversation=${row.conversation}
      aria-current=${current ? "true" : null} onClick=${onPick}>
      <span class="order-line"><strong>${row.name || t("shopper.unknown")}</strong><time
        datetime=${row.closed_at}>${when(row.closed_at)}</time></span>
      <span class="archive-summary">${row.found ? html`<${Found}
        text=${row.found} />` : row.summary || row.solution || t("archive.no_summary")}</span>
      <span class="row-marks">
        ${row.category && html`<span class="chip">${named("category", row.category)}</span>`}<${Tags} tags=${row.tags}
          book=${desk.book} />
        ${row.agent && html`<span class="muted">${desk.nameOf(row.agent)}</span>`}
        ${stars(row.rating_agent) && html`<span class="stars"
          title=${t("archive.rating.agent")}>★ ${stars(row.rating_agent)}</span>`}
        ${stars(row.rating_bot) && html`<span class="stars" data-of="bot" title=${t("archive.rating.bot")}><${Icon}
          name="bot" size=${12} /> ${stars(row.rating_bot)}</span>`}
      </span>
    </button></li>`;
}

function Select({ filters, name, options, set }) {
  return html`
    <select aria-label=${t(`archive.${name}`)} data-testid=${`filter-${name}`} value=${filters[name] ?? ""}
      onChange=${(event) => set(name, event.target.value)}>
      <option value="">${t(`archive.${name}`)}</option>
      ${options.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
    </select>`;
}

function Filters({ desk, filters, set, input }) {
  const { floor, book } = desk;
  return html`
    <div class="archive-filters" role="search">
      <label class="search-box"><${Icon} name="search" size=${16} /><span class="hidden">${t("archive.q")}</span>
        <input type="search" ref=${input} data-testid="archive-q" placeholder=${t("archive.q")} value=${filters.q ?? ""}
          onInput=${(event) => set("q", event.target.value)} /></label>
      <div class="filter-row">
        <input aria-label=${t("archive.customer")} placeholder=${t("archive.customer")} data-testid="filter-customer"
          value=${filters.customer ?? ""} onInput=${(event) => set("customer", event.target.value)} />
        <${Select} filters=${filters} name="agent" set=${set}
          options=${floor.value.agents.map(({ username, name }) => [username, name])} />
        <${Select} filters=${filters} name="category" set=${set}
          options=${floor.value.categories.map((one) => [one.id, both(one)])} />
        <${Select} filters=${filters} name="tag" set=${set}
          options=${book.tags.value.map(({ name }) => [name, name])} />
        <label class="date">${t("archive.from")}<input type="date" data-testid="filter-from" value=${filters.from ?? ""}
          onInput=${(event) => set("from", event.target.value)} /></label>
        <label class="date">${t("archive.to")}<input type="date" data-testid="filter-to" value=${filters.to ?? ""}
          onInput=${(event) => set("to", event.target.value)} /></label>
      </div>
    </div>`;
}

/** The rows that fit the filters, asked for a moment after the last key; an answer that comes late is dropped. */
function useSearch(desk, filters, page) {
  const state = useSignal({ rows: null, total: 0, error: null, loading: true });
  const run = useRef(0);
  const load = async () => {
    run.current += 1;
    const mine = run.current;
    state.value = { ...state.peek(), loading: true, error: null };
    try {
      const { rows, total } = await desk.api.get("/api/desk/archive", { ...filters, page });
      if (mine === run.current) state.value = { rows, total, error: null, loading: false };
    } catch (error) {
      if (!error.code) throw error;
      if (mine === run.current) state.value = { ...state.peek(), loading: false, error };
    }
  };
  const asked = FILTERS.map((name) => filters[name] ?? "").join("\u0000");
  useEffect(() => {
    const timer = setTimeout(load, state.peek().rows === null ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked, page]);
  return { state: state.value, load };
}

function Results({ desk, search, filters, page, onPage }) {
  const { state, load } = search;
  if (state.error) return html`<${Failed} error=${state.error} onAgain=${load} />`;
  if (state.rows === null) return html`<${Loading} lines=${6} />`;
  if (state.rows.length === 0) return html`<${Empty} icon="search"
    title=${t(filters ? "archive.none" : "archive.empty")} />`;
  return html`
    <p class="hint archive-total" role="status">${t("archive.total", { n: state.total })}</p>
    <ul class="archive-rows" aria-busy=${state.loading}>
      ${state.rows.map((row) => html`<${Row} key=${`${row.conversation}:${row.closed_at}`} row=${row} desk=${desk}
        current=${desk.reading.value === row.conversation} onPick=${() => desk.readArchived(row.conversation)} />`)}
    </ul>
    <${Pages} total=${state.total} size=${Math.max(state.rows.length, 20)} page=${page} onPage=${onPage} />`;
}

export function Archive({ desk }) {
  const filters = useSignal({});
  const page = useSignal(1);
  const input = useRef(null);
  const search = useSearch(desk, filters.value, page.value);
  const set = (name, value) => {
    filters.value = { ...filters.peek(), [name]: value };
    page.value = 1;
  };
  useEffect(() => {
    if (!desk.reading.peek()) input.current.focus();
    desk.findArchived = () => input.current?.select();
    return () => {
      desk.findArchived = null;
    };
  }, []);
  const filtered = Object.values(filters.value).some(Boolean);
  return html`
    <main class="view archive" data-testid="archive" data-reading=${Boolean(desk.reading.value)}
      aria-label=${t("view.archive")}>
      <div class="archive-list">
        <header class="view-head"><h1>${t("view.archive")}</h1></header>
        <${Filters} desk=${desk} filters=${filters.value} set=${set} input=${input} />
        <div class="archive-results"><${Results} desk=${desk} search=${search} filters=${filtered} page=${page.value}
          onPage=${(next) => { page.value = next; }} /></div>
      </div>
      <${ArchiveReader} desk=${desk} words=${filters.value.q} />
    </main>`;
}
