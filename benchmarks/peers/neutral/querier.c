/* SPDX-License-Identifier: MIT
 *
 * querier - measures the questions that a DHT node (BEP 5) answers.
 *
 *   querier HOST PORT [--window N] [--addresses N] [--hashes N] [--warm S] [--seconds S] [--pid PID]
 *
 *   --window N      questions outstanding at a time (default 128)
 *   --addresses N   questions come from N addresses in turn, 127.64.0.1 and on (default 10000), each of another node
 *   --hashes N      peers are announced and looked up for N info hashes (default 500)
 *   --warm S        the first S seconds are not part of the reported figures (default 5)
 *   --seconds S     the length of the measured window (default 5)
 *   --pid PID       report the CPU seconds PID used over the same window
 *
 * Of ten questions one is ping, four are find_node of a random target, four get_peers of the hash of the address, and
 * one is announce_peer with the token of the last answer, or get_peers before there is one. A question without an answer
 * in half a second is lost. Questions of the node are answered, so that it takes the addresses for nodes. Prints one
 * JSON line.
 *
 * One thread, one socket. The source address of a packet is chosen with IP_PKTINFO: all of 127.0.0.0/8 is this host.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, PACKET = 2048, ID = 20, TOKEN = 64, MAX_WINDOW = 65536, MAX_ADDRESSES = 4000000, FIRST = 0x7f400001 };
enum { PING, FIND_NODE, GET_PEERS, ANNOUNCE, KINDS };

static const uint8_t MIX[10] = { PING, FIND_NODE, GET_PEERS, FIND_NODE, GET_PEERS,
                                 FIND_NODE, GET_PEERS, FIND_NODE, GET_PEERS, ANNOUNCE };
static const uint64_t LOST_NS = 500000000, SWEEP_NS = 100000000;

static struct { uint32_t window, addresses, hashes, pid; double warm, seconds; } opt =
    { 128, 10000, 500, 0, 5, 5 };

struct asked { uint64_t at; uint32_t address; uint16_t generation; uint8_t kind; };
struct asker { uint8_t token[TOKEN], length; };
struct counts { uint64_t answers, bytes, errors, lost, asked_us, kind[KINDS]; };

static struct asked *slots;
static struct asker *askers;
static struct counts now;
static struct sockaddr_in node;
static uint64_t next_address, next_question, chance = 1;
static int fd;

/* packets to send, and their headers */
union control { char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))]; struct cmsghdr align; };
static struct packets {
    uint8_t data[BATCH][PACKET];
    struct iovec iov[BATCH];
    struct mmsghdr msg[BATCH];
    union control control[BATCH];
    int n;
} in, out;

