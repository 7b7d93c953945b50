import { Answered } from "./Answered";
import { AssessmentView } from "./assessment/AssessmentView";
import { BesideView } from "./assessment/Beside";
import { CourseView } from "./course/CourseView";
import { DropZone } from "./patient/DropZone";
import { PatientBar } from "./patient/PatientBar";
import { ProtocolView } from "./protocol/ProtocolView";
import { broken } from "./state/answers";
import { language } from "./state/view";
import { say } from "./text";

export function App() {
  return (
    <>
      <a class="skip" href="#assessment">
        {say("skip")}
      </a>
      <header class="top">
        <h1>
          shockpath <span>{say("workbench")}</span>
        </h1>
        <p class="notice">{say("notice")}</p>
        <div class="choice" role="group" aria-label={say("language")}>
          <button type="button" lang="en" aria-pressed={language.value === "en"} onClick={() => (language.value = "en")}>
            English
          </button>
          <button type="button" lang="ko" aria-pressed={language.value === "ko"} onClick={() => (language.value = "ko")}>
            한국어
          </button>
        </div>
      </header>
      <main>
        {broken.value !== undefined && (
          <div class="refusal" role="alert">
            <strong>{say("engine_failed")}</strong>
            <p>
              <code>{broken.value}</code>
            </p>
            <p>{say("engine_help")}</p>
          </div>
        )}
        <div class="case">
          <PatientBar />
          <CourseView />
        </div>
        <AssessmentView />
        <BesideView />
        <ProtocolView />
      </main>
      <Answered />
      <DropZone />
    </>
  );
}
