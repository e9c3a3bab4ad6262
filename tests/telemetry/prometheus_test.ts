import assert from "node:assert/strict";
import type { Measurement } from "../../src/telemetry/measurement.ts";
import { createPrometheus } from "../../src/telemetry/prometheus.ts";
import { samplesOf, stateOf } from "./states.ts";

async function textAfter(measurements: readonly Measurement[], state = stateOf()): Promise<string> {
  const { measure, text } = createPrometheus();
  for (const measurement of measurements) measure(measurement);
  return await text(state);
}

const MODEL = { kind: "model_call", agent: "a", provider: "scripted", model: "m", seconds: 0.3 } as const;
const MODEL_LABELS =
  `gen_ai_operation_name="chat",gen_ai_provider_name="scripted",gen_ai_request_model="m",gen_ai_agent_name="a"`;

/** What was measured, and the samples that come of it. */
const ROWS: readonly (readonly [measurements: readonly Measurement[], samples: Readonly<Record<string, number>>])[] = [
  [
    [
      { kind: "request", method: "POST", route: "/agents/:agent", status: 200, seconds: 0.02 },
      { kind: "request", method: "POST", route: "/agents/:agent", status: 200, seconds: 0.3 },
      { kind: "request", method: "GET", route: "/v1/agents", status: 404, seconds: 0.3 },
    ],
    {
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/agents/:agent",http_response_status_code="200"}':
        2,
      'http_server_request_duration_seconds_bucket{http_request_method="POST",http_route="/agents/:agent",http_response_status_code="200",le="0.025"}':
        1,
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/v1/agents",http_response_status_code="404"}':
        1,
    },
  ],
  [
    [
      { kind: "run_began", agent: "a" },
      { kind: "run_began", agent: "a" },
      { kind: "turn_ended", agent: "a", state: "TASK_STATE_COMPLETED" },
      { kind: "run_over", agent: "a" },
    ],
    {
      'hector_requests_total{agent="a"}': 2,
      'hector_tasks_running{gen_ai_agent_name="a"}': 1,
      'hector_tasks_total{gen_ai_agent_name="a",state="TASK_STATE_COMPLETED"}': 1,
    },
  ],
  [
    [{ ...MODEL, usage: { inputTokens: 100, outputTokens: 7, costUsd: 0.25 } }, { ...MODEL, error: "overloaded" }],
    {
      [`gen_ai_client_operation_duration_seconds_count{${MODEL_LABELS}}`]: 1,
      [`gen_ai_client_operation_duration_seconds_count{${MODEL_LABELS},error_type="overloaded"}`]: 1,
      [`gen_ai_client_token_usage_sum{${MODEL_LABELS},gen_ai_token_type="input"}`]: 100,
      [`gen_ai_client_token_usage_sum{${MODEL_LABELS},gen_ai_token_type="output"}`]: 7,
      [`hector_llm_cost_usd_total{${MODEL_LABELS}}`]: 0.25,
    },
  ],
  [
    [{ kind: "tool_call", agent: "a", tool: "search", seconds: 2, error: "tool_error" }],
    {
      'hector_tool_execution_duration_seconds_sum{gen_ai_agent_name="a",gen_ai_tool_name="search",error_type="tool_error"}':
        2,
    },
  ],
  [
    [
      { kind: "reload", outcome: "applied", seconds: 0.01 },
      { kind: "reload", outcome: "refused", seconds: 0.01 },
      { kind: "reload", outcome: "refused", seconds: 0.01 },
      { kind: "source_trouble", failure: "missing" },
    ],
    {
      'hector_config_reload_duration_seconds_count{outcome="applied"}': 1,
      'hector_config_reload_duration_seconds_count{outcome="refused"}': 2,
      'hector_config_source_troubles_total{reason="missing"}': 1,
    },
  ],
];

for (const [measurements, expected] of ROWS) {
  Deno.test(`createPrometheus() counts each ${measurements[0]?.kind}`, async () => {
    const samples = samplesOf(await textAfter(measurements));
    for (const [sample, value] of Object.entries(expected)) assert.equal(samples.get(sample), value, sample);
  });
}

Deno.test("createPrometheus() tells how the process stands when it is asked, and forgets how it stood", async () => {
  const { text } = createPrometheus();
  const first = samplesOf(await text(stateOf()));
  assert.equal(first.get('hector_config_info{revision="abc"}'), 1);
  assert.equal(first.get("hector_config_since_timestamp_seconds"), 5);
  assert.equal(first.get("process_memory_usage_bytes"), 1000);
  assert.equal(first.get('hector_build_info{version="1.2.3"}'), 1);
  assert.equal(first.get("hector_config_current"), 1);
  assert.equal(first.has("hector_config_source_readable"), false, "no source is watched");
  const bad = { isCurrent: false, lastReloadSucceeded: false, sourceIsReadable: false };
  const second = samplesOf(await text(stateOf({ revision: "def", ...bad })));
  assert.equal(second.get('hector_config_info{revision="def"}'), 1);
  assert.equal(second.has('hector_config_info{revision="abc"}'), false);
  for (const name of ["current", "last_reload_successful", "source_readable"]) {
    assert.equal(second.get(`hector_config_${name}`), 0, name);
  }
});

Deno.test("createPrometheus() describes every metric in the text format, units in the names alone", async () => {
  const text = await textAfter(ROWS.flatMap(([measurements]) => measurements), stateOf({ sourceIsReadable: true }));
  const described = new Set([...text.matchAll(/^# HELP (\S+) (?!description missing)./gm)].map(([, name]) => name));
  const typed = [...text.matchAll(/^# TYPE (\S+) (?:counter|gauge|histogram)$/gm)].map(([, name]) => name ?? "");
  assert.equal(typed.length, 17);
  assert.deepEqual(typed.filter((name) => !described.has(name)), []);
  assert.doesNotMatch(text, /^# UNIT/m);
  for (const [sample] of samplesOf(text)) {
    const name = /^[a-z_]+/.exec(sample)?.[0] ?? "";
    const family = name.replace(/_(count|sum|bucket)$/, "");
    assert.ok(typed.includes(name) || typed.includes(family), `${name} has no type`);
  }
});

Deno.test("createPrometheus() writes a label whose text would end it with escapes", async () => {
  const state = 'a"\\\n';
  const text = await textAfter([{ kind: "turn_ended", agent: "a", state }]);
  assert.match(text, /state="a\\"\\\\\\n"\} 1/);
  samplesOf(text);
});
