/** What every page here is made with: htm bound to Preact, its hooks, and signals, from one place. */
import { h } from "./preact.js";
import htm from "./htm.js";

export { Component, Fragment, createContext, render } from "./preact.js";
export { useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "./preact-hooks.js";
export { batch, computed, effect, signal, useComputed, useSignal } from "./signals.js";

export const html = htm.bind(h);
