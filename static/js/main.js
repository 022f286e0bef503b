/** The page's elements. The player comes last: it speaks first, and the others must listen by then. */

import { AnnotationList } from "./annotation-list.js";
import { CitationList } from "./citation-list.js";
import { ClipPicker } from "./clip-picker.js";
import { KeyList } from "./key-list.js";
import { ReadingOptions } from "./reading-options.js";
import { RecordingPlayer } from "./recording-player.js";
import { SelectionBar } from "./selection-bar.js";
import { TimeLine } from "./time-line.js";
import { TranscriptSearch } from "./transcript-search.js";
import { TranscriptView } from "./transcript-view.js";

customElements.define("reading-options", ReadingOptions);
customElements.define("transcript-view", TranscriptView);
customElements.define("annotation-list", AnnotationList);
customElements.define("time-line", TimeLine);
customElements.define("clip-picker", ClipPicker);
customElements.define("key-list", KeyList);
customElements.define("selection-bar", SelectionBar);
customElements.define("citation-list", CitationList);
customElements.define("transcript-search", TranscriptSearch);
customElements.define("recording-player", RecordingPlayer);
