// The same rules in CQL, translated to ELM and run by cql-execution.
import { CqlTranslator, LibraryManager, ModelManager, createModelInfoProvider, stringAsSource } from "@cqframework/cql/cql-to-elm";
import cql from "cql-execution";
import { DERIVED, RULES, VARIABLES, written } from "./workload.mjs";

/** The types of the language itself; the translator brings the operators and asks for these. */
const SIMPLE = ["Any", "Boolean", "Integer", "Long", "Decimal", "String", "DateTime", "Date", "Time"];
const CLASSES = {
  Quantity: { value: "Decimal", unit: "String" },
  Ratio: { numerator: "Quantity", denominator: "Quantity" },
  Code: { code: "String", system: "String", version: "String", display: "String" },
  Concept: { display: "String" },
  Vocabulary: { id: "String", version: "String" },
  ValueSet: {},
  CodeSystem: {},
};

function types() {
  const base = (name) => (name === "Any" ? "" : ` baseType="System.${/ValueSet|CodeSystem/.test(name) ? "Vocabulary" : "Any"}"`);
  const simple = SIMPLE.map((name) => `<m:typeInfo xsi:type="m:SimpleTypeInfo" name="System.${name}"${base(name)}/>`);
  const classes = Object.entries(CLASSES).map(([name, elements]) => {
    const inner = Object.entries(elements).map(([name, type]) => `<m:element name="${name}" type="System.${type}"/>`);
    return `<m:typeInfo xsi:type="m:ClassInfo" name="System.${name}"${base(name)}>${inner.join("")}</m:typeInfo>`;
  });
  return `<m:modelInfo name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system"
    xmlns:m="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    ${simple.join("\n")}\n${classes.join("\n")}</m:modelInfo>`;
}

/** The rules in CQL: parameters are the patient's values, each definition one value or rule. */
export function source() {
  const quoted = (text) => written(text, (word) => `"${word}"`).replaceAll("||", "or").replaceAll("&&", "and");
  return [
    "library Benchmark version '1.0.0'",
    ...VARIABLES.map(([name]) => `parameter "${name}" Decimal`),
    "context Unfiltered",
    ...DERIVED.map(([name, formula]) => `define "${name}": ${quoted(formula)}`),
    ...RULES.map((rule, index) => `define "rule-${index}": ${quoted(rule)}`),
  ].join("\n");
}

/** The rules as a function of a patient's values: for each rule true, false or null. */
export function engine() {
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider(() => stringAsSource(types())));
  const elm = JSON.parse(CqlTranslator.fromText(source(), new LibraryManager(models)).toJson());
  const wrong = elm.library.annotation.filter((note) => note.errorSeverity === "error");
  if (wrong.length) throw new Error(wrong.map((note) => note.message).join("\n"));
  const library = new cql.Library(elm);
  const nobody = { currentPatient: () => undefined, nextPatient: () => undefined };
  return async (patient) => {
    const result = await new cql.Executor(library, undefined, patient).exec(nobody);
    return RULES.map((_, index) => result.unfilteredResults[`rule-${index}`]);
  };
}
