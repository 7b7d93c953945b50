import { render } from "preact";
import { App } from "./App";
import { begin } from "./state/ask";
import { beginWriting } from "./state/write";
import "./style/page.css";
import "./style/course.css";
import "./style/assessment.css";
import "./style/protocol.css";

void begin();
beginWriting();
const page = document.getElementById("page");
if (page) render(<App />, page);
