/** Keeps a scrolling box at its end while it is there, whatever changes size: news, the composer, a picture. */
import { useLayoutEffect, useRef, useSignal } from "../../vendor/view.js";

const NEAR_PX = 60;

/** Answers refs for the scrolling box and for what it holds, whether one has scrolled `away`, and `toEnd()`. */
export function usePinned() {
  const box = useRef(null);
  const content = useRef(null);
  const away = useSignal(false);
  function toEnd() {
    away.value = false;
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }
  useLayoutEffect(() => {
    const node = box.current;
    let known = "";
    const size = () => `${node.scrollHeight}/${node.clientHeight}`;
    const look = () => {
      away.value = node.scrollHeight - node.scrollTop - node.clientHeight > NEAR_PX;
    };
    // A scroll that comes with a change of size is ours or the browser's, not the reader's.
    const onScroll = () => size() === known && look();
    const onSize = () => {
      known = size();
      if (away.peek()) look();
      else node.scrollTop = node.scrollHeight;
    };
    const sizes = new ResizeObserver(onSize);
    sizes.observe(node);
    sizes.observe(content.current);
    node.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      node.removeEventListener("scroll", onScroll);
    };
  }, []);
  return { box, content, away, toEnd };
}
