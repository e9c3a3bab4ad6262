import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import type { Measure, Measurement } from "./measurement.ts";

/** OpenTelemetry's semantic conventions for HTTP and for generative AI say where their bounds are. */
const HISTOGRAMS = {
  requests: {
    name: "http.server.request.duration",
    unit: "s",
    description: "Requests over HTTP, until the answer began",
    bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  models: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    description: "Model calls, all tries of one together",
    bounds: Array.from({ length: 14 }, (_, at) => 0.01 * 2 ** at),
  },
  tokens: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Tokens of a model call",
    bounds: Array.from({ length: 14 }, (_, at) => 4 ** at),
  },
  tools: {
    name: "hector.tool.execution.duration",
    unit: "s",
    description: "Tool calls",
    bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
  },
  reloads: {
    name: "hector.config.reload.duration",
    unit: "s",
    description: "New configurations, by what came of them",
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  },
} as const;

function histogramOf(meter: Meter, which: keyof typeof HISTOGRAMS): Histogram {
  const { name, unit, description, bounds } = HISTOGRAMS[which];
  return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } });
}

/** What is counted, under the names of the semantic conventions where they have one, and under `hector.` where not. */
export function createInstruments(meter: Meter): Measure {
  const requests = histogramOf(meter, "requests");
  const models = histogramOf(meter, "models");
  const tokens = histogramOf(meter, "tokens");
  const tools = histogramOf(meter, "tools");
  const reloads = histogramOf(meter, "reloads");
  const running = meter.createUpDownCounter("hector.tasks.running", { description: "Tasks that are worked on now" });
  const begun = meter.createCounter("hector.requests", {
    description: "Turns that began, as older versions told them",
  });
  const costs = meter.createCounter("hector.llm.cost", {
    unit: "USD",
    description: "What model calls cost, where the price of the model is known",
  });
  const ended = meter.createCounter("hector.tasks", {
    description: "Turns that ended, by the state in which they left their task",
  });
  const troubles = meter.createCounter("hector.config.source.troubles", {
    description: "How often the source of the configuration came to be unreadable",
  });
  return (measured) => {
    switch (measured.kind) {
      case "request":
        return requests.record(measured.seconds, requestAttributes(measured));
      case "run_began":
        begun.add(1, { agent: measured.agent });
        return running.add(1, agentAttributes(measured));
      case "run_over":
        return running.add(-1, agentAttributes(measured));
      case "turn_ended":
        return ended.add(1, { ...agentAttributes(measured), state: measured.state });
      case "model_call": {
        const { seconds, usage, error } = measured;
        const attributes = modelAttributes(measured);
        models.record(seconds, { ...attributes, ...errorAttributes(error) });
        if (usage === undefined) return;
        if (usage.costUsd !== undefined) costs.add(usage.costUsd, attributes);
        tokens.record(usage.inputTokens, { ...attributes, "gen_ai.token.type": "input" });
        return tokens.record(usage.outputTokens, { ...attributes, "gen_ai.token.type": "output" });
      }
      case "tool_call":
        return tools.record(measured.seconds, {
          ...agentAttributes(measured),
          "gen_ai.tool.name": measured.tool,
          ...errorAttributes(measured.error),
        });
      case "reload":
        return reloads.record(measured.seconds, { outcome: measured.outcome });
      case "source_trouble":
        return troubles.add(1, { reason: measured.failure });
      default:
        measured satisfies never;
    }
  };
}

type Of<Kind extends Measurement["kind"]> = Extract<Measurement, { readonly kind: Kind }>;

function requestAttributes({ method, route, status }: Of<"request">): Attributes {
  return { "http.request.method": method, "http.route": route, "http.response.status_code": status };
}

function agentAttributes({ agent }: { readonly agent: string }): Attributes {
  return { "gen_ai.agent.name": agent };
}

function modelAttributes({ agent, provider, model }: Of<"model_call">): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    ...agentAttributes({ agent }),
  };
}

function errorAttributes(error: string | undefined): Attributes {
  return error === undefined ? {} : { "error.type": error };
}
