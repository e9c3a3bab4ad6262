import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/lib/json.ts";
import { webRequest } from "../../../src/tool/web/web_request.ts";
import { refusal, toolDeps } from "../run_tool.ts";
import { callWeb, withWebServer } from "./web_server.ts";

const LOCAL = { allow: ["127.0.0.1"] };

Deno.test("web_request sends what it is told, and shows status, headers and body", async () => {
  await withWebServer(
    () => Response.json({ made: 1 }, { status: 201, headers: { location: "/x" } }),
    async (server) => {
      const told = await callWeb(webRequest, {
        url: `${server.url}/things?q=1`,
        method: "post",
        headers: { "X-Who": "me" },
        body: '{"a":1}',
      }, { options: LOCAL });
      assert.deepEqual(told, {
        content: 'HTTP 201\ncontent-type: application/json\nlocation: /x\n\n{"made":1}',
        isError: false,
      });
      const [asked] = server.asked;
      assert.deepEqual(
        [asked?.method, asked?.path, asked?.headers.get("x-who"), asked?.headers.get("user-agent"), asked?.body],
        ["POST", "/things?q=1", "me", "hector", '{"a":1}'],
      );
    },
  );
});

Deno.test("web_request tells a model of an error's status as an error", async () => {
  await withWebServer(() => new Response("gone", { status: 410 }), async ({ url }) => {
    const { content, isError } = await callWeb(webRequest, { url }, { options: LOCAL });
    assert.equal(isError, true);
    assert.match(content, /^HTTP 410\n[^]*\n\ngone$/);
  });
});

Deno.test("web_request keeps what is too long or no text as a file of the task", async () => {
  const text = "owl ".repeat(100);
  const answer = ({ url }: Request) =>
    url.endsWith("/png")
      ? new Response(Uint8Array.of(1, 2, 3), { headers: { "content-type": "image/png" } })
      : new Response(text);
  await withWebServer(answer, async ({ url }) => {
    const options = { ...LOCAL, max_output_chars: 100 };
    const long = await callWeb(webRequest, { url }, { options });
    assert.match(long.content, /\n… \(400 characters in all; the whole is kept as a file of the task\)$/);
    assert.deepEqual(long.parts, [{ mediaType: "text/plain", raw: btoa(text), filename: "body" }]);
    const image = await callWeb(webRequest, { url: `${url}/png` }, { options });
    assert.match(image.content, /\(3 bytes of image\/png, which is no text; kept as a file of the task\)$/);
    assert.deepEqual(image.parts, [{ mediaType: "image/png", raw: "AQID", filename: "body" }]);
  });
});

Deno.test("web_request follows redirects of GET, each checked; none where the options say so", async () => {
  const answer = ({ url }: Request) => {
    const { pathname } = new URL(url);
    if (pathname === "/in") return new Response(null, { status: 302, headers: { location: "/out" } });
    if (pathname === "/evil") return Response.redirect("http://169.254.169.254/latest/meta-data/", 302);
    return new Response("there");
  };
  await withWebServer(answer, async ({ url }) => {
    assert.match((await callWeb(webRequest, { url: `${url}/in` }, { options: LOCAL })).content, /there$/);
    const stay = await callWeb(webRequest, { url: `${url}/in` }, { options: { ...LOCAL, allow_redirects: false } });
    assert.match(stay.content, /^HTTP 302\nlocation: \/out\n/);
    assert.match(
      await refusal(callWeb(webRequest, { url: `${url}/evil` }, { options: LOCAL })),
      /the address leads to an address that is not public$/,
    );
  });
});

/** [what, arguments, options, what is told] */
const REFUSED: [name: string, input: JsonObject, options: JsonObject, told: RegExp][] = [
  ["loopback", { url: "http://127.0.0.1:1/" }, {}, /not public/],
  ["loopback by name", { url: "https://localhost/" }, {}, /not public/],
  ["the metadata service", { url: "http://169.254.169.254/latest/" }, {}, /not public/],
  ["IPv6 loopback", { url: "https://[::1]/" }, {}, /not public/],
  ["an address in disguise", { url: "https://0x7f.1/" }, {}, /not public/],
  ["a file", { url: "file:///etc/passwd" }, {}, /has the scheme file, expected https/],
  ["plain HTTP", { url: "http://example.com/" }, {}, /has the scheme http, expected https/],
  ["a password in the URL", { url: "https://a:b@example.com/" }, {}, /carries a user name or a password/],
  ["what is no URL", { url: "example" }, {}, /is not a URL/],
  ["a domain that is denied", { url: "https://a.b.example/" }, { denied_domains: ["b.example"] }, /is denied/],
  [
    "a domain that is not allowed",
    { url: "https://evilb.example/" },
    { allowed_domains: ["b.example"] },
    /is at evilb\.example; allowed are b\.example/,
  ],
  [
    "a method that is not allowed",
    { url: "https://a.example", method: "DELETE" },
    { allowed_methods: ["GET"] },
    /method: /,
  ],
  ["a header that smuggles", { url: "https://a.example", headers: { a: "b\r\nc: d" } }, {}, /headers/],
  ["a header that is ours", { url: "https://a.example", headers: { Host: "b" } }, {}, /not up to its sender/],
  [
    "a body that is too long",
    { url: "https://a.example", body: "12345" },
    { max_request_size: 4 },
    /Cannot send 5 bytes/,
  ],
];
for (const [name, input, options, told] of REFUSED) {
  Deno.test(`web_request refuses ${name}`, async () => {
    assert.match(await refusal(callWeb(webRequest, input, { options })), told);
  });
}

Deno.test("web_request reads no more than it may, waits no longer than it may, and stops when it is told", async () => {
  const never = Promise.withResolvers<Response>();
  const stopped = Promise.withResolvers<void>();
  const answer = ({ url }: Request) => {
    if (url.endsWith("?stopped")) stopped.resolve();
    return url.includes("/slow") ? never.promise : new Response("x".repeat(1_000));
  };
  await withWebServer(answer, async ({ url }) => {
    const options = { ...LOCAL, max_response_size: 100 };
    assert.match(await refusal(callWeb(webRequest, { url }, { options })), /answers with more than 100 bytes/);
    const slow = { url: `${url}/slow` };
    assert.match(
      await refusal(callWeb(webRequest, slow, { options: { ...LOCAL, timeout: 0.05 } })),
      /no answer within 50 ms/,
    );
    const stop = new AbortController();
    const waiting = callWeb(webRequest, { url: `${url}/slow?stopped` }, { options: LOCAL, signal: stop.signal });
    await stopped.promise;
    stop.abort(new Error("canceled"));
    await assert.rejects(waiting, /^Error: canceled$/);
    never.resolve(new Response());
  });
});

Deno.test("web_request asks a person by default, and is never repeated unasked", () => {
  const { needsApproval, replay } = webRequest.create({}, toolDeps("/"));
  assert.deepEqual([needsApproval?.({ url: "https://a.example" }), replay], [true, "once"]);
});
