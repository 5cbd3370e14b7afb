/* SPDX-License-Identifier: MIT
 *
 * neutral - a neutral load generator for the BitTorrent peer wire protocol
 *           (BEP 3, with the BEP 6 "fast" and BEP 10 "extension" bits on request).
 *
 *   neutral leech HOST PORT INFOHASH PIECE_LEN NUM_PIECES TOTAL_BYTES DEPTH [CONNS] [flags]
 *   neutral seed  PORT INFOHASH PIECE_LEN NUM_PIECES [flags]
 *   neutral idle  HOST PORT INFOHASH NUM_PIECES CONNS [flags]
 *
 *   --fast, --ext   set the bit in our handshake; used only if the peer sets it too
 *   --verify        leech: compare every payload byte with the pattern below
 *   --warm BYTES    the first BYTES of payload are not part of the reported figures
 *   --pid PID       report the CPU seconds PID used over the same window
 *   --src N         use N addresses, 127.0.0.1 ... 127.0.0.N: leech and idle connect from
 *                   each in turn, seed listens on all of them
 *   --hold S        idle: exit after S seconds (default: until killed)
 *   --stall S       give up when nothing was received for S seconds (default 20)
 *
 * Payload: the byte at absolute torrent offset o (piece * PIECE_LEN + begin) is
 *     (uint8_t) ((o * 2654435761) >> 13)          in unsigned 64-bit arithmetic.
 * Only bits 13..20 of the product are used, so the pattern repeats every 2 MiB.
 *
 * Every piece has PIECE_LEN bytes, which must be a multiple of 16384.  One thread, one
 * epoll set, level triggered.  Leech and idle print one JSON line and exit (status 0);
 * seed prints "ready INFOHASH" once it listens, and one JSON line each time its last connection
 * goes away and it has sent a block.  Status 1: failed.
 */
#define _GNU_SOURCE
#include "neutral.h"
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>

enum { LISTENER = 1,        /* tells a listener's epoll data from an (aligned) connection */
       SAMPLE = 1 << 25, OPENING_MAX = 128, EVENTS = 256 };

struct options opt = { .conns = 1, .sources = 1, .stall = 20 };
struct totals all;
int ep;
uint8_t *pattern;

static uint32_t *lat;
static uint64_t lat_n;

/* the measured window: from the first request, or from the end of the warm-up */
static struct { uint64_t t0, t1, bytes0, bytes1; double cpu0, pid0, cpu1, pid1; int started, warmed; } win;

void die(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fputs("neutral: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    exit(1);
}

uint64_t nanos(clockid_t clock) {
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (uint64_t) ts.tv_sec * 1000000000u + ts.tv_nsec;
}

static double own_cpu(void) { return nanos(CLOCK_PROCESS_CPUTIME_ID) / 1e9; }

static double pid_cpu(void) {
    clockid_t clock;
    return opt.pid && !clock_getcpuclockid(opt.pid, &clock) ? nanos(clock) / 1e9 : 0;
}

static void make_pattern(void) {
    pattern = malloc(PERIOD + READ_SIZE);
    for (uint64_t o = 0; o < PERIOD + READ_SIZE; o++)
        pattern[o] = (uint8_t) ((o * 2654435761u) >> 13);
}

/* ---- the measured window ---- */

void window_open(uint64_t bytes) {
    win.t0 = nanos(CLOCK_MONOTONIC);
    win.bytes0 = bytes;
    win.cpu0 = own_cpu();
    win.pid0 = pid_cpu();
    win.started = 1;
    lat_n = 0;
}

static void window_close(uint64_t bytes) {
    win.t1 = nanos(CLOCK_MONOTONIC);
    win.bytes1 = bytes;
    win.cpu1 = own_cpu();
    win.pid1 = pid_cpu();
}

void window_progress(uint64_t bytes) {
    if (!win.warmed && opt.warm && bytes >= opt.warm) {
        win.warmed = 1;
        window_open(bytes);
    }
    if (opt.mode == SEED && bytes >= win.bytes1 + SAMPLE) window_close(bytes);
}

int window_is_open(void) { return win.started; }

void window_latency(uint64_t ns) { lat[lat_n++] = ns > UINT32_MAX ? UINT32_MAX : ns; }

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return x < y ? -1 : x > y;
}

static void report(void) {
    double s = (win.t1 - win.t0) / 1e9, n = win.bytes1 - win.bytes0, gib = n / (1 << 30);
    printf("{\"mode\":\"%s\",\"conns\":%u,\"depth\":%u,\"seconds\":%.4f,\"bytes\":%.0f,\"MiBps\":%.1f,"
           "\"blocks\":%.0f,\"cpu_s\":%.3f,\"cpu_s_per_GiB\":%.4f",
           opt.mode == SEED ? "seed" : "leech", opt.mode == SEED ? all.opened : opt.conns, opt.depth,
           s, n, n / s / (1 << 20), n / BLOCK, win.cpu1 - win.cpu0, (win.cpu1 - win.cpu0) / gib);
    if (opt.pid)
        printf(",\"pid_cpu_s\":%.3f,\"pid_cpu_s_per_GiB\":%.4f", win.pid1 - win.pid0, (win.pid1 - win.pid0) / gib);
    if (lat_n) {
        qsort(lat, lat_n, sizeof *lat, by_value);
        printf(",\"lat_us\":{\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}", lat[lat_n / 2] / 1e3,
               lat[(uint64_t) (lat_n * .99)] / 1e3, lat[(uint64_t) (lat_n * .999)] / 1e3, lat[lat_n - 1] / 1e3);
    }
    printf(",\"verified\":%s}\n", opt.verify ? "true" : "false");
    fflush(stdout);
}

