import assert from "node:assert/strict";
import { EgressRefused, EgressRules, isAllowEntry } from "../../src/lib/egress_rules.ts";

const ENTRIES = [
  "127.0.0.0/8",
  "::1",
  "10.1.2.3",
  "localhost",
  "hooks.internal",
  "*.corp.example",
  "a_b.internal",
  "a.",
];
for (const text of ENTRIES) {
  Deno.test(`isAllowEntry() takes ${text}`, () => assert.ok(isAllowEntry(text)));
}
const NO_ENTRIES = [
  "",
  "*",
  "*.",
  "a b",
  "http://a",
  "a/8",
  "127.1",
  "0x7f000001",
  "[::1]",
  "a:80",
  "-a",
  "a..b",
  "*a.b",
  "ä.de",
];
for (const text of NO_ENTRIES) {
  Deno.test(`isAllowEntry() refuses ${JSON.stringify(text)}`, () => assert.ok(!isAllowEntry(text)));
}

interface Row {
  readonly url: string;
  readonly addresses?: readonly string[];
  readonly allow?: readonly string[];
  /** What the refusal says; absent where the URL may be fetched. */
  readonly refused?: RegExp;
}

const PRIVATE = /leads to an address that is not public/;
const PLAIN = /has the scheme http, expected https/;

const ROWS: Row[] = [
  { url: "https://hooks.example/a?b#c", addresses: ["93.184.216.34", "2606:2800:220:1::1"] },
  { url: "https://93.184.216.34:8443/" },
  { url: "http://hooks.example/", addresses: ["93.184.216.34"], refused: PLAIN },
  { url: "http://93.184.216.34/", refused: PLAIN },
  { url: "https://hooks.example/", addresses: ["93.184.216.34", "10.0.0.1"], refused: PRIVATE },
  { url: "https://hooks.example/", addresses: [], refused: PRIVATE },
  { url: "https://hooks.example/", addresses: ["fe80::1%eth0"], refused: PRIVATE },
  { url: "https://hooks.example/", addresses: ["not an address"], refused: PRIVATE },
  { url: "http://localhost:9/", addresses: ["127.0.0.1"], allow: ["localhost"] },
  { url: "http://LOCALHOST.:9/", addresses: ["127.0.0.1"], allow: ["localhost."] },
  { url: "http://127.0.0.1:9/", allow: ["127.0.0.0/8"] },
  { url: "http://[::ffff:7f00:1]:9/", allow: ["127.0.0.0/8"] },
  { url: "http://localhost:9/", addresses: ["127.0.0.1"], allow: ["127.0.0.0/8", "::1"] },
  { url: "http://localhost:9/", addresses: ["127.0.0.1"], allow: ["127.0.0.0/8"], refused: PRIVATE },
  { url: "http://hooks.internal/", addresses: ["10.1.2.3"], allow: ["10.0.0.0/8"] },
  { url: "http://hooks.internal/", addresses: ["10.1.2.3"], allow: ["hooks.internal"] },
  { url: "http://a.b.corp.example/", addresses: ["10.1.2.3"], allow: ["*.corp.example"] },
  { url: "http://corp.example/", addresses: ["10.1.2.3"], allow: ["*.corp.example"], refused: PLAIN },
  { url: "https://evilcorp.example/", addresses: ["10.1.2.3"], allow: ["*.corp.example"], refused: PRIVATE },
  { url: "https://hooks.internal.evil.example/", addresses: ["10.1.2.3"], allow: ["hooks.internal"], refused: PRIVATE },
  { url: "http://hooks.example/", addresses: ["93.184.216.34"], allow: ["10.0.0.0/8"], refused: PLAIN },
  { url: "https://hooks.example/", addresses: ["10.0.0.1", "192.168.0.1"], allow: ["10.0.0.0/8"], refused: PRIVATE },
  { url: "http://user@127.0.0.1/", allow: ["127.0.0.0/8"], refused: /user name or a password/ },
  { url: "ftp://127.0.0.1/", allow: ["127.0.0.0/8"], refused: /has the scheme ftp, expected https/ },
  { url: "nonsense", refused: /is not a URL/ },
];

for (const { url, addresses, allow = [], refused } of ROWS) {
  const where = `${url} at ${addresses?.join(", ") ?? "itself"} with [${allow.join(", ")}]`;
  Deno.test(`EgressRules ${refused === undefined ? "let through" : "refuse"} ${where}`, () => {
    const rules = new EgressRules(allow);
    const check = () => {
      const parsed = rules.checkUrl(url);
      if (addresses !== undefined) rules.checkAddresses(parsed, addresses);
    };
    if (refused === undefined) check();
    else assert.throws(check, (thrown) => thrown instanceof EgressRefused && refused.test(thrown.message));
  });
}

Deno.test("EgressRules.checkUrl() refuses local names before anybody resolves them", () => {
  for (const name of ["localhost", "LocalHost", "localhost.", "a.localhost", "a.b.localhost."]) {
    assert.throws(() => new EgressRules([]).checkUrl(`https://${name}/`), PRIVATE, name);
  }
});
