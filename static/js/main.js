/** The page's elements. The player comes last: it speaks first, and the others must listen by then. */

import { AnnotationList } from "./annotation-list.js";
import { ClipPicker } from "./clip-picker.js";
import { RecordingPlayer } from "./recording-player.js";
import { TimeLine } from "./time-line.js";
import { TranscriptSearch } from "./transcript-search.js";
import { TranscriptView } from "./transcript-view.js";

customElements.define("transcript-view", TranscriptView);
customElements.define("annotation-list", AnnotationList);
customElements.define("time-line", TimeLine);
customElements.define("clip-picker", ClipPicker);
customElements.define("transcript-search", TranscriptSearch);
customElements.define("recording-player", RecordingPlayer);
