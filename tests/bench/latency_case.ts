import { ANSWER, ask, startHectorBench, startScript } from "./bench_server.ts";
import type { LoadResult } from "./load.ts";
import type { Quantiles } from "./quantiles.ts";
import type { Effort, Report, Row } from "./report.ts";
import { failures, interleaved, medianQuantiles, paired } from "./rounds.ts";

const RATE = 500;
/** Connections that are open before the first request; more are opened when all are busy. */
const CONNECTIONS = 16;

/** How the mock is asked by hector, and directly. */
function completion() {
  return {
    path: "/v1/chat/completions",
    body: {
      model: "mock",
      messages: [{ role: "user", content: "What is the capital of France?" }],
      stream: true,
      stream_options: { include_usage: true },
    },
  };
}

/** What hector adds to a model over the network: the same model asked through it and directly, at one constant rate. */
export async function latencyCase(effort: Effort): Promise<Report> {
  await using model = await startScript("mock_model_server.ts");
  const llm = { provider: "openai", model: "mock", base_url: `${model.url}/v1`, api_key: "bench" };
  await using hector = await startHectorBench({
    config: { llms: { mock: llm }, agents: { assistant: { llm: "mock" } } },
  });
  const results = await interleaved(
    new Map([
      ["direct", { ...completion(), port: model.port, connections: CONNECTIONS, rate: RATE, expect: ANSWER }],
      ["send", { ...ask("SendMessage"), port: hector.port, connections: CONNECTIONS, rate: RATE, expect: ANSWER }],
      ["stream", {
        ...ask("SendStreamingMessage"),
        port: hector.port,
        connections: CONNECTIONS,
        rate: RATE,
        expect: '"artifactUpdate"',
      }],
    ]),
    { ...effort, seconds: effort.seconds * 2, warmUpSeconds: effort.warmUpSeconds * 2 },
  );
  const direct = results.get("direct") ?? [];
  const send = results.get("send") ?? [];
  const stream = results.get("stream") ?? [];
  const answer = ({ ms }: LoadResult) => ms;
  const first = ({ expectedMs }: LoadResult) => expectedMs;
  return {
    title: `Latency added to a model at ${RATE} requests a second`,
    notes: [
      "Open loop. Added: a quantile through hector less the same quantile of the model asked directly, paired by round.",
      "First token: hector's first artifactUpdate against the model's first delta.",
    ],
    rows: [
      added("added to the answer (SendMessage)", send, { direct, of: answer }),
      added("added to the whole stream (SendStreamingMessage)", stream, { direct, of: answer }),
      added("added to the first token (SendStreamingMessage)", stream, { direct, of: first }),
      plain("model directly, answer", direct, answer),
      plain("hector, answer", send, answer),
      plain("hector, first token", stream, first),
    ],
  };
}

interface Comparison {
  readonly direct: readonly LoadResult[];
  readonly of: (result: LoadResult) => Quantiles;
}

function added(name: string, rounds: readonly LoadResult[], { direct, of }: Comparison): Row {
  const less = (quantile: keyof Quantiles) =>
    paired(rounds, direct, (one, other) => of(one)[quantile] - of(other)[quantile]);
  return { name, values: { "p50 ms": less("p50"), "p95 ms": less("p95"), "p99 ms": less("p99") } };
}

function plain(name: string, rounds: readonly LoadResult[], of: (result: LoadResult) => Quantiles): Row {
  const { p50, p95, p99 } = medianQuantiles(rounds.map(of));
  const [{ perSecond } = { perSecond: 0 }] = rounds;
  return {
    name,
    values: { "p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "/s": perSecond, failed: failures(rounds) },
  };
}
