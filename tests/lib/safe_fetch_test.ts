import assert from "node:assert/strict";
import { EgressRefused, EgressRules } from "../../src/lib/egress_rules.ts";
import type { Connection } from "../../src/lib/http1.ts";
import { createSafeFetch, type EgressPolicy, EgressTimeout, type Endpoint } from "../../src/lib/safe_fetch.ts";
import { manualTimers } from "./manual_timers.ts";

const PUBLIC = "93.184.216.34";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

interface NetworkOptions {
  /** What each connection in turn says; a function may never answer. */
  readonly says?: readonly (string | ReadableStream<Uint8Array<ArrayBuffer>>)[];
  readonly names?: Readonly<Record<string, readonly string[][]>>;
  readonly down?: readonly string[];
}

/** A network in memory that counts who is asked and who is called. */
function network({ says = [OK], names = {}, down = [] }: NetworkOptions = {}) {
  const [resolved, connected, heard, closed]: [string[], Endpoint[], string[], number[]] = [[], [], [], []];
  const timers = manualTimers();
  const fetch = createSafeFetch({
    timers,
    resolve: async (hostname) => {
      const answers = names[hostname] ?? [[PUBLIC]];
      const asked = resolved.filter((name) => name === hostname).length;
      resolved.push(hostname);
      return await Promise.resolve(answers[Math.min(asked, answers.length - 1)] ?? []);
    },
    connect: async (endpoint): Promise<Connection> => {
      const at = connected.push(endpoint) - 1;
      if (down.includes(endpoint.address)) throw new Error(`${endpoint.address} is down`);
      const saying = says[Math.min(at, says.length - 1)] ?? OK;
      heard.push("");
      const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
        write: (chunk) => void (heard[at] += new TextDecoder().decode(chunk)),
      });
      const readable = typeof saying === "string" ? ReadableStream.from([new TextEncoder().encode(saying)]) : saying;
      return await Promise.resolve({ readable, writable, close: () => void closed.push(at) });
    },
  });
  const policy = (over: Partial<EgressPolicy> = {}): EgressPolicy => ({
    rules: new EgressRules([]),
    timeoutMs: 1000,
    maxBytes: 100,
    ...over,
  });
  return { fetch, policy, timers, resolved, connected, heard, closed };
}

const signal = new AbortController().signal;

/** The corpus: none of these may open a connection. `names` are what the resolver would say. */
const SSRF: [url: string, addresses?: string[]][] = [
  ["https://127.0.0.1/"],
  ["https://127.1/"],
  ["https://127.0.1/"],
  ["https://127.255.255.254/"],
  ["https://2130706433/"],
  ["https://017700000001/"],
  ["https://0x7f000001/"],
  ["https://0x7f.1/"],
  ["https://0177.0.0.1/"],
  ["https://0x7F.0.0x0.01/"],
  ["https://127.0.0.1./"],
  ["https://１２７.０.０.１/"],
  ["https://①②⑦.⓪.⓪.①/"],
  ["https://127。0。0。1/"],
  ["https://%31%32%37.0.0.1/"],
  ["https://0/"],
  ["https://0.0.0.0/"],
  ["https://[::]/"],
  ["https://[::1]/"],
  ["https://[0:0:0:0:0:0:0:1]/"],
  ["https://[::127.0.0.1]/"],
  ["https://[::ffff:127.0.0.1]/"],
  ["https://[::ffff:7f00:1]/"],
  ["https://[::ffff:0:127.0.0.1]/"],
  ["https://[64:ff9b::127.0.0.1]/"],
  ["https://[2002:7f00:1::]/"],
  ["https://[2001:0:7f00:1::]/"],
  ["https://[fe80::1]/"],
  ["https://[fe80::1%25eth0]/"],
  ["https://[fc00::1]/"],
  ["https://[fd00:ec2::254]/"],
  ["https://[ff02::1]/"],
  ["https://169.254.169.254/latest/meta-data/"],
  ["https://[::ffff:169.254.169.254]/"],
  ["https://[64:ff9b::a9fe:a9fe]/"],
  ["https://2852039166/"],
  ["https://0xa9fea9fe/"],
  ["https://0251.0376.0251.0376/"],
  ["https://100.100.100.200/"],
  ["https://168.63.129.16/"],
  ["https://192.0.0.192/"],
  ["https://10.0.0.1/"],
  ["https://172.16.0.1/"],
  ["https://172.31.255.255/"],
  ["https://192.168.1.1/"],
  ["https://100.64.0.1/"],
  ["https://198.18.0.1/"],
  ["https://224.0.0.1/"],
  ["https://240.0.0.1/"],
  ["https://255.255.255.255/"],
  ["https://localhost/"],
  ["https://LOCALHOST/"],
  ["https://localhost./"],
  ["https://ＬＯＣＡＬＨＯＳＴ/"],
  ["https://a.localhost/"],
  ["https://hooks.example@127.0.0.1/"],
  ["https://user:password@hooks.example/"],
  ["https://user@hooks.example/"],
  ["https://127.0.0.1#@hooks.example/"],
  ["https://127.0.0.1\\@hooks.example/"],
  ["https:127.0.0.1"],
  ["https:///127.0.0.1/"],
  ["https:\\\\127.0.0.1\\"],
  [" https://127.0.0.1/"],
  ["https://12\t7.0.0.1/"],
  ["http://hooks.example/"],
  ["http://93.184.216.34/"],
  ["file:///etc/passwd"],
  ["data:text/plain,a"],
  ["gopher://127.0.0.1:6379/_INFO"],
  ["ftp://hooks.example/"],
  ["javascript:alert(1)"],
  ["ws://hooks.example/"],
  ["unix:/var/run/docker.sock"],
  ["blob:https://hooks.example/x"],
  ["//hooks.example/"],
  ["hooks.example"],
  [""],
  ["https://"],
  ["https://hooks.example:99999/"],
  ["https://hooks example/"],
  ["https://1.2.3.256/"],
  ["https://rebind.example/", ["127.0.0.1"]],
  ["https://rebind.example/", [PUBLIC, "127.0.0.1"]],
  ["https://rebind.example/", ["169.254.169.254", PUBLIC]],
  ["https://rebind.example/", ["::1"]],
  ["https://rebind.example/", ["::ffff:10.0.0.1"]],
  ["https://rebind.example/", ["fe80::1%eth0"]],
  ["https://rebind.example/", ["0.0.0.0"]],
  ["https://rebind.example/", []],
  ["https://rebind.example/", ["2130706433"]],
  ["https://127.0.0.1.nip.example/", ["127.0.0.1"]],
];

