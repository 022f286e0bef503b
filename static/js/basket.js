/** Defines the elements of the page of a basket. What plays comes first: the page looks for it. */

import { BasketLink } from "./elements/basket-link.js";
import { BasketPage } from "./elements/basket-page.js";
import { FoundPassages } from "./elements/found-passages.js";

customElements.define("basket-link", BasketLink);
customElements.define("found-passages", FoundPassages);
customElements.define("basket-page", BasketPage);
