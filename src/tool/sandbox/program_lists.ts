const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What is not run where neither `allowed_commands` nor `denied_commands` says anything. */
export const DENIED_COMMANDS: readonly string[] = words(`
  rm rmdir shred unlink dd mkfs mkfs.ext4 mkfs.xfs mkswap fdisk sfdisk parted wipefs mount umount swapon swapoff losetup
  sudo su doas pkexec chmod chown chgrp chattr setfacl kill killall pkill skill reboot shutdown halt poweroff init telinit
  systemctl service passwd chpasswd useradd userdel usermod groupadd groupdel visudo vipw crontab at iptables nft ip
  ifconfig route insmod rmmod modprobe sysctl eval
`);

/** They run what their arguments or their input say in ways that nobody can judge, so each has to be listed by name. */
export const UNJUDGED: ReadonlySet<string> = new Set(words(`
  sh bash dash ash zsh ksh mksh fish csh tcsh rbash pwsh elvish nu xonsh
  sudo su doas pkexec runuser setpriv capsh chroot unshare nsenter bwrap firejail nsjail systemd-run machinectl
  at batch crontab ssh scp sftp rsh rlogin telnet mosh autossh script expect unbuffer parallel sem screen tmux dtach
  gdb lldb strace ltrace perf valgrind rr entr watch run-parts start-stop-daemon daemonize dbus-run-session dbus-launch
  docker podman nerdctl ctr runc crun kubectl lxc lxc-attach qemu taskset chrt numactl cgexec prlimit setarch linux32
  linux64 i386 x86_64 uname26 faketime fakeroot proot ld.so flock ed ex vi vim nvim view emacs nano pico less more most
  man info mail mailx socat nc ncat netcat nmap openvpn ip tcpdump inotifywait osascript open xdg-open wine gosu
  su-exec tini dumb-init catchsegv newgrp sg login cmd cmd.exe powershell powershell.exe wsl
`));

/** Variables that a command line may set; each only changes how output looks or which mode a program works in. */
export const HARMLESS_VARIABLES: ReadonlySet<string> = new Set(words(`
  LANG LANGUAGE LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_NUMERIC LC_TIME TZ TERM COLUMNS LINES
  NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE CI NODE_ENV DENO_ENV RAILS_ENV RACK_ENV APP_ENV FLASK_ENV DJANGO_DEBUG
  RUST_LOG RUST_BACKTRACE DEBUG VERBOSE CARGO_TERM_COLOR GOOS GOARCH GOARM CGO_ENABLED
  PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHASHSEED PYTEST_DISABLE_PLUGIN_AUTOLOAD
`));

export interface RefusedOptions {
  /** Without their dashes; a shorter spelling that could mean one of them is refused with it. */
  readonly long?: readonly string[];
  /** Letters, refused anywhere in a cluster. */
  readonly short?: string;
  /** Beginnings of arguments, for programs with a grammar of their own. */
  readonly starts?: readonly string[];
  /** What they can make a program do. */
  readonly does?: string;
}

const row = (programs: string, options: RefusedOptions) =>
  words(programs).map((name): readonly [string, RefusedOptions] => [name, options]);

/** Options by which a program that does something else runs another program. */
export const REFUSED_OPTIONS: ReadonlyMap<string, RefusedOptions> = new Map([
  ...row("tar gtar bsdtar", {
    long: [
      "to-command",
      "use-compress-program",
      "checkpoint-action",
      "rsh-command",
      "rmt-command",
      "info-script",
      "new-volume-script",
    ],
    short: "IF",
  }),
  ...row("sort gsort", { long: ["compress-program"] }),
  ...row("split gsplit", { long: ["filter"] }),
  ...row("sdiff diff3", { long: ["diff-program"] }),
  ...row("install ginstall", { long: ["strip-program"] }),
  ...row("rsync", { long: ["rsh", "rsync-path", "daemon", "config"], short: "eM" }),
  ...row("zip", { long: ["test", "unzip-command"], short: "T" }),
  ...row("rg", { long: ["pre", "hostname-bin"] }),
  ...row("fd fdfind", { long: ["exec", "exec-batch"], short: "xX" }),
  ...row("ag ack bat batcat delta", { long: ["pager", "ackrc"], starts: ["--env"] }),
  ...row("wget", { long: ["use-askpass", "execute", "config"], short: "e" }),
  ...row("curl", { long: ["config"], short: "K" }),
  ...row("gcc g++ cc c++ clang clang++ cpp", {
    starts: [
      "-wrapper",
      "-B",
      "-specs",
      "--specs",
      "-fplugin",
      "-Xclang",
      "-load",
      "@",
      "-fuse-ld",
      "--config",
      "-ld-path",
    ],
  }),
  ...row("ld gold lld ld.lld", { starts: ["-plugin", "--plugin", "@", "-dynamic-linker", "--dynamic-linker"] }),
  ...row("cpio", { long: ["rsh-command"] }),
  ...row("openssl", { starts: ["-engine", "-provider", "-config"] }),
  ...row("sqlite3 sqlite", { long: ["init", "cmd"], starts: ["-cmd", "-init", "."] }),
]);

const follow = (options: RefusedOptions): RefusedOptions => ({
  ...options,
  does: "follow links or lists to other files",
});

/**
 * Options by which a program opens files that no argument names: those behind links that it meets on its way, and those
 * that a list names. Only a kernel sandbox holds these.
 */
export const FOLLOWING_OPTIONS: ReadonlyMap<string, RefusedOptions> = new Map([
  ...row("grep egrep fgrep ggrep", follow({ long: ["dereference-recursive"], short: "R" })),
  ...row("find gfind", follow({ starts: ["-L", "-H", "-follow", "-xtype"] })),
  ...row("cp gcp", follow({ long: ["dereference"], short: "LH" })),
  ...row("diff", follow({ long: ["recursive"], short: "r" })),
  ...row("tar gtar bsdtar", follow({ long: ["dereference", "files-from"], short: "hT" })),
  ...row("zip", follow({ long: ["recurse-paths", "recurse-patterns", "names-stdin"], short: "rR@" })),
  ...row("rsync", follow({ long: ["copy-links", "copy-unsafe-links", "copy-dirlinks", "files-from"], short: "Lk" })),
  ...row("rg fd fdfind ag", follow({ long: ["follow"], short: "Lf" })),
  ...row("ls du tree", follow({ long: ["dereference", "files0-from"], short: "LH" })),
  ...row("wc sort", follow({ long: ["files0-from"] })),
  ...row("ln gln", follow({ starts: ["..", "./.."] })),
  ...row("cpio pax", follow({ starts: ["-"] })),
  ...row("chmod chown chgrp", follow({ short: "LH" })),
]);