static void die(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fputs("querier: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    exit(1);
}

static uint64_t nanos(clockid_t clock) {
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (uint64_t) ts.tv_sec * 1000000000u + ts.tv_nsec;
}

static double pid_cpu(void) {
    clockid_t clock;
    if (!opt.pid) return 0;
    if (clock_getcpuclockid(opt.pid, &clock)) die("no process %u", opt.pid);
    return nanos(clock) / 1e9;
}

/* splitmix64 */
static uint64_t scramble(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static void put_id(uint8_t *to, uint64_t seed) {
    uint64_t words[3];
    for (int i = 0; i < 3; i++) words[i] = scramble(seed * 4 + i);
    memcpy(to, words, ID);
}

/* ---- sending ---- */

static void flush(void) {
    for (int sent = 0; sent < out.n; ) {
        int n = sendmmsg(fd, out.msg + sent, out.n - sent, 0);
        if (n < 0 && errno != EINTR && errno != ECONNREFUSED) die("sendmmsg: %s", strerror(errno));
        if (n > 0) sent += n;
    }
    out.n = 0;
}

static uint8_t *packet(void) {
    if (out.n == BATCH) flush();
    return out.data[out.n];
}

static void send_from(uint32_t address, uint8_t *end) {
    struct in_pktinfo *info = (void *) CMSG_DATA(CMSG_FIRSTHDR(&out.msg[out.n].msg_hdr));
    info->ipi_spec_dst.s_addr = htonl(FIRST + address);
    out.iov[out.n].iov_len = end - out.data[out.n];
    out.n++;
}

static uint8_t *text(uint8_t *to, const char *s) {
    size_t n = strlen(s);
    memcpy(to, s, n);
    return to + n;
}

static uint8_t *some_id(uint8_t *to, const char *key, uint64_t seed) {
    to = text(to, key);
    put_id(to, seed);
    return to + ID;
}

static void ask(uint32_t slot) {
    struct asked *q = slots + slot;
    q->address = next_address++ % opt.addresses;
    q->kind = MIX[next_question++ % sizeof MIX];
    q->generation++;
    q->at = nanos(CLOCK_MONOTONIC);
    struct asker *from = askers + q->address;
    if (q->kind == ANNOUNCE && !from->length) q->kind = GET_PEERS;
    uint64_t hash = (1ull << 40) + q->address % opt.hashes;
    uint8_t *p = some_id(packet(), "d1:ad2:id20:", q->address);
    if (q->kind == PING) {
        p = text(p, "e1:q4:ping");
    } else if (q->kind == FIND_NODE) {
        p = text(some_id(p, "6:target20:", (1ull << 50) + chance++), "e1:q9:find_node");
    } else if (q->kind == GET_PEERS) {
        p = text(some_id(p, "9:info_hash20:", hash), "e1:q9:get_peers");
    } else {
        char head[24];
        p = some_id(p, "9:info_hash20:", hash);
        snprintf(head, sizeof head, "4:porti6881e5:token%d:", from->length);
        p = text(p, head);
        memcpy(p, from->token, from->length);
        p = text(p + from->length, "e1:q13:announce_peer");
    }
    p = text(p, "1:t4:");
    *p++ = slot >> 8, *p++ = slot, *p++ = q->generation >> 8, *p++ = q->generation;
    send_from(q->address, text(p, "1:y1:qe"));
}

/* ---- bencode: a span of bytes, of which the text of a string is a part ---- */

struct span { const uint8_t *at, *end; };

static const uint8_t *string(const uint8_t *p, const uint8_t *end, struct span *of) {
    uint32_t n = 0;
    for (; p < end && *p >= '0' && *p <= '9' && n < PACKET; p++) n = n * 10 + (*p - '0');
    if (p >= end || *p++ != ':' || n > end - p) return NULL;
    *of = (struct span) { p, p + n };
    return p + n;
}

/* returns the end of the value, or NULL */
static const uint8_t *skip(const uint8_t *p, const uint8_t *end) {
    struct span s;
    int depth = 0;
    do {
        if (p >= end) return NULL;
        if (*p == 'd' || *p == 'l') depth++, p++;
        else if (*p == 'e') depth--, p++;
        else if (*p == 'i') { if (!(p = memchr(p, 'e', end - p))) return NULL; p++; }
        else if (!(p = string(p, end, &s))) return NULL;
    } while (depth > 0);
    return p;
}

/* returns the value of a key of one letter or more in a dictionary */
static struct span get(struct span dict, const char *key) {
    const uint8_t *p = dict.at;
    struct span name, none = { 0 };
    if (p >= dict.end || *p++ != 'd') return none;
    while (p < dict.end && *p != 'e') {
        const uint8_t *value = string(p, dict.end, &name), *after = value ? skip(value, dict.end) : NULL;
        if (!after) return none;
        if ((size_t) (name.end - name.at) == strlen(key) && !memcmp(name.at, key, strlen(key)))
            return (struct span) { value, after };
        p = after;
    }
    return none;
}

static struct span get_string(struct span dict, const char *key) {
    struct span value = get(dict, key), of;
    return value.at && string(value.at, value.end, &of) ? of : (struct span) { 0 };
}

/* ---- receiving ---- */

static void answer(struct span t, uint32_t address) {
    char head[16];
    size_t n = t.end - t.at;
    if (n > 32) return;
    uint8_t *p = text(some_id(packet(), "d1:rd2:id20:", address), "e1:t");
    snprintf(head, sizeof head, "%zu:", n);
    p = text(p, head);
    memcpy(p, t.at, n);
    send_from(address, text(p + n, "1:y1:re"));
}

static void received(const uint8_t *data, uint32_t n, uint32_t address) {
    struct span all = { data, data + n }, t = get_string(all, "t"), y = get_string(all, "y");
    if (!t.at || !y.at || y.end - y.at != 1) return;
    if (*y.at == 'q') {
        now.asked_us++;
        answer(t, address);
        return;
    }
    if (t.end - t.at != 4) return;
    uint32_t slot = t.at[0] << 8 | t.at[1];
    uint16_t generation = t.at[2] << 8 | t.at[3];
    if (slot >= opt.window || slots[slot].generation != generation || slots[slot].address != address) return;
    if (*y.at == 'e') {
        now.errors++;
    } else {
        struct span token = get_string(get(all, "r"), "token");
        size_t length = token.end - token.at;
        if (token.at && length <= TOKEN) {
            memcpy(askers[address].token, token.at, length);
            askers[address].length = length;
        }
        now.answers++;
        now.bytes += n;
        now.kind[slots[slot].kind]++;
    }
    ask(slot);
}

static uint32_t destination(struct msghdr *msg) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
            return ntohl(((struct in_pktinfo *) CMSG_DATA(c))->ipi_addr.s_addr) - FIRST;
    return UINT32_MAX;
}

static void receive(void) {
    for (int i = 0; i < BATCH; i++) {
        in.iov[i] = (struct iovec) { in.data[i], PACKET };
        in.msg[i].msg_hdr = (struct msghdr) { .msg_iov = in.iov + i, .msg_iovlen = 1,
                                              .msg_control = &in.control[i], .msg_controllen = sizeof in.control[i] };
    }
    int n = recvmmsg(fd, in.msg, BATCH, MSG_DONTWAIT, NULL);
    if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED) die("recvmmsg: %s", strerror(errno));
    for (int i = 0; i < n; i++) {
        uint32_t address = destination(&in.msg[i].msg_hdr);
        if (address < opt.addresses) received(in.data[i], in.msg[i].msg_len, address);
    }
}

