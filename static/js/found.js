/** Defines the element of the page of a search. */

import { FoundPassages } from "./elements/found-passages.js";

customElements.define("found-passages", FoundPassages);
