import assert from "node:assert/strict";
import { type Log, type LogFields, SILENT } from "../../../src/lib/log.ts";
import { SettingError } from "../../../src/lib/setting_error.ts";
import { goodUntil, readTlsFiles, type TlsMaterial } from "../../../src/server/door/tls_files.ts";
import { watchTlsFiles } from "../../../src/server/door/watch_tls_files.ts";
import { CA, CERTIFICATE, KEY } from "../certificate.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { FIRST, SECOND } from "./certificates.ts";

async function inFolder(act: (folder: Folder) => Promise<void> | void): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    const files = { certFile: `${path}/cert.pem`, keyFile: `${path}/key.pem` };
    await act({
      path,
      files,
      write: ({ cert, key }) => {
        Deno.writeTextFileSync(files.certFile, cert);
        Deno.writeTextFileSync(files.keyFile, key);
      },
    });
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

interface Folder {
  readonly path: string;
  readonly files: { readonly certFile: string; readonly keyFile: string };
  write(pair: { readonly cert: string; readonly key: string }): void;
}

const BAD_BASE64 = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
const ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
const OLD_ENCRYPTED =
  "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";

/** [what is wrong, the pair, what is said] */
const BAD: readonly [what: string, pair: { cert: string; key: string }, told: RegExp][] = [
  ["an empty certificate", { ...FIRST, cert: "" }, /cert_file ".*cert\.pem": it holds no certificate in PEM/],
  ["a key for a certificate", { ...FIRST, cert: FIRST.key }, /cert_file .* it holds no certificate in PEM/],
  ["a certificate in DER", { ...FIRST, cert: "0\x82\x01\x8f0" }, /cert_file .* it holds no certificate in PEM/],
  ["a certificate that is garbage", { ...FIRST, cert: BAD_BASE64 }, /cert_file .*: its certificate cannot be read/],
  ["a certificate for a key", { ...FIRST, key: FIRST.cert }, /key_file ".*key\.pem": it holds no private key in PEM/],
  ["a key with a passphrase", { ...FIRST, key: ENCRYPTED }, /key_file .* its key is encrypted; .*openssl pkey/],
  ["an older key with a passphrase", { ...FIRST, key: OLD_ENCRYPTED }, /key_file .* its key is encrypted/],
  [
    "a key that is garbage",
    { ...FIRST, key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" },
    /key_file .* its private key cannot be read/,
  ],
  [
    "a key of another certificate",
    { cert: FIRST.cert, key: SECOND.key },
    /key_file .*: its key does not belong to the certificate in ".*cert\.pem"$/,
  ],
  ["a chain in the wrong order", { cert: CA + "\n" + CERTIFICATE, key: KEY }, /its key does not belong/],
];
for (const [what, pair, told] of BAD) {
  Deno.test(`readTlsFiles() refuses ${what}, and never tells the key`, async () => {
    await inFolder(({ files, write }) => {
      write(pair);
      assert.throws(() => readTlsFiles(files), (thrown) => {
        assert.ok(thrown instanceof SettingError);
        assert.match(thrown.message, told);
        assert.ok(!thrown.message.includes(FIRST.key.split("\n")[1] ?? ""), thrown.message);
        return true;
      });
    });
  });
}

Deno.test("readTlsFiles() takes a pair, a chain, and authorities of clients", async () => {
  await inFolder(({ path, files, write }) => {
    write(FIRST);
    assert.deepEqual(readTlsFiles(files), { certificate: FIRST, clientAuthorities: undefined });
    const chain = { cert: `${CERTIFICATE}\n${CA}\n`, key: KEY };
    write(chain);
    Deno.writeTextFileSync(`${path}/ca.pem`, CA);
    const material = readTlsFiles({ ...files, clientCaFile: `${path}/ca.pem` });
    assert.deepEqual(material, { certificate: chain, clientAuthorities: CA });
    assert.equal(new Date(goodUntil(material)).getUTCFullYear(), 2036);
  });
});

Deno.test("readTlsFiles() says which file is not there, may not be read, or holds no authority", async () => {
  await inFolder(({ path, files, write }) => {
    assert.throws(() => readTlsFiles(files), /server\.tls\.cert_file ".*cert\.pem": there is no such file/);
    Deno.writeTextFileSync(files.certFile, FIRST.cert);
    assert.throws(() => readTlsFiles(files), /server\.tls\.key_file ".*key\.pem": there is no such file/);
    write(FIRST);
    assert.throws(() => readTlsFiles({ ...files, keyFile: path }), /server\.tls\.key_file .* it cannot be read/);
    const clientCaFile = files.keyFile;
    assert.throws(
      () => readTlsFiles({ ...files, clientCaFile }),
      /server\.tls\.client_ca_file .* no certificate in PEM/,
    );
  });
});

function watched({ files }: Folder, nowMs = 0) {
  const timers = manualTimers();
  const told: [string, LogFields][] = [];
  const used: TlsMaterial[] = [];
  const tell = (message: string, fields: LogFields = {}) => void told.push([message, fields]);
  const log: Log = { ...SILENT, info: tell, warn: tell };
  const first = readTlsFiles(files);
  const stop = watchTlsFiles({ files, first, use: (material) => void used.push(material) }, {
    timers,
    now: () => nowMs + timers.now(),
    log,
  });
  return { timers, told, used, stop };
}

Deno.test("watchTlsFiles() takes up a new pair when both of its files are there", async () => {
  await inFolder((folder) => {
    folder.write(FIRST);
    const { timers, told, used, stop } = watched(folder);
    timers.advance(120_000);
    assert.deepEqual([used, told], [[], []]);
    Deno.writeTextFileSync(folder.files.certFile, SECOND.cert);
    timers.advance(120_000);
    assert.deepEqual(used, []);
    assert.equal(told.length, 1, "half a pair is told once");
    assert.match(String(told[0]?.[1].because), /does not belong/);
    Deno.writeTextFileSync(folder.files.keyFile, SECOND.key);
    timers.advance(30_000);
    assert.deepEqual(used, [{ certificate: SECOND, clientAuthorities: undefined }]);
    assert.match(String(told[1]?.[1].good_until), /^2126-/);
    stop();
    assert.equal(timers.running(), 0);
  });
});

Deno.test("watchTlsFiles() lives through files that are gone for a while", async () => {
  await inFolder((folder) => {
    folder.write(FIRST);
    const { timers, told, used } = watched(folder);
    Deno.removeSync(folder.files.certFile);
    timers.advance(90_000);
    folder.write(FIRST);
    timers.advance(30_000);
    assert.deepEqual([used.length, told.length], [0, 1]);
    Deno.removeSync(folder.files.certFile);
    timers.advance(30_000);
    assert.equal(told.length, 2, "a second time is told again");
  });
});

Deno.test("watchTlsFiles() says each day of its last week, and afterwards, that the certificate ends", async () => {
  await inFolder((folder) => {
    folder.write(FIRST);
    const dayMs = 86_400_000;
    const endMs = goodUntil(readTlsFiles(folder.files));
    const { timers, told } = watched(folder, endMs - 8 * dayMs);
    assert.equal(told.length, 0);
    timers.advance(dayMs + 60_000);
    assert.deepEqual(told.map(([message]) => message), ["the TLS certificate ends soon"]);
    timers.advance(dayMs);
    assert.equal(told.length, 2);
    timers.advance(7 * dayMs);
    assert.match(told.at(-1)?.[0] ?? "", /has ended/);
  });
});