void window_end(void) {
    if (win.bytes1 > win.bytes0) report();
    memset(&win, 0, sizeof win);
    all.written = all.opened = 0;
}

static void run(void) {
    struct epoll_event ev[EVENTS];
    uint64_t begun = nanos(CLOCK_MONOTONIC), ready = 0;
    all.last_rx = begun;
    for (;;) {
        while (opt.mode != SEED && all.opened < opt.conns && all.opened - all.shaken < OPENING_MAX) connect_one();
        int n = epoll_wait(ep, ev, EVENTS, 1000);
        if (n < 0 && errno != EINTR) die("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < n; i++)
            if (ev[i].data.u64 & LISTENER) on_accept(ev[i].data.u64 >> 1);
            else on_event(ev[i].data.ptr, ev[i].events);
        if (opt.mode == SEED) continue;
        all.now_ns = nanos(CLOCK_MONOTONIC);
        if (opt.mode == LEECH && all.received >= opt.total) {
            window_close(all.received);
            report();
            return;
        }
        if (opt.mode == IDLE && !ready && all.shaken == opt.conns) {
            printf("{\"mode\":\"idle\",\"conns\":%u,\"seconds\":%.3f}\n", all.shaken, (all.now_ns - begun) / 1e9);
            fflush(stdout);
            ready = all.now_ns;
        }
        if (ready ? opt.hold && all.now_ns - ready > opt.hold * 1000000000ull : 0) return;
        if (!ready && all.now_ns - all.last_rx > opt.stall * 1000000000ull)
            die("stalled: %u connections shaken, %" PRIu64 " bytes received", all.shaken, all.received);
    }
}

static void listen_on(uint32_t address, int port) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = (uint64_t) fd << 1 | LISTENER };
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (void *) &a, sizeof a) || listen(fd, 4096)) die("listen: %s", strerror(errno));
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e)) die("epoll_ctl: %s", strerror(errno));
}

static int usage(void) {
    fputs("usage: neutral leech HOST PORT INFOHASH PIECE_LEN NUM_PIECES TOTAL_BYTES DEPTH [CONNS] [flags]\n"
          "       neutral seed PORT INFOHASH PIECE_LEN NUM_PIECES [flags]\n"
          "       neutral idle HOST PORT INFOHASH NUM_PIECES CONNS [flags]\n"
          "flags: --fast --ext --verify --warm BYTES --pid PID --src N --hold S --stall S\n", stderr);
    return 2;
}

int main(int argc, char **argv) {
    char *arg[10] = { 0 };
    int n = 0, i = 2;
    if (argc < 2) return usage();
    for (; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(a, "--fast")) opt.fast = 1;
        else if (!strcmp(a, "--ext")) opt.ext = 1;
        else if (!strcmp(a, "--verify")) opt.verify = 1;
        else if (!strcmp(a, "--warm")) opt.warm = strtoull(v, NULL, 0), i++;
        else if (!strcmp(a, "--pid")) opt.pid = atoi(v), i++;
        else if (!strcmp(a, "--src")) opt.sources = atoi(v), i++;
        else if (!strcmp(a, "--hold")) opt.hold = atoi(v), i++;
        else if (!strcmp(a, "--stall")) opt.stall = atoi(v), i++;
        else if (*a == '-' || n == 8) return usage();
        else arg[n++] = argv[i];
    }
    if (!strcmp(argv[1], "leech") && n >= 7) opt.mode = LEECH;
    else if (!strcmp(argv[1], "seed") && n == 4) opt.mode = SEED;
    else if (!strcmp(argv[1], "idle") && n == 5) opt.mode = IDLE;
    else return usage();

    char **a = arg;
    opt.addr.sin_family = AF_INET;
    if (opt.mode != SEED && inet_pton(AF_INET, *a++, &opt.addr.sin_addr) != 1) die("HOST must be an IPv4 address");
    int port = atoi(*a++);
    opt.addr.sin_port = htons(port);
    char *hash = *a++;
    if (strlen(hash) != 40) die("INFOHASH must be 40 hex digits");
    for (i = 0; i < 20; i++) sscanf(hash + 2 * i, "%2hhx", &opt.info_hash[i]);
    if (opt.mode != IDLE) opt.piece_len = strtoul(*a++, NULL, 0);
    opt.num_pieces = strtoul(*a++, NULL, 0);
    if (opt.mode == LEECH) opt.total = strtoull(*a++, NULL, 0) / BLOCK * BLOCK, opt.depth = strtoul(*a++, NULL, 0);
    if (opt.mode != SEED && *a) opt.conns = strtoul(*a++, NULL, 0);
    if (opt.piece_len % BLOCK || !opt.num_pieces || !opt.conns || !opt.sources
        || (opt.mode == LEECH && (!opt.total || !opt.depth || !opt.piece_len || opt.warm >= opt.total))) return usage();

    struct rlimit files = { opt.conns + 65536, opt.conns + 65536 };
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    make_pattern();
    if (opt.mode == LEECH && !(lat = malloc((opt.total / BLOCK + 1) * sizeof *lat))) die("out of memory");
    if ((ep = epoll_create1(0)) < 0) die("epoll_create1: %s", strerror(errno));
    for (uint32_t k = 0; opt.mode == SEED && k < opt.sources; k++) listen_on(INADDR_LOOPBACK + k, port);
    if (opt.mode == SEED) {
        printf("ready %s\n", hash);
        fflush(stdout);
    }
    run();
    return 0;
}
