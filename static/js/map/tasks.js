// Long work in short tasks: between two of them the browser answers a finger, and shows what is there.

// As long as a task may last on a slow phone before somebody notices.
const SLICE_MS = 12;
// So many items between two looks at the clock.
const STEP = 25;

// So long at most waits what is done when nothing else is.
const IDLE_AFTER_MS = 3_000;

/** Go on in a task of its own, the next one where a browser can say so. */
export const nextTask = () =>
  window.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

/** Go on once there is nothing else to do; Safari does not say when. */
export const whenIdle = () =>
  new Promise((done) =>
    window.requestIdleCallback
      ? requestIdleCallback(done, { timeout: IDLE_AFTER_MS })
      : setTimeout(done),
  );

/** Hand items over in parts, in tasks of some milliseconds; return false where isCurrent() said no
 *  between two of them. */
export async function inSlices(items, take, isCurrent) {
  let begun = performance.now();
  for (let start = 0; start < items.length; start += STEP) {
    if (performance.now() - begun > SLICE_MS) {
      await nextTask();
      if (!isCurrent()) return false;
      begun = performance.now();
    }
    take(items.slice(start, start + STEP));
  }
  return true;
}
