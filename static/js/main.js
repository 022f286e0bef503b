/**
 * Defines the elements that a page begins with. The player comes last: it speaks first, and the others must listen by
 * then.
 */

import { AnnotationList } from "./elements/annotation-list.js";
import { KeyList } from "./elements/key-list.js";
import { ReadingOptions } from "./elements/reading-options.js";
import { RecordingPlayer } from "./elements/recording-player.js";
import { TimeLine } from "./elements/time-line.js";
import { TranscriptView } from "./elements/transcript-view.js";

customElements.define("reading-options", ReadingOptions);
customElements.define("transcript-view", TranscriptView);
customElements.define("annotation-list", AnnotationList);
customElements.define("time-line", TimeLine);
customElements.define("key-list", KeyList);
customElements.define("recording-player", RecordingPlayer);
