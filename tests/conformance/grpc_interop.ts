import { grpcHandler } from "../../src/lib/grpc/grpc_server.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { FIRST } from "../server/door/certificates.ts";
import { atEachPlace, type Http2Place } from "./http2_places.ts";
import { INTEROP_METHODS } from "./interop_service.ts";
import { goProgram, run } from "./tool_folder.ts";

/* The interop client of grpc-go, against our gRPC: deno run -A tests/conformance/grpc_interop.ts */

const CASES = [
  "empty_unary",
  "large_unary",
  "client_streaming",
  "server_streaming",
  "ping_pong",
  "empty_stream",
  "cancel_after_begin",
  "cancel_after_first_response",
  "timeout_on_sleeping_server",
  "status_code_and_message",
  "special_status_message",
  "custom_metadata",
  "unimplemented_method",
  "unimplemented_service",
];

/** Many calls and many connections, by that client: [case, iterations]. */
const SOAKS = [
  ["rpc_soak", 10_000],
  ["channel_soak", 1000],
] as const;

const client = await goProgram("google.golang.org/grpc/interop/client@latest", "client");
const authority = await Deno.makeTempFile({ suffix: ".pem" });
await Deno.writeTextFile(authority, FIRST.cert);
const answer = grpcHandler({
  methods: INTEROP_METHODS,
  maxMessageBytes: 4_194_304,
  timers: PROCESS_TIMERS,
  onError: (error) => console.error(error),
});
let failed = 0;

async function check({ name: place, port, isEncrypted }: Http2Place, name: string, ...args: readonly string[]) {
  const tls = isEncrypted ? ["--use_tls=true", "--use_test_ca=true", `--ca_file=${authority}`] : ["--use_tls=false"];
  const { code, err } = await run(client, [
    "--server_host=127.0.0.1",
    `--server_port=${port}`,
    `--test_case=${name}`,
    ...tls,
    ...args,
  ]);
  console.log(code === 0 ? "ok    " : "FAILED", `${place}: ${name}`, code === 0 ? "" : err.slice(-1000));
  if (code !== 0) failed++;
}

await atEachPlace(answer, async (place) => {
  for (const name of CASES) await check(place, name);
  for (const [name, iterations] of SOAKS) {
    const sizes = ["--soak_request_size=1000", "--soak_response_size=1000"];
    const times = [`--soak_iterations=${iterations}`, "--soak_num_threads=10", "--soak_overall_timeout_seconds=120"];
    await check(place, name, ...times, ...sizes);
  }
});
await Deno.remove(authority);
Deno.exit(failed === 0 ? 0 : 1);
