import { atEachPlace, type Http2Place } from "./http2_places.ts";
import { goProgram, run } from "./tool_folder.ts";

/*
 * h2spec (https://github.com/summerwind/h2spec), every section, strict, against our HTTP/2:
 * deno run -A tests/conformance/h2spec.ts
 */

const h2spec = await goProgram("github.com/summerwind/h2spec/cmd/h2spec@latest", "h2spec");
/** On a port for both, without encryption, what begins otherwise than HTTP/2 does is HTTP/1, and refused as such. */
const HTTP1 = /^Failures: \s+\S.*\s+3\. .*\s+3\.5\. .*\s+× 2: Sends invalid connection preface[^×]*$/m;
let failed = 0;

async function judge({ name, port, isShared, isEncrypted }: Http2Place): Promise<void> {
  const encryption = isEncrypted ? ["--tls", "--insecure"] : [];
  const place = ["--host", "127.0.0.1", "--port", String(port)];
  const { code, out } = await run(h2spec, ["--strict", "--timeout", "5", ...place, ...encryption]);
  const isHttp1 = isShared && !isEncrypted && HTTP1.test(out);
  console.log(`${name}: ${code === 0 || isHttp1 ? out.trim().split("\n").at(-1) : out}`);
  if (isHttp1) console.log("  (that one is answered as HTTP/1, which it may be on this port)");
  else if (code !== 0) failed++;
}

await atEachPlace(async (stream) => {
  try {
    while (await stream.read() !== undefined);
    stream.sendHeaders([[":status", "200"], ["content-type", "text/plain"], ["content-length", "12"]]);
    await stream.send(new TextEncoder().encode("Hello world!"), { end: true });
  } catch {
    // h2spec cuts many of its streams.
  }
}, judge);
Deno.exit(failed === 0 ? 0 : 1);
