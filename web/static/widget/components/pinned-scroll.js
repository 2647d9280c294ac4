/** Keeps a scrolling box at its end while it is at its end, whatever changes size: news, the keyboard, a picture. */
import { useEffect, useRef, useSignal } from "../../vendor/view.js";

const NEAR_PX = 48;
const ABOVE_PX = 40;

/**
 * Answers refs for the scrolling box and for what it holds, whether one has scrolled `away`, and `toEnd()`. A last
 * message that is taller than the box (`tallest` finds it) is shown from its beginning.
 */
export function usePinnedScroll(tallest) {
  const box = useRef(null);
  const content = useRef(null);
  const away = useSignal(false);

  function toEnd() {
    away.value = false;
    box.current.scrollTop = box.current.scrollHeight;
  }

  useEffect(() => {
    const node = box.current;
    let known = "";
    const size = () => `${node.scrollHeight}/${node.clientHeight}`;
    const look = () => {
      away.value = node.scrollHeight - node.scrollTop - node.clientHeight > NEAR_PX;
    };
    // A scroll that comes with a change of size is ours or the browser's, not the shopper's.
    const onScroll = () => size() === known && look();
    const onSize = () => {
      const news = tallest(content.current);
      known = size();
      if (away.peek()) look();
      else if (news && news.offsetHeight > node.clientHeight) {
        node.scrollTop += news.getBoundingClientRect().top - node.getBoundingClientRect().top - ABOVE_PX;
      } else toEnd();
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
