/*
 * The load generator, a process of its own: `deno run -A load.ts '<JSON of Load>'` prints the JSON of LoadResult.
 * Closed loop: each connection sends its next request when the last was answered. Open loop: requests leave at a
 * constant rate whatever the server does, so a slow server cannot hide its queue (no coordinated omission).
 */
import { HttpConnection, post } from "./http_connection.ts";

export interface Load {
  readonly port: number;
  readonly path: string;
  /** `$n` in any string is replaced by a number that no other request of this run has. */
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; absent for the closed loop. */
  readonly rate?: number;
  /** A request counts if its answer holds this. */
  readonly expect?: string;
}

export interface LoadResult {
  readonly count: number;
  readonly errors: number;
  readonly perSecond: number;
  /** To the whole answer. */
  readonly ms: Quantiles;
  /** To the first byte of the body. */
  readonly firstByteMs: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

class Recorder {
  readonly #ms: number[] = [];
  readonly #firstByteMs: number[] = [];
  #errors = 0;
  #next = 0;

  constructor(readonly load: Load) {}

  async one(connection: HttpConnection): Promise<void> {
    const id = `${Deno.pid}-${this.#next++}`;
    const text = JSON.stringify(this.load.body).replaceAll("$n", id);
    const request = post(this.load.path, JSON.parse(text), this.load.headers);
    const started = performance.now();
    try {
      const { status, firstByteMs, body } = await connection.exchange(request, this.load.expect !== undefined);
      if (status !== 200 || (this.load.expect !== undefined && !body.includes(this.load.expect))) this.#errors++;
      this.#ms.push(performance.now() - started);
      this.#firstByteMs.push(firstByteMs - started);
    } catch {
      this.#errors++;
      connection.close();
    }
  }

  result(seconds: number): LoadResult {
    return {
      count: this.#ms.length,
      errors: this.#errors,
      perSecond: this.#ms.length / seconds,
      ms: quantiles(this.#ms),
      firstByteMs: quantiles(this.#firstByteMs),
    };
  }
}

async function closedLoop(load: Load): Promise<LoadResult> {
  const recorder = new Recorder(load);
  const started = performance.now();
  const end = started + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, async () => {
    const connection = new HttpConnection(load.port);
    while (performance.now() < end) await recorder.one(connection);
    connection.close();
  }));
  return recorder.result((performance.now() - started) / 1000);
}

async function openLoop(load: Load, rate: number): Promise<LoadResult> {
  const recorder = new Recorder(load);
  const idle = Array.from({ length: load.connections }, () => new HttpConnection(load.port));
  const all = new Set(idle);
  const running = new Set<Promise<void>>();
  const started = performance.now();
  const total = Math.round(rate * load.seconds);
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.ceil((performance.now() - started) * rate / 1000));
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
  for (const connection of all) connection.close();
  return recorder.result((performance.now() - started) / 1000);
}

/** Runs `load` in a process of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename ?? "", JSON.stringify(load)],
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
