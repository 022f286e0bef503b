/** Defines the element of a passage that another site shows in a frame. */

import { EmbeddedPassage } from "./elements/embedded-passage.js";

customElements.define("embedded-passage", EmbeddedPassage);
