import { ANSWER, ask, SCRIPTED_CONFIG, startHectorBench, startScript } from "./bench_server.ts";
import type { LoadResult } from "./load.ts";
import { median } from "./quantiles.ts";
import type { Effort, Report, Row } from "./report.ts";
import { failures, interleaved, medianQuantiles, paired } from "./rounds.ts";

const CONNECTIONS = [1, 8, 64];

type Method = "SendMessage" | "SendStreamingMessage";

const TITLES: Readonly<Record<Method, string>> = {
  SendMessage: "Tasks a second (blocking SendMessage)",
  SendStreamingMessage: "Streams a second (SendStreamingMessage, to the last event)",
};

/** hector with its store on disk, the SDK with its store in memory, and a bare echo, under the same closed loop. */
export async function throughputCase(method: Method, effort: Effort): Promise<Report> {
  const sdkSends = method === "SendMessage" ? "task" : "events";
  await using hector = await startHectorBench({ config: SCRIPTED_CONFIG });
  await using sdk = await startScript("sdk_server.ts", [sdkSends]);
  await using echo = await startScript("echo_server.ts");
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const load = (port: number, expect: string) => ({ ...ask(method), port, connections, expect });
    const results = await interleaved(
      new Map([
        ["hector", load(hector.port, ANSWER)],
        ["SDK in memory", load(sdk.port, ANSWER)],
        ["bare echo", load(echo.port, "France")],
      ]),
      effort,
    );
    for (const [name, rounds] of results) rows.push(toRow(`${name}, ${connections} at once`, rounds, results));
  }
  return {
    title: TITLES[method],
    notes: [
      "hector: every event on disk before it is told. SDK: everything in memory. Echo: one JSON answer. Closed loop.",
    ],
    rows,
  };
}

function toRow(name: string, rounds: readonly LoadResult[], all: ReadonlyMap<string, readonly LoadResult[]>): Row {
  const ratio = (one: LoadResult, other: LoadResult) => one.perSecond / other.perSecond;
  const rates = rounds.map(({ perSecond }) => perSecond);
  const { p50, p95, p99 } = medianQuantiles(rounds.map(({ ms }) => ms));
  return {
    name,
    values: {
      "× SDK": paired(rounds, all.get("SDK in memory"), ratio),
      "× echo": paired(rounds, all.get("bare echo"), ratio),
      "/s": median(rates),
      "least /s": Math.min(...rates),
      "most /s": Math.max(...rates),
      "p50 ms": p50,
      "p95 ms": p95,
      "p99 ms": p99,
      failed: failures(rounds),
    },
  };
}