static void sweep(uint64_t t) {
    for (uint32_t i = 0; i < opt.window; i++)
        if (t - slots[i].at > LOST_NS) {
            now.lost++;
            ask(i);
        }
}

static void run(double seconds) {
    uint64_t end = nanos(CLOCK_MONOTONIC) + seconds * 1e9, swept = 0;
    for (uint64_t t; (t = nanos(CLOCK_MONOTONIC)) < end; ) {
        if (t - swept > SWEEP_NS) {
            sweep(t);
            swept = t;
        }
        flush();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (poll(&p, 1, 50) > 0) receive();
    }
    flush();
}

static void open_socket(void) {
    struct sockaddr_in any = { .sin_family = AF_INET };
    int one = 1, size = 4 << 20;
    if ((fd = socket(AF_INET, SOCK_DGRAM, 0)) < 0) die("socket: %s", strerror(errno));
    if (bind(fd, (void *) &any, sizeof any)) die("bind: %s", strerror(errno));
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    for (int i = 0; i < BATCH; i++) {
        struct msghdr *m = &out.msg[i].msg_hdr;
        out.iov[i].iov_base = out.data[i];
        *m = (struct msghdr) { .msg_name = &node, .msg_namelen = sizeof node, .msg_iov = out.iov + i, .msg_iovlen = 1,
                               .msg_control = &out.control[i], .msg_controllen = sizeof out.control[i] };
        struct cmsghdr *c = CMSG_FIRSTHDR(m);
        *c = (struct cmsghdr) { .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO,
                                .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)) };
    }
}

static int usage(void) {
    fputs("usage: querier HOST PORT [--window N] [--addresses N] [--hashes N] [--warm S] [--seconds S] [--pid PID]\n",
          stderr);
    return 2;
}

int main(int argc, char **argv) {
    node.sin_family = AF_INET;
    if (argc < 3 || argc % 2 == 0 || inet_pton(AF_INET, argv[1], &node.sin_addr) != 1) return usage();
    node.sin_port = htons(atoi(argv[2]));
    for (int i = 3; i < argc; i += 2) {
        const char *a = argv[i], *v = argv[i + 1];
        if (!strcmp(a, "--window")) opt.window = atoi(v);
        else if (!strcmp(a, "--addresses")) opt.addresses = atoi(v);
        else if (!strcmp(a, "--hashes")) opt.hashes = atoi(v);
        else if (!strcmp(a, "--warm")) opt.warm = atof(v);
        else if (!strcmp(a, "--seconds")) opt.seconds = atof(v);
        else if (!strcmp(a, "--pid")) opt.pid = atoi(v);
        else return usage();
    }
    if (!opt.window || opt.window > MAX_WINDOW || !opt.hashes) return usage();
    if (!opt.addresses || opt.addresses > MAX_ADDRESSES) return usage();
    slots = calloc(opt.window, sizeof *slots);
    askers = calloc(opt.addresses, sizeof *askers);
    if (!slots || !askers) die("out of memory");
    open_socket();
    for (uint32_t i = 0; i < opt.window; i++) ask(i);
    run(opt.warm);
    struct counts before = now;
    uint64_t t = nanos(CLOCK_MONOTONIC);
    double cpu = pid_cpu(), own = nanos(CLOCK_PROCESS_CPUTIME_ID) / 1e9;
    run(opt.seconds);
    double s = (nanos(CLOCK_MONOTONIC) - t) / 1e9, answers = now.answers - before.answers;
    cpu = pid_cpu() - cpu;
    own = nanos(CLOCK_PROCESS_CPUTIME_ID) / 1e9 - own;
    if (!answers) die("no answers from %s:%s", argv[1], argv[2]);
    printf("{\"seconds\":%.4f,\"answers\":%.0f,\"perSecond\":%.1f,\"perCpuSecond\":%.1f,\"bytesPerAnswer\":%.1f,"
           "\"announced\":%.0f,\"errors\":%.0f,\"lost\":%.0f,\"asked\":%.0f,\"pidCores\":%.3f,\"ownCores\":%.3f}\n",
           s, answers, answers / s, opt.pid ? answers / cpu : 0, (now.bytes - before.bytes) / answers,
           (double) (now.kind[ANNOUNCE] - before.kind[ANNOUNCE]), (double) (now.errors - before.errors),
           (double) (now.lost - before.lost), (double) (now.asked_us - before.asked_us), cpu / s, own / s);
    return 0;
}
