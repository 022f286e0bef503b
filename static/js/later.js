/** The elements that a reader needs only once they do something: late-parts.js brings them. */

import { CitationList } from "./citation-list.js";
import { ClipPicker } from "./clip-picker.js";
import { PointedMoment } from "./pointed-moment.js";
import { SelectionBar } from "./selection-bar.js";
import { TranscriptSearch } from "./transcript-search.js";

customElements.define("clip-picker", ClipPicker);
customElements.define("selection-bar", SelectionBar);
customElements.define("pointed-moment", PointedMoment);
customElements.define("citation-list", CitationList);
customElements.define("transcript-search", TranscriptSearch);