for (const [url, addresses = [PUBLIC]] of SSRF) {
  Deno.test(`safeFetch() opens no connection for ${JSON.stringify(url)} at [${addresses.join(", ")}]`, async () => {
    const hostname = URL.parse(url)?.hostname ?? "";
    const { fetch, policy, connected, timers } = network({ names: { [hostname]: [addresses] } });
    await assert.rejects(fetch({ url, signal }, policy({ maxRedirects: 5 })), EgressRefused);
    assert.deepEqual(connected, []);
    assert.equal(timers.running(), 0);
  });
}

for (const [location] of SSRF.filter(([url, names]) => names === undefined && /^https?:\/\/[\d\[]/.test(url))) {
  Deno.test(`safeFetch() follows no redirect to ${location}`, async () => {
    const { fetch, policy, connected, closed } = network({
      says: [
        `HTTP/1.1 302 Found\r\nLocation: ${encodeURI(location).replace(/%5B/g, "[").replace(/%5D/g, "]")}\r\n\r\n`,
      ],
    });
    await assert.rejects(fetch({ url: "https://hooks.example/", signal }, policy({ maxRedirects: 5 })), EgressRefused);
    assert.equal(connected.length, 1);
    assert.deepEqual(closed, [0]);
  });
}

Deno.test("safeFetch() resolves once and connects to the address that it has checked", async () => {
  const { fetch, policy, connected, resolved } = network({ names: { "rebind.example": [[PUBLIC], ["127.0.0.1"]] } });
  const response = await fetch({ url: "https://rebind.example:8443/a#b", signal }, policy());
  assert.equal(response.url, "https://rebind.example:8443/a");
  assert.equal(await response.text(), "ok");
  assert.deepEqual(resolved, ["rebind.example"]);
  assert.deepEqual(connected, [{ address: PUBLIC, port: 8443, tlsName: "rebind.example" }]);
});

Deno.test("safeFetch() checks the name again for a redirect to the same host", async () => {
  const { fetch, policy, connected } = network({
    names: { "rebind.example": [[PUBLIC], ["127.0.0.1"]] },
    says: ["HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n"],
  });
  await assert.rejects(fetch({ url: "https://rebind.example/", signal }, policy({ maxRedirects: 1 })), EgressRefused);
  assert.deepEqual(connected.map(({ address }) => address), [PUBLIC]);
});

Deno.test("safeFetch() gives a redirect back as it is unless it may follow", async () => {
  const says = ["HTTP/1.1 307 Moved\r\nLocation: https://other.example/\r\nContent-Length: 0\r\n\r\n"];
  const { fetch, policy, connected } = network({ says });
  assert.equal((await fetch({ url: "https://hooks.example/", signal }, policy())).status, 307);
  const posted = await fetch({ url: "https://hooks.example/", method: "POST", signal }, policy({ maxRedirects: 3 }));
  assert.equal(posted.status, 307);
  assert.equal(connected.length, 2);
});

Deno.test("safeFetch() follows redirects and tells other hosts no credentials", async () => {
  const { fetch, policy, heard } = network({
    says: [
      "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n",
      "HTTP/1.1 302 Found\r\nLocation: https://other.example/c\r\n\r\n",
      OK,
    ],
  });
  const headers = { authorization: "Bearer s3cret", cookie: "a=b", accept: "text/plain" };
  const response = await fetch({ url: "https://hooks.example/a", headers, signal }, policy({ maxRedirects: 2 }));
  assert.equal(response.url, "https://other.example/c");
  assert.equal(await response.text(), "ok");
  assert.match(heard[1] ?? "", /^GET \/b [\s\S]*authorization: Bearer s3cret/);
  assert.match(heard[2] ?? "", /^GET \/c [\s\S]*host: other.example/);
  assert.doesNotMatch(heard[2] ?? "", /s3cret|cookie/);
  assert.match(heard[2] ?? "", /accept: text\/plain/);
});

Deno.test("safeFetch() ends a circle of redirects", async () => {
  const { fetch, policy, connected } = network({ says: ["HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"] });
  await assert.rejects(
    fetch({ url: "https://hooks.example/", signal }, policy({ maxRedirects: 3 })),
    /more than 3 times/,
  );
  assert.equal(connected.length, 4);
});

Deno.test("safeFetch() tries the next address, and tells why when there is none", async () => {
  const names = { "hooks.example": [["1.1.1.1", "8.8.8.8"]] };
  const one = network({ names, down: ["1.1.1.1"] });
  assert.equal((await one.fetch({ url: "https://hooks.example/", signal }, one.policy())).status, 200);
  assert.deepEqual(one.connected.map(({ address }) => address), ["1.1.1.1", "8.8.8.8"]);
  const none = network({ names, down: ["1.1.1.1", "8.8.8.8"] });
  await assert.rejects(none.fetch({ url: "https://hooks.example/", signal }, none.policy()), AggregateError);
  assert.equal(none.timers.running(), 0);
});

Deno.test("safeFetch() goes to a listed host over plain http, at the port of the scheme", async () => {
  const { fetch, policy, connected, heard } = network();
  const rules = new EgressRules(["10.0.0.0/8"]);
  const body = '{"a":1}';
  await fetch({ url: "http://10.1.2.3/hook", method: "POST", body, signal }, policy({ rules }));
  assert.deepEqual(connected, [{ address: "10.1.2.3", port: 80 }]);
  assert.match(heard[0] ?? "", /^POST \/hook HTTP\/1.1\r\n[\s\S]*content-length: 7\r\n[\s\S]*\r\n\r\n\{"a":1\}$/);
});

Deno.test("safeFetch() ends an answer that is too long, and closes the connection", async () => {
  const { fetch, policy, closed } = network({ says: [`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(101)}`] });
  const response = await fetch({ url: "https://hooks.example/", signal }, policy());
  await assert.rejects(response.text(), /more than 100 bytes/);
  assert.deepEqual(closed, [0]);
});

Deno.test("safeFetch() lets go of a connection whose answer is not read", async () => {
  const { fetch, policy, closed, timers } = network();
  const response = await fetch({ url: "https://hooks.example/", signal }, policy());
  await response.body?.cancel();
  assert.deepEqual(closed, [0]);
  assert.equal(timers.running(), 0);
});

/** Says the beginning of an answer and then nothing. */
function hanging(beginning: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(beginning)) });
}

