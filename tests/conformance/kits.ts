/** One of the kits of github.com/a2aproject/a2a-tck, and how its own runner calls pytest. */
export interface Kit {
  readonly packages: readonly string[];
  readonly transports: readonly string[];
  /** What the kit can only see on agents of different kinds, by name; the first is the one that it is made for. */
  readonly profiles: ReadonlyMap<string, Profile>;
  runs(asked: RunRequest): readonly KitRun[];
}

/** An agent for the kit. */
export interface Profile {
  /** Paths from the root of the repository; merged. */
  readonly configs: readonly string[];
  /** pytest's `-k`: what can be asked of this agent. Default: everything. */
  readonly only?: string;
  /** What is asked of this agent, where the kit parts its tests. Default: everything. */
  readonly categories?: readonly string[];
  /** Tests that break by the kit's own fault, before they ask or judge. */
  readonly without?: readonly string[];
}

export interface RunRequest {
  readonly url: string;
  readonly transports: readonly string[];
  readonly profile: Profile;
  /** Where the kit writes its findings as JSON, if it does. */
  readonly report: string;
}

export interface KitRun {
  readonly name: string;
  readonly args: readonly string[];
}

const PACKAGES = ["pytest", "pytest-asyncio", "httpx", "grpcio", "protobuf", "googleapis-common-protos", "jsonschema"];
const MORE_PACKAGES = ["requests", "responses", "deepdiff", "packaging", "PyYAML", "python-dotenv", "pyOpenSSL"];

const V1_CONFIG = "configs/conformance.yaml";

/** `V1_CONFIG` and what is different in this profile. */
function variant(name: string): readonly string[] {
  return [V1_CONFIG, `configs/conformance/${name}.yaml`];
}

/**
 * Skips itself where streaming is refused, and to say so reads an answer of httpx that nobody has read: ResponseNotRead
 * (tck/transport/http_json_client.py:45).
 */
const REST_STREAMING =
  "tests/compatibility/core_operations/test_transport_behavior.py::TestRestStreaming::test_streaming_content_type";

/** Branch 1.0-dev has all bindings in one run, and its own words for two of them. */
const V1: Kit = {
  packages: PACKAGES,
  transports: ["jsonrpc", "rest", "grpc"],
  profiles: new Map<string, Profile>([
    ["full", { configs: [V1_CONFIG] }],
    ["no_capabilities", { configs: variant("no_capabilities"), without: [REST_STREAMING] }],
    // The kit names no extension in any of its calls, so that all others are refused.
    [
      "required_extension",
      { configs: variant("required_extension"), only: "missing_required_extension or test_agent_card" },
    ],
    ["extended_card", { configs: variant("extended_card") }],
  ]),
  runs: ({ url, transports, profile: { only, without = [] }, report }) => {
    const names = transports.map((name) => name === "rest" ? "http_json" : name).join(",");
    const common = [`--sut-host=${url}`, "--transport", names, `--compatibility-report=${report}`];
    common.push(...without.flatMap((test) => ["--deselect", test]));
    return [{
      name: `1.0 ${names}`,
      args: ["tests/compatibility", ...common, ...only === undefined ? [] : ["-k", only]],
    }];
  },
};

/** [category, folder, markers] of branch 0.3.x. Its runner asks only for a part of what is mandatory over REST and gRPC. */
const CATEGORIES = [
  ["mandatory", "tests/mandatory", "mandatory_jsonrpc or mandatory_protocol"],
  ["capabilities", "tests/optional/capabilities", ""],
  ["quality", "tests/optional/quality", ""],
  ["features", "tests/optional/features", ""],
] as const;

/**
 * Wants to meet a task at work after a send that waited for it: the kit's gRPC client says `blocking: true` unasked
 * (tck/transport/grpc_client.py:1223), which its other clients do not.
 */
const STATES_AFTER_WAITING = "tests/optional/quality/test_task_state_quality.py::test_task_state_transitions";

const V0_3_CONFIG = "configs/conformance_v0_3.yaml";
const EQUIVALENCE = "transport-equivalence";

const V0_3: Kit = {
  packages: [...PACKAGES, ...MORE_PACKAGES],
  transports: ["jsonrpc", "rest", "grpc"],
  profiles: new Map<string, Profile>([
    ["full", { configs: [V0_3_CONFIG], categories: ["mandatory", "capabilities", "features", EQUIVALENCE] }],
    ["at_once", { configs: [V0_3_CONFIG, "configs/conformance/v0_3_at_once.yaml"], categories: ["quality"] }],
  ]),
  runs: ({ url, transports, profile: { categories = [] } }) => {
    const common = [`--sut-url=${url}`, "--test-scope=all"];
    const each = transports.flatMap((transport) =>
      CATEGORIES.filter(([category]) => categories.includes(category)).map(([category, folder, markers]) => {
        const isPart = category === "mandatory" && transport !== "jsonrpc";
        const path = isPart ? `${folder}/protocol` : folder;
        const marked = isPart ? "mandatory_protocol" : markers;
        const args = [path, ...common, `--transports=${transport}`];
        if (transport === "grpc") args.push("--deselect", STATES_AFTER_WAITING);
        return { name: `0.3 ${transport} ${category}`, args: marked === "" ? args : [...args, "-m", marked] };
      })
    );
    if (!categories.includes(EQUIVALENCE)) return each;
    const compared = ["--transports", transports.join(","), "-m", "transport_equivalence"];
    const name = `0.3 ${transports.join(",")} ${EQUIVALENCE}`;
    return [...each, { name, args: ["tests/optional/multi_transport", ...common, ...compared] }];
  },
};

export const KITS: ReadonlyMap<string, Kit> = new Map([["1.0", V1], ["0.3", V0_3]]);
