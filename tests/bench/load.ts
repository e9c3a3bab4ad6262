/*
 * The load generator, a process of its own: `deno run -A load.ts '<JSON of Load>'` prints the JSON of LoadResult.
 * Closed loop: each connection sends its next request when the last was answered. Open loop: requests leave at a
 * constant rate whatever the server does, so a slow server cannot hide its queue (no coordinated omission).
 */
import { HttpConnection } from "./http_connection.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import { type Question, requestTemplate } from "./request_template.ts";

export interface Load extends Question {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Before them: requests that nobody counts, until the code of both sides is warm. */
  readonly warmUpSeconds: number;
  /** Requests a second; absent for the closed loop. */
  readonly rate?: number;
  /** An answer counts as right if it holds this. */
  readonly expect: string;
}

export interface LoadResult {
  readonly count: number;
  readonly errors: number;
  readonly perSecond: number;
  /** To the end of the answer. */
  readonly ms: Quantiles;
  /** To what was expected. */
  readonly expectedMs: Quantiles;
}

class Recorder {
  readonly #nextRequest: () => Uint8Array;
  readonly #expect: Uint8Array;
  readonly #startsAt: number;
  readonly #ms: number[] = [];
  readonly #expectedMs: number[] = [];
  #errors = 0;

  constructor(readonly load: Load) {
    this.#nextRequest = requestTemplate(load);
    this.#expect = new TextEncoder().encode(load.expect);
    this.#startsAt = performance.now() + load.warmUpSeconds * 1000;
  }

  get endsAt(): number {
    return this.#startsAt + this.load.seconds * 1000;
  }

  async one(connection: HttpConnection): Promise<void> {
    const request = this.#nextRequest();
    const sentAt = performance.now();
    const answer = await connection.exchange(request, this.#expect).catch(() => undefined);
    if (answer === undefined) connection.close();
    if (sentAt < this.#startsAt) return;
    if (answer?.status !== 200 || answer.expectedAt === undefined) {
      this.#errors++;
      return;
    }
    this.#ms.push(performance.now() - sentAt);
    this.#expectedMs.push(answer.expectedAt - sentAt);
  }

  result(): LoadResult {
    return {
      count: this.#ms.length,
      errors: this.#errors,
      perSecond: 1000 * this.#ms.length / (performance.now() - this.#startsAt),
      ms: quantiles(this.#ms),
      expectedMs: quantiles(this.#expectedMs),
    };
  }
}

async function closedLoop(load: Load): Promise<LoadResult> {
  const recorder = new Recorder(load);
  await Promise.all(Array.from({ length: load.connections }, async () => {
    const connection = new HttpConnection(load.port);
    while (performance.now() < recorder.endsAt) await recorder.one(connection);
    connection.close();
  }));
  return recorder.result();
}

async function openLoop(load: Load, rate: number): Promise<LoadResult> {
  const recorder = new Recorder(load);
  const idle = Array.from({ length: load.connections }, () => new HttpConnection(load.port));
  const all = new Set(idle);
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  const total = Math.round(rate * (load.warmUpSeconds + load.seconds));
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.ceil((performance.now() - startedAt) * rate / 1000));
    for (; sent < due; sent++) {
      const connection = idle.pop() ?? new HttpConnection(load.port);
      all.add(connection);
      const exchange = recorder.one(connection).finally(() => {
        idle.push(connection);
        running.delete(exchange);
      });
      running.add(exchange);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
  const result = recorder.result();
  for (const connection of all) connection.close();
  return result;
}

/** Runs `load` in a process of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", import.meta.filename ?? "", JSON.stringify(load)],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The load generator failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const load: Load = JSON.parse(Deno.args[0] ?? "{}");
  console.log(JSON.stringify(load.rate === undefined ? await closedLoop(load) : await openLoop(load, load.rate)));
}
