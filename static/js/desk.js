/** Defines the elements of the desk. The sound comes last: it asks for the line in hand, and must be heard by then. */

import { DeskText } from "./desk/desk-text.js";
import { DeskFind } from "./desk/find.js";
import { DeskSound } from "./desk/sound.js";
import { DeskSuggestions } from "./desk/suggestions.js";

customElements.define("desk-text", DeskText);
customElements.define("desk-find", DeskFind);
customElements.define("desk-suggestions", DeskSuggestions);
customElements.define("desk-sound", DeskSound);
