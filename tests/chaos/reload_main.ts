/*
 * `deno task storm [--reloads 1000] [--streams 200] [--senders 4]`: reloads, half of them broken, under open streams and
 * steady requests. Prints what it saw; ends with 1 if a request failed, a stream was cut, or the process grew.
 */
import { parseArgs } from "node:util";
import { runStorm } from "./reload_storm.ts";

/** What a heap may breathe between two looks, and what connections may come and go during one. */
const ALLOWED = { rssMb: 100, handles: 10 };

const { values } = parseArgs({
  options: {
    reloads: { type: "string", default: "1000" },
    streams: { type: "string", default: "200" },
    senders: { type: "string", default: "4" },
  },
});
const options = {
  reloads: Number(values.reloads),
  streams: Number(values.streams),
  senders: Number(values.senders),
};
console.log(`${options.reloads} reloads under ${options.streams} streams and ${options.senders} senders`);
const { failures, ...seen } = await runStorm(options);
console.log(JSON.stringify(seen));
const { rssMb: [rss, rssLast], handles: [handles, handlesLast] } = seen.grown;
const growth = [
  ...(rssLast - rss > ALLOWED.rssMb ? [`memory grew from ${rss} to ${rssLast} MB`] : []),
  ...(handlesLast - handles > ALLOWED.handles ? [`handles grew from ${handles} to ${handlesLast}`] : []),
];
const all = [...failures, ...growth];
for (const failure of all.slice(0, 20)) console.error(`FAILED: ${failure}`);
console.log(all.length === 0 ? "nothing failed, nothing was dropped, nothing grew" : `${all.length} failures`);
Deno.exit(all.length === 0 ? 0 : 1);
