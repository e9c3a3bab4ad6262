import assert from "node:assert/strict";
import { Endpoints, toEndpoints } from "../../../src/config/sources/endpoint.ts";

const READ: [text: string, hostname: string, port: number, secure: boolean, name: string][] = [
  ["localhost", "localhost", 2379, false, "localhost:2379"],
  ["etcd1:2380", "etcd1", 2380, false, "etcd1:2380"],
  ["10.0.0.1", "10.0.0.1", 2379, false, "10.0.0.1:2379"],
  ["[::1]:2381", "::1", 2381, false, "[::1]:2381"],
  ["[::1]", "::1", 2379, false, "[::1]:2379"],
  ["http://etcd1:2380", "etcd1", 2380, false, "etcd1:2380"],
  ["http://etcd1:2380/", "etcd1", 2380, false, "etcd1:2380"],
  ["https://etcd1:2380", "etcd1", 2380, true, "etcd1:2380"],
  ["https://etcd1", "etcd1", 2379, true, "etcd1:2379"],
  ["https://etcd1:443", "etcd1", 443, true, "etcd1:443"],
  ["http://etcd1:80", "etcd1", 80, false, "etcd1:80"],
  ["etcd-cluster.prod.svc:2379", "etcd-cluster.prod.svc", 2379, false, "etcd-cluster.prod.svc:2379"],
];

for (const [text, hostname, port, secure, name] of READ) {
  Deno.test(`toEndpoints() reads ${text}`, () => {
    assert.deepEqual(Endpoints.parse([text]), [text]);
    assert.deepEqual(toEndpoints([text], { port: 2379, secure: false }), [{ hostname, port, secure, name }]);
  });
}

Deno.test("toEndpoints() takes the default when none is named, and TLS for all when it is asked for", () => {
  const name = "localhost:8500";
  assert.deepEqual(toEndpoints([], { port: 8500, secure: false }), [
    { hostname: "localhost", port: 8500, secure: false, name },
  ]);
  const secured = toEndpoints(["a", "http://b"], { port: 1, secure: true });
  assert.deepEqual(secured.map(({ secure }) => secure), [true, true]);
});

const REFUSED = [
  "",
  " ",
  "a b",
  "a:b",
  "a:99999",
  "a:0",
  "a,b",
  "a/chroot",
  "a?x=1",
  "a#x",
  "ftp://a",
  "http://",
  "http://a/path",
];

for (const text of REFUSED) {
  Deno.test(`Endpoints refuses "${text}"`, () => {
    const [issue] = Endpoints.safeParse([text]).error?.issues ?? [];
    assert.equal(issue?.message, `found ${JSON.stringify(text)}, expected host:port`);
    assert.deepEqual(issue?.path, [0]);
  });
}

Deno.test("Endpoints refuses credentials, and does not repeat them", () => {
  for (const text of ["user:s3cret@a:1", "https://user:s3cret@a:1", "https://s3cret@a"]) {
    const [issue] = Endpoints.safeParse([text]).error?.issues ?? [];
    assert.match(issue?.message ?? "", /^found ".*…@a.*", expected host:port$/);
    assert.doesNotMatch(issue?.message ?? "", /s3cret/);
  }
});
