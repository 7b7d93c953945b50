import type { Ask, Question, Say } from "./messages";
import { compiled } from "./module";
import type { Call, Report, Text } from "./types";

/** Why a request has no answer: the diagnostics of the engine. */
export class Refused extends Error {
  constructor(readonly reports: Report[]) {
    super(reports.map((report) => report.message).join("; "));
  }
}

/** A newer request of the same kind took its place. */
export class Superseded extends Error {}

type Waiting = {
  slot: string;
  ask: Question;
  resolve: (value: unknown) => void;
  reject: (reason: Error) => void;
};

/**
 * An engine in a worker. One request is under way at a time; of those that wait, a newer one of the same slot takes
 * the place of an older, so that a cursor that is dragged never builds up a queue.
 */
export class Engine {
  private worker: Worker | undefined;
  private waiting: Waiting[] = [];
  private current: Waiting | undefined;
  private next = 0;

  constructor(
    private readonly name: "patient" | "author",
    private readonly failed: (message: string) => void,
  ) {}

  /** Starts the worker, where it is not running yet. */
  start(): void {
    if (this.worker) return;
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: this.name });
    const worker = this.worker;
    const send = (ask: Ask) => worker.postMessage(ask);
    compiled
      .then((module) => send({ kind: "module", module }))
      .catch((error: unknown) => this.failed(error instanceof Error ? error.message : String(error)));
    this.worker.onmessage = (event: MessageEvent<Say>) => this.hear(event.data);
    this.worker.onerror = (event) => this.failed(event.message || "the engine could not be started");
  }

  run<T>(slot: string, call: Call, drafts: Text[] = []): Promise<T> {
    return this.ask(slot, { id: this.next++, kind: "run", call, drafts, first: false }) as Promise<T>;
  }

  /** Asks the few protocols that are there before the others. */
  runFirst<T>(slot: string, call: Call): Promise<T> {
    return this.ask(slot, { id: this.next++, kind: "run", call, drafts: [], first: true }) as Promise<T>;
  }

  lint(draft: Text): Promise<Report[]> {
    return this.ask("lint", { id: this.next++, kind: "lint", draft }) as Promise<Report[]>;
  }

  /** Ends what is under way, such as a long review. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const held of [...(this.current ? [this.current] : []), ...this.waiting]) held.reject(new Superseded());
    this.current = undefined;
    this.waiting = [];
  }

  private ask(slot: string, ask: Question): Promise<unknown> {
    this.start();
    return new Promise((resolve, reject) => {
      const waiting = { slot, ask, resolve, reject };
      const older = this.waiting.findIndex((held) => held.slot === slot);
      if (older < 0) this.waiting.push(waiting);
      else this.waiting.splice(older, 1, waiting)[0]?.reject(new Superseded());
      this.send();
    });
  }

  private send(): void {
    if (this.current) return;
    this.current = this.waiting.shift();
    if (this.current) this.worker?.postMessage(this.current.ask);
  }

  private hear(say: Say): void {
    if ("failed" in say) return this.failed(say.failed);
    const held = this.current;
    if (!held || held.ask.id !== say.id) return;
    this.current = undefined;
    if ("error" in say) held.reject(new Refused(say.error));
    else held.resolve(say.ok);
    this.send();
  }
}
