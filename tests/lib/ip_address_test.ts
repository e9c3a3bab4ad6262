import assert from "node:assert/strict";
import { contains, parseIp, parseNetwork } from "../../src/lib/ip_address.ts";

/** [text, the same address in another spelling]. */
const SAME: [string, string][] = [
  ["127.0.0.1", "::ffff:127.0.0.1"],
  ["169.254.169.254", "::ffff:a9fe:a9fe"],
  ["10.1.2.3", "0:0:0:0:0:FFFF:0A01:0203"],
  ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"],
  ["::", "0:0:0:0:0:0:0:0"],
  ["::1", "0::0.0.0.1"],
  ["1::", "1:0::"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
];
for (const [one, other] of SAME) {
  Deno.test(`parseIp() reads ${one} and ${other} as one address`, () => {
    assert.notEqual(parseIp(one), undefined);
    assert.equal(parseIp(one), parseIp(other));
  });
}

const NO_ADDRESSES = [
  "",
  "localhost",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "01.2.3.4",
  "0x7f.0.0.1",
  "1.2.3.4 ",
  "1.2.3.-4",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "12345::",
  "g::",
  "fe80::1%eth0",
  "1.2.3.4::",
  "[::1]",
  "::1.2.3",
];
for (const text of NO_ADDRESSES) {
  Deno.test(`parseIp() refuses ${JSON.stringify(text)}`, () => assert.equal(parseIp(text), undefined));
}

/** [network, inside, outside]. */
const NETWORKS: [string, string[], string[]][] = [
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"], ["9.255.255.255", "11.0.0.0", "::a00:1"]],
  ["192.168.1.7", ["192.168.1.7"], ["192.168.1.6", "192.168.1.8"]],
  ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::1", "2001::"]],
  ["::/0", ["1.2.3.4", "ffff::"], []],
  ["fd00::/8", ["fd12::1", "fdff:ffff::"], ["fc00::1", "fe00::"]],
  ["10.1.2.3/8", ["10.0.0.0"], ["11.1.2.3"]],
  ["172.16.0.0/12", ["172.31.255.255"], ["172.32.0.0", "172.15.255.255"]],
];
for (const [text, inside, outside] of NETWORKS) {
  Deno.test(`contains() knows the bounds of ${text}`, () => {
    const network = parseNetwork(text);
    assert.ok(network);
    for (const address of inside) assert.ok(contains(network, parseIp(address) ?? 0n), address);
    for (const address of outside) assert.ok(!contains(network, parseIp(address) ?? 0n), address);
  });
}

for (const text of ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "10.0.0/8", "host/8", "/8"]) {
  Deno.test(`parseNetwork() refuses ${text}`, () => assert.equal(parseNetwork(text), undefined));
}
