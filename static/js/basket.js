/** Defines the elements of the pages of baskets and sets. What plays comes first: the pages look for it. */

import { BasketLink } from "./elements/basket-link.js";
import { BasketPage } from "./elements/basket-page.js";
import { FoundPassages } from "./elements/found-passages.js";
import { SetPage } from "./elements/set-page.js";

customElements.define("basket-link", BasketLink);
customElements.define("found-passages", FoundPassages);
customElements.define("basket-page", BasketPage);
customElements.define("set-page", SetPage);
