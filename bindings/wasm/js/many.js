import { selected } from "./session.js";

/** Where a rule stands: what a number of `status` means. */
export const STATUS = Object.freeze([
  "recommended", "conditional", "blocked", "in_progress", "done", "declined", "undetermined", "not_indicated",
]);

/** What a number of `truth` means. */
export const TRUTH = Object.freeze(["false", "true", "unknown"]);

/** Not charted, in a column of codes or truths. */
const NONE = -1;

/** A column of numbers as it is; codes, truths and holes as positions in a list of words. */
function column(name, values) {
  if (values instanceof Float64Array) return { numbers: values };
  if (ArrayBuffer.isView(values) && !(values instanceof DataView) && !(values instanceof BigInt64Array)
    && !(values instanceof BigUint64Array)) {
    return { numbers: Float64Array.from(values) };
  }
  if (!Array.isArray(values)) throw new TypeError(`the column \`${name}\` is neither a typed array nor an array`);
  const hole = (value) => value === null || value === undefined || Number.isNaN(value);
  if (values.every((value) => hole(value) || typeof value === "number")) {
    return { numbers: Float64Array.from(values, (value) => (hole(value) ? NaN : value)) };
  }
  const words = new Map();
  const positions = Int32Array.from(values, (value) => {
    if (hole(value)) return NONE;
    const word = String(value);
    if (!words.has(word)) words.set(word, words.size);
    return words.get(word);
  });
  return { words: [...words.keys()], positions };
}

/** Fills a batch of the module with columns, runs it, and takes the results out. */
export function assessMany(library, { columns, units = {}, at, coverage = {}, ...selection }) {
  const names = Object.keys(columns);
  const first = names.length ? columns[names[0]] : [];
  const batch = library.many(...selected(selection), at, first.length, JSON.stringify(coverage));
  try {
    for (const name of names) {
      const { numbers, words, positions } = column(name, columns[name]);
      const unit = units === "vocabulary" ? null : units[name];
      if (numbers) batch.numbers(name, units === "vocabulary", unit ?? undefined, numbers);
      else batch.words(name, words, positions);
    }
    batch.run();
    const { rules, classifications, scores, refused } = JSON.parse(batch.describe());
    return {
      patients: first.length,
      rules,
      status: batch.status(),
      truth: batch.truth(),
      classifications: classifications.map((held, index) => ({ ...held, possible: batch.possible(index) })),
      scores: scores.map((held, index) => ({ ...held, min: batch.least(index), max: batch.most(index) })),
      refused,
    };
  } finally {
    batch.free();
  }
}
