/** One of the kits of github.com/a2aproject/a2a-tck, and how its own runner calls pytest. */
export interface Kit {
  readonly config: string;
  readonly packages: readonly string[];
  readonly transports: readonly string[];
  runs(url: string, transports: readonly string[]): readonly KitRun[];
}

export interface KitRun {
  readonly name: string;
  readonly args: readonly string[];
}

const PACKAGES = ["pytest", "pytest-asyncio", "httpx", "grpcio", "protobuf", "googleapis-common-protos", "jsonschema"];
const MORE_PACKAGES = ["requests", "responses", "deepdiff", "packaging", "PyYAML", "python-dotenv", "pyOpenSSL"];

/** Branch 1.0-dev has all bindings in one run, and its own words for two of them. */
const V1: Kit = {
  config: "configs/conformance.yaml",
  packages: PACKAGES,
  transports: ["jsonrpc", "rest", "grpc"],
  runs: (url, transports) => {
    const names = transports.map((name) => name === "rest" ? "http_json" : name).join(",");
    return [{ name: `1.0 ${names}`, args: ["tests/compatibility", `--sut-host=${url}`, "--transport", names] }];
  },
};

/** [category, folder, markers] of branch 0.3.x. Its runner asks only for a part of what is mandatory over REST and gRPC. */
const CATEGORIES = [
  ["mandatory", "tests/mandatory", "mandatory_jsonrpc or mandatory_protocol"],
  ["capabilities", "tests/optional/capabilities", ""],
  ["quality", "tests/optional/quality", ""],
  ["features", "tests/optional/features", ""],
] as const;

const V0_3: Kit = {
  config: "configs/conformance_v0_3.yaml",
  packages: [...PACKAGES, ...MORE_PACKAGES],
  transports: ["jsonrpc", "rest"],
  runs: (url, transports) => {
    const common = [`--sut-url=${url}`, "--test-scope=all"];
    const each = transports.flatMap((transport) =>
      CATEGORIES.map(([category, folder, markers]) => {
        const isPart = category === "mandatory" && transport !== "jsonrpc";
        const path = isPart ? `${folder}/protocol` : folder;
        const marked = isPart ? "mandatory_protocol" : markers;
        const args = [path, ...common, `--transports=${transport}`];
        return { name: `0.3 ${transport} ${category}`, args: marked === "" ? args : [...args, "-m", marked] };
      })
    );
    const compared = ["--transports", transports.join(","), "-m", "transport_equivalence"];
    const name = `0.3 ${transports.join(",")} transport-equivalence`;
    return [...each, { name, args: ["tests/optional/multi_transport", ...common, ...compared] }];
  },
};

export const KITS: ReadonlyMap<string, Kit> = new Map([["1.0", V1], ["0.3", V0_3]]);

export function runsOf(
  kit: Kit,
  { url, transports = kit.transports }: { readonly url: string; readonly transports?: readonly string[] | undefined },
): readonly KitRun[] {
  return kit.runs(url, transports);
}
