import assert from "node:assert/strict";
import { openLive } from "./scenarios/live_server.ts";
import { PEERS } from "./scenarios/peers.ts";
import { fits, type Scenario } from "./scenarios/scenario.ts";
import { CARDS, PUSH } from "./scenarios/push_scenarios.ts";
import { SEND } from "./scenarios/send_scenarios.ts";
import { STREAM } from "./scenarios/stream_scenarios.ts";
import { SUBSCRIBE } from "./scenarios/subscribe_scenarios.ts";
import { CANCEL, GET, LIST } from "./scenarios/task_scenarios.ts";

/* The same scenarios over every binding in both versions, and over the service itself: the same comes of them. */

const SCENARIOS: readonly Scenario[] = [
  ...SEND,
  ...STREAM,
  ...GET,
  ...LIST,
  ...CANCEL,
  ...SUBSCRIBE,
  ...PUSH,
  ...CARDS,
];

for (const { name, act, gives, server, but = [], unsayable = [] } of SCENARIOS) {
  for (const [binding, open] of PEERS) {
    for (const version of ["1.0", "0.3"] as const) {
      const where = `${binding}, ${version}`;
      const unsaid = unsayable.find((some) => fits(some, { binding, version }));
      if (unsaid !== undefined) {
        Deno.test({ name: `${name} (${where}): not there, for ${unsaid.because}`, ignore: true, fn: () => {} });
        continue;
      }
      const other = but.find((some) => fits(some, { binding, version }));
      Deno.test(`${name} (${where}${other === undefined ? "" : `: ${other.because}`})`, async () => {
        await using live = openLive(server);
        await using peer = open(live, version);
        assert.deepEqual(await act({ peer, live }), other === undefined ? gives : other.gives);
      });
    }
  }
}
