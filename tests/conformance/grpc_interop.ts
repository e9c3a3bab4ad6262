import { grpcHandler } from "../../src/lib/grpc/grpc_server.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { http2Server } from "./http2_server.ts";
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

const { port, stop } = http2Server(
  grpcHandler({
    methods: INTEROP_METHODS,
    maxMessageBytes: 4_194_304,
    timers: PROCESS_TIMERS,
    onError: (error) => console.error(error),
  }),
);
const client = await goProgram("google.golang.org/grpc/interop/client@latest", "client");
let failed = 0;
for (const name of CASES) {
  const { code, err } = await run(client, [
    "--server_host=127.0.0.1",
    `--server_port=${port}`,
    "--use_tls=false",
    `--test_case=${name}`,
  ]);
  console.log(code === 0 ? "ok    " : "FAILED", name, code === 0 ? "" : err);
  if (code !== 0) failed++;
}
stop();
Deno.exit(failed === 0 ? 0 : 1);
