/**
 * Defines the elements that a reader needs only once they do something: late-parts.js brings them. The large line comes
 * last: an Escape is for what lies over it first.
 */

import { BasketLink } from "./elements/basket-link.js";
import { CitationList } from "./elements/citation-list.js";
import { ClipPicker } from "./elements/clip-picker.js";
import { InexactSound } from "./elements/inexact-sound.js";
import { LargeLine } from "./elements/large-line.js";
import { PointedMoment } from "./elements/pointed-moment.js";
import { SelectionBar } from "./elements/selection-bar.js";
import { SpokenLine } from "./elements/spoken-line.js";
import { ThisLine } from "./elements/this-line.js";
import { TranscriptSearch } from "./elements/transcript-search.js";

customElements.define("basket-link", BasketLink);
customElements.define("clip-picker", ClipPicker);
customElements.define("selection-bar", SelectionBar);
customElements.define("spoken-line", SpokenLine);
customElements.define("inexact-sound", InexactSound);
customElements.define("pointed-moment", PointedMoment);
customElements.define("citation-list", CitationList);
customElements.define("this-line", ThisLine);
customElements.define("transcript-search", TranscriptSearch);
customElements.define("large-line", LargeLine);
