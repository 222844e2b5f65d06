// Comfort over pages that work without it. Nothing here decides anything: every act is a form or a link that the server judges.
import "./forms.js";
import "./suggest.js";
import "./live.js";
import "./list.js";
import "./board.js";
import "./inline.js";
import "./lines.js";
import "./keys.js";
