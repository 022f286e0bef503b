/**
 * Keeps a timer that a hidden page may trust: the page's own is throttled there, a dedicated worker's is not.
 * In comes {ticket, delay} (milliseconds; null cancels); out goes the ticket when the delay has passed.
 */

let waiting = 0;

self.addEventListener("message", ({ data: { ticket, delay } }) => {
  clearTimeout(waiting);
  if (delay !== null) waiting = setTimeout(() => self.postMessage(ticket), delay);
});
