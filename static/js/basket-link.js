/** Defines the element that every page has at its head, for pages that have nothing else of it. */

import { BasketLink } from "./elements/basket-link.js";

customElements.define("basket-link", BasketLink);
