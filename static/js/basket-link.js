/** Defines the element at the head of every page, for pages that have nothing else of it. */

import { BasketLink } from "./elements/basket-link.js";

customElements.define("basket-link", BasketLink);
