/** Who read and did what, for supervisors: filtered, newest first, page by page. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { named, t, when } from "../wording.js";
import { Pages } from "./pages.js";
import { Empty, Failed, Loading } from "./states.js";

const FILTERS = ["who", "what", "conversation"];
const PAUSE_MS = 350;

const detailText = (detail) => (detail && typeof detail === "object"
  ? Object.entries(detail).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ")
  : detail ?? "");

function Row({ row, desk }) {
  return html`
    <tr data-testid="audit-row"><td><time datetime=${row.at}>${when(row.at)}</time></td><td>${row.who}</td>
      <td>${named("audit", row.what)}</td>
      <td>${row.conversation && html`<button type="button" class="link-button number"
        onClick=${() => desk.select(row.conversation)}>${row.conversation}</button>`}</td>
      <td class="cell-reason">${detailText(row.detail)}</td></tr>`;
}

export function Audit({ desk }) {
  const filters = useSignal({});
  const page = useSignal(1);
  const state = useSignal({ rows: null, total: 0, error: null });
  const run = useRef(0);
  async function load() {
    run.current += 1;
    const mine = run.current;
    try {
      const { rows, total } = await desk.api.get("/api/desk/audit", { ...filters.peek(), page: page.peek() });
      if (mine === run.current) state.value = { rows, total, error: null };
    } catch (error) {
      if (!error.code) throw error;
      if (mine === run.current) state.value = { ...state.peek(), error };
    }
  }
  useEffect(() => {
    const timer = setTimeout(load, state.peek().rows === null ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filters.value, page.value]);
  const set = (name) => (event) => {
    filters.value = { ...filters.peek(), [name]: event.target.value };
    page.value = 1;
  };
  const { rows, total, error } = state.value;
  return html`
    <main class="view" data-testid="audit" aria-label=${t("view.audit")}>
      <header class="view-head"><h1>${t("view.audit")}</h1></header>
      <div class="filter-row" role="search">
        ${FILTERS.map((name) => html`<input key=${name} type="search" aria-label=${t(`audit.${name}`)}
          placeholder=${t(`audit.${name}`)} data-testid=${`audit-${name}`} onInput=${set(name)} />`)}
        ${["from", "to"].map((name) => html`<label class="date" key=${name}>${t(`archive.${name}`)}<input type="date"
          onInput=${set(name)} /></label>`)}
      </div>
      ${error && html`<${Failed} error=${error} onAgain=${load} />`}
      ${rows === null && !error && html`<${Loading} lines=${6} />`}
      ${rows?.length === 0 && html`<${Empty} icon="audit" title=${t("audit.none")} />`}
      ${rows?.length > 0 && html`
        <div class="panel table-frame"><table>
          <thead><tr>${["at", "who", "what", "conversation", "detail"].map((name) => html`<th key=${name}
            scope="col">${t(`audit.col.${name}`)}</th>`)}</tr></thead>
          <tbody>${rows.map((row, index) => html`<${Row} key=${index} row=${row} desk=${desk} />`)}</tbody>
        </table></div>
        <${Pages} total=${total} size=${Math.max(rows.length, 20)} page=${page.value}
          onPage=${(next) => { page.value = next; }} />`}
    </main>`;
}
