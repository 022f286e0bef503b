/** The `q` of an address: what is searched for. The rest of the address stays as it is written. */

/**
 * @param {string} search the query of an address
 */
export function queryIn(search) {
  return new URLSearchParams(search).get("q") ?? "";
}

/**
 * Give an address with another `q`, or without one.
 * @param {{pathname: string, search: string, hash: string}} address
 * @param {string} query "" for none
 */
export function withQuery({ pathname, search, hash }, query) {
  const parts = search.slice(1).split("&").filter((part) => part && !/^q(=|$)/.test(part));
  if (query) parts.push(String(new URLSearchParams({ q: query })));
  return `${pathname}${parts.length ? `?${parts.join("&")}` : ""}${hash}`;
}