Deno.test("safeFetch() gives up on a body that does not come in time", async () => {
  const { fetch, policy, timers, closed } = network({
    says: [hanging("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")],
  });
  const response = await fetch({ url: "https://hooks.example/", signal }, policy());
  const reading = response.text();
  timers.advance(1000);
  assert.deepEqual(closed, [0]);
  reading.catch(() => {});
});

Deno.test("safeFetch() gives up on a name that does not resolve in time", async () => {
  const timers = manualTimers();
  const fetch = createSafeFetch({
    timers,
    resolve: () => new Promise(() => {}),
    connect: () => Promise.reject(new Error("nobody asked to connect")),
  });
  const fetching = fetch({ url: "https://hooks.example/", signal }, network().policy());
  timers.advance(1000);
  await assert.rejects(fetching, EgressTimeout);
});

Deno.test("safeFetch() ends with the reason of its caller", async () => {
  const controller = new AbortController();
  const { policy } = network();
  const fetch = createSafeFetch({
    timers: manualTimers(),
    resolve: () => Promise.resolve([PUBLIC]),
    connect: (_endpoint, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("closed")))),
  });
  const fetching = fetch({ url: "https://hooks.example/", signal: controller.signal }, policy());
  controller.abort(new Error("not needed any more"));
  await assert.rejects(fetching, /not needed any more/);
});
