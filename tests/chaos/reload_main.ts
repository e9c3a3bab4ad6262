/*
 * `deno task storm [--reloads 1000] [--streams 200] [--senders 4]`: reloads, half of them broken, under open streams and
 * steady requests. Prints what it saw; ends with 1 if a request failed, a stream was cut, or the process grew.
 */
import { conclude, numbersOf } from "../long_run.ts";
import { runStorm } from "./reload_storm.ts";

/** What a heap may breathe between two looks, and what connections may come and go during one. */
const ALLOWED = { rssMb: 100, handles: 10 };

const number = numbersOf({ reloads: 1_000, streams: 200, senders: 4 });
const options = { reloads: number("reloads"), streams: number("streams"), senders: number("senders") };
console.log(`${options.reloads} reloads under ${options.streams} streams and ${options.senders} senders`);
const { failures, ...seen } = await runStorm(options);
console.log(JSON.stringify(seen));
const { rssMb: [rss, rssLast], handles: [handles, handlesLast] } = seen.grown;
const growth = [
  ...(rssLast - rss > ALLOWED.rssMb ? [`memory grew from ${rss} to ${rssLast} MB`] : []),
  ...(handlesLast - handles > ALLOWED.handles ? [`handles grew from ${handles} to ${handlesLast}`] : []),
];
conclude([...failures, ...growth], "nothing failed, nothing was dropped, nothing grew");
