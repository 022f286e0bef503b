/** Defines the elements of the page that searches without a server. */

import { SiteSearch } from "./elements/site-search.js";

customElements.define("site-search", SiteSearch);
