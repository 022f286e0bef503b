/** Defines the elements of pages that have nothing else of them: the one at the head of every page, and that of a line's own page. */

import { BasketLink } from "./elements/basket-link.js";
import { LinePage } from "./elements/line-page.js";

customElements.define("basket-link", BasketLink);
customElements.define("line-page", LinePage);
