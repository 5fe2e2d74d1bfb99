import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** The width of an element in pixels, as the page is now. @param first until it is known */
export function useWidth<T extends Element>(first: number): { readonly ref: RefObject<T>; readonly width: number } {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? first)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [first]);
  return { ref, width };
}
