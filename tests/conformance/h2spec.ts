import { http2Server } from "./http2_server.ts";
import { goProgram, run } from "./tool_folder.ts";

/*
 * h2spec (https://github.com/summerwind/h2spec), every section, strict, against our HTTP/2:
 * deno run -A tests/conformance/h2spec.ts
 */

const { port, stop } = http2Server(async (stream) => {
  while (await stream.read() !== undefined);
  stream.sendHeaders([[":status", "200"], ["content-type", "text/plain"], ["content-length", "12"]]);
  await stream.send(new TextEncoder().encode("Hello world!"), { end: true });
});
const h2spec = await goProgram("github.com/summerwind/h2spec/cmd/h2spec@latest", "h2spec");
const { code, out } = await run(h2spec, ["--strict", "--host", "127.0.0.1", "--port", String(port), "--timeout", "5"]);
stop();
console.log(code === 0 ? out.trim().split("\n").slice(-2).join("\n") : out);
Deno.exit(code);
