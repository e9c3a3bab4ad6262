import type { Log } from "../../lib/log.ts";
import type { Timers } from "../../lib/timers.ts";
import { checkMaterial, goodUntil, readMaterial, type TlsFiles, type TlsMaterial } from "./tls_files.ts";

/** How often the files are looked at: they are replaced some weeks before they have to be. */
const LOOK_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** From then on the log says every day that the certificate ends. */
const WARN_BEFORE_MS = 7 * DAY_MS;

export interface TlsWatch {
  readonly files: TlsFiles;
  /** What they held. */
  readonly first: TlsMaterial;
  /** Takes what they hold now. */
  readonly use: (material: TlsMaterial) => void;
}

export interface TlsWatchDeps {
  readonly timers: Timers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Takes up what the files hold when that has changed and can be used. They are read again and again: the events of a file
 * system tell nothing where it is mounted from elsewhere. Returns how to stop.
 */
export function watchTlsFiles({ files, first, use }: TlsWatch, { timers, now, log }: TlsWatchDeps): () => void {
  let current = first;
  let complaint: string | undefined;
  let warnedMs = -Infinity;
  const look = () => {
    try {
      const next = readMaterial(files);
      if (!isSame(next, current)) {
        checkMaterial(next, files);
        use(next);
        current = next;
        log.info("took up new TLS files", { cert_file: files.certFile, good_until: dateOf(next) });
      }
      complaint = undefined;
    } catch (error) {
      // Half of a pair may be written already: what was read before stays until both fit.
      const because = error instanceof Error ? error.message : String(error);
      if (because !== complaint) log.warn("TLS goes on with what was read before", { because });
      complaint = because;
    }
  };
  const warn = () => {
    const leftMs = goodUntil(current) - now();
    if (leftMs > WARN_BEFORE_MS || timers.now() - warnedMs < DAY_MS) return;
    warnedMs = timers.now();
    const message = leftMs > 0 ? "the TLS certificate ends soon" : "the TLS certificate has ended: peers refuse it";
    log.warn(message, { cert_file: files.certFile, good_until: dateOf(current) });
  };
  warn();
  return timers.every(LOOK_EVERY_MS, () => {
    look();
    warn();
  });
}

function isSame(one: TlsMaterial, other: TlsMaterial): boolean {
  return one.certificate.cert === other.certificate.cert && one.certificate.key === other.certificate.key &&
    one.clientAuthorities === other.clientAuthorities;
}

function dateOf(material: TlsMaterial): string {
  return new Date(goodUntil(material)).toISOString();
}
