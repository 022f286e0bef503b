/** The page's elements. The player comes last: it speaks first, and the others must listen by then. */

import { AnnotationList } from "./annotation-list.js";
import { ClipPicker } from "./clip-picker.js";
import { ReadingOptions } from "./reading-options.js";
import { RecordingPlayer } from "./recording-player.js";
import { TimeLine } from "./time-line.js";
import { TranscriptView } from "./transcript-view.js";

customElements.define("reading-options", ReadingOptions);
customElements.define("transcript-view", TranscriptView);
customElements.define("annotation-list", AnnotationList);
customElements.define("time-line", TimeLine);
customElements.define("clip-picker", ClipPicker);
customElements.define("recording-player", RecordingPlayer);
