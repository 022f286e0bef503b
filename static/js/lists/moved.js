/**
 * Leads from an address such as /chronology#entry-made, from before the list had several pages, to the page on which the
 * entry is now. Servers are not told what stands behind #.
 */

const found = /^#(?<kind>person|source|entry|strand)-(?<id>[A-Za-z][\w-]*)$/.exec(location.hash)?.groups;
const asked = new URLSearchParams(location.search);
const name = found?.kind === "strand" ? "strand" : "at";
if (found && !asked.has(name) && !document.getElementById(`${found.kind}-${found.id}`)) {
  location.replace(`?${new URLSearchParams({ [name]: found.id })}${location.hash}`);
}
