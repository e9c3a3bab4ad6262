import assert from "node:assert/strict";
import { RATE_WINDOW_MS, Visit } from "../../../src/server/door/visit.ts";

const LIMITS = { headMs: 10_000, idleMs: 100_000, minBytesPerSecond: 100 };
const HEAD = "no whole request came in time";
const IDLE = "no request came";
const SLOW = "the peer takes too little of its answer";

function visitor() {
  const clock = { ms: 0 };
  const visit = new Visit("192.0.2.1", LIMITS, () => clock.ms);
  /** What is said each second of the time that passes; the first that is not undefined. */
  const pass = (ms: number, each = () => {}) => {
    for (const endMs = clock.ms + ms; clock.ms < endMs;) {
      clock.ms += 1000;
      each();
      const why = visit.overdue();
      if (why !== undefined) return why;
    }
    return undefined;
  };
  return { visit, pass };
}

function answered({ visit }: ReturnType<typeof visitor>) {
  visit.received();
  visit.requestBegins();
  visit.requestEnds();
}

Deno.test("Visit.overdue() gives the first head its time, whatever drips in", () => {
  for (const drip of [() => {}, (visit: Visit) => visit.received()]) {
    const { visit, pass } = visitor();
    assert.equal(pass(9000, () => drip(visit)), undefined);
    assert.equal(pass(1000, () => drip(visit)), HEAD);
  }
});

Deno.test("Visit.overdue() has all patience with a request under way", () => {
  const { visit, pass } = visitor();
  visit.received();
  visit.requestBegins();
  assert.equal(pass(3_600_000), undefined);
});

Deno.test("Visit.overdue() lets a connection rest between requests, for a while", () => {
  const guest = visitor();
  answered(guest);
  assert.equal(guest.pass(99_000), undefined);
  answered(guest);
  assert.equal(guest.pass(99_000), undefined);
  assert.equal(guest.pass(1000), IDLE);
});

Deno.test("Visit.overdue() gives each further head its time, from its first byte", () => {
  const guest = visitor();
  answered(guest);
  assert.equal(guest.pass(80_000), undefined);
  assert.equal(guest.pass(9000, () => guest.visit.received()), undefined);
  assert.equal(guest.pass(2000, () => guest.visit.received()), HEAD);
});

Deno.test("Visit.overdue() counts requests that overlap, as those of HTTP/2 do", () => {
  const guest = visitor();
  const { visit, pass } = guest;
  visit.speaksHttp2();
  visit.requestBegins();
  visit.requestBegins();
  visit.requestEnds();
  assert.equal(pass(500_000, () => visit.received()), undefined);
  visit.requestEnds();
  assert.equal(pass(99_000, () => visit.received()), undefined);
  assert.equal(pass(1000, () => visit.received()), IDLE, "frames are no requests");
});

Deno.test("Visit.overdue() leaves a WebSocket to itself", () => {
  const guest = visitor();
  answered(guest);
  guest.visit.becomesSocket();
  assert.equal(guest.pass(1_000_000, () => guest.visit.received()), undefined);
});

/** [how a reader takes what waits for it, in bytes a second, and whether that is borne] */
const READERS: readonly [what: string, bytesAt: (second: number) => number, borne: boolean][] = [
  ["nothing", () => 0, false],
  ["a byte at a time", () => 1, false],
  ["just too little", () => 99, false],
  ["just enough", () => 100, true],
  ["much now and then", (second) => second % 20 === 0 ? 4000 : 0, true],
];
for (const [what, bytesAt, borne] of READERS) {
  Deno.test(`Visit.overdue() ${borne ? "bears" : "cuts off"} a reader that takes ${what}`, () => {
    const { visit, pass } = visitor();
    visit.requestBegins();
    visit.writeBegins();
    let second = 0;
    const why = pass(4 * RATE_WINDOW_MS, () => {
      visit.writeEnds(bytesAt(second++));
      visit.writeBegins();
    });
    assert.equal(why, borne ? undefined : SLOW);
  });
}

Deno.test("Visit.overdue() forgets a pause when the reader has caught up", () => {
  const { visit, pass } = visitor();
  visit.requestBegins();
  for (let at = 0; at < 10; at++) {
    visit.writeBegins();
    assert.equal(pass(RATE_WINDOW_MS - 1000), undefined);
    visit.writeEnds(1);
    assert.equal(pass(1000), undefined);
  }
});

Deno.test("Visit.overdue() cuts off a WebSocket that does not read", () => {
  const { visit, pass } = visitor();
  visit.becomesSocket();
  visit.writeBegins();
  assert.equal(pass(2 * RATE_WINDOW_MS), SLOW);
});
