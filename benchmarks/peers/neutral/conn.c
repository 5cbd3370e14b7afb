/* SPDX-License-Identifier: MIT */
/* One connection: the protocol of a leech, of a seed and of one that only shakes hands. */
#include "neutral.h"
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/uio.h>

enum { MAX_BLOCK = 131072, MAX_MESSAGE = 1 << 20, BATCH_OUT = 64, SHAKE = 68 };

enum { CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE, BITFIELD, REQUEST, PIECE, CANCEL,
       HAVE_ALL = 14, HAVE_NONE, REJECT, EXTENDED = 20 };

struct req { uint32_t index, begin, len; uint64_t sent_at; };

struct conn {
    int fd;
    uint8_t shaken, unchoked, fast, ext, polling_out;
    uint8_t head[SHAKE];            /* handshake or message head being assembled */
    uint32_t have;                  /* bytes of it so far */
    uint32_t body;                  /* bytes of the current message still to come */
    uint64_t offset;                /* torrent offset of the next payload byte */
    struct req block;               /* the piece message being received */
    uint8_t in_piece;
    uint8_t *out;                   /* control bytes to send */
    uint32_t out_len, out_off, out_cap;
    struct req *q;                  /* ring; leech: outstanding, seed: to be answered */
    uint32_t q_head, q_len, q_cap;
    uint32_t head_sent;             /* seed: bytes of the oldest answer already written */
    uint32_t next_piece, next_begin;
};

static uint8_t read_buf[READ_SIZE];

static uint32_t be32(const uint8_t *p) {
    return (uint32_t) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v) { v = htonl(v); memcpy(p, &v, 4); }

/* ---- connections ---- */

static void poll_set(struct conn *c, int op, int out) {
    struct epoll_event e = { .events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = c };
    if (epoll_ctl(ep, op, c->fd, &e)) die("epoll_ctl: %s", strerror(errno));
    c->polling_out = out;
}

static void drop(struct conn *c, const char *why) {
    if (opt.mode != SEED) die("connection lost: %s", why);
    if (strcmp(why, "end of stream") && strcmp(why, strerror(ECONNRESET)) && strcmp(why, strerror(EPIPE)))
        fprintf(stderr, "neutral: dropped a peer: %s\n", why);
    close(c->fd);
    free(c->out);
    free(c->q);
    free(c);
    if (--all.alive == 0) window_end();
}

static void put(struct conn *c, const void *bytes, uint32_t n) {
    if (c->out_off == c->out_len) c->out_off = c->out_len = 0;
    if (c->out_len + n > c->out_cap) {
        c->out_cap = (c->out_len + n) * 2;
        if (!(c->out = realloc(c->out, c->out_cap))) die("out of memory");
    }
    memcpy(c->out + c->out_len, bytes, n);
    c->out_len += n;
}

static void put_message(struct conn *c, int id, const uint32_t *ints, int n) {
    uint8_t m[17] = { 0 };
    put32(m, 1 + 4 * n);
    m[4] = id;
    for (int i = 0; i < n; i++) put32(m + 5 + 4 * i, ints[i]);
    put(c, m, 5 + 4 * n);
}

static void put_handshake(struct conn *c) {
    uint8_t h[SHAKE] = "\x13" "BitTorrent protocol";
    if (opt.ext) h[25] |= 0x10;
    if (opt.fast) h[27] |= 0x04;
    memcpy(h + 28, opt.info_hash, 20);
    snprintf((char *) h + 48, 21, "-NL0001-%c%011u", opt.mode == SEED ? 'S' : 'L', all.opened);
    put(c, h, SHAKE);
}

static struct conn *conn_new(int fd) {
    struct conn *c = calloc(1, sizeof *c);
    int one = 1;
    if (!c) die("out of memory");
    c->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    poll_set(c, EPOLL_CTL_ADD, 0);
    all.opened++;
    all.alive++;
    return c;
}

static void q_push(struct conn *c, struct req r) {
    if (c->q_len == c->q_cap) {
        uint32_t cap = c->q_cap ? c->q_cap * 2 : 16;
        struct req *q = malloc(cap * sizeof *q);
        if (!q) die("out of memory");
        for (uint32_t i = 0; i < c->q_len; i++) q[i] = c->q[(c->q_head + i) % c->q_cap];
        free(c->q);
        c->q = q, c->q_cap = cap, c->q_head = 0;
    }
    c->q[(c->q_head + c->q_len++) % c->q_cap] = r;
}

/* takes the outstanding request that (index, begin) answers; it is nearly always the oldest */
static int q_take(struct conn *c, uint32_t index, uint32_t begin, struct req *out) {
    for (uint32_t i = 0; i < c->q_len; i++) {
        struct req *r = &c->q[(c->q_head + i) % c->q_cap];
        if (r->index != index || r->begin != begin) continue;
        *out = *r;
        for (; i > 0; i--) c->q[(c->q_head + i) % c->q_cap] = c->q[(c->q_head + i - 1) % c->q_cap];
        c->q_head = (c->q_head + 1) % c->q_cap;
        c->q_len--;
        return 1;
    }
    return 0;
}

/* ---- sending ---- */

static ssize_t send_answers(struct conn *c, uint32_t limit) {
    struct iovec iov[2 * BATCH_OUT];
    uint8_t heads[BATCH_OUT][13];
    uint32_t skip = c->head_sent, n = c->q_len < limit ? c->q_len : limit;
    int k = 0;
    for (uint32_t i = 0; i < n; i++, skip = 0) {
        struct req *r = &c->q[(c->q_head + i) % c->q_cap];
        uint32_t body = skip > 13 ? skip - 13 : 0;
        put32(heads[i], 9 + r->len);
        heads[i][4] = PIECE;
        put32(heads[i] + 5, r->index);
        put32(heads[i] + 9, r->begin);
        if (skip < 13) iov[k++] = (struct iovec) { heads[i] + skip, 13 - skip };
        uint64_t o = (uint64_t) r->index * opt.piece_len + r->begin + body;
        iov[k++] = (struct iovec) { pattern + o % PERIOD, r->len - body };
    }
    struct msghdr m = { .msg_iov = iov, .msg_iovlen = k };
    ssize_t w = sendmsg(c->fd, &m, MSG_NOSIGNAL);
    if (w < 0) return -1;
    for (uint64_t left = w + c->head_sent; c->q_len; ) {
        uint32_t size = 13 + c->q[c->q_head].len;
        if (left < size) { c->head_sent = left; break; }
        left -= size;
        all.written += c->q[c->q_head].len;
        c->q_head = (c->q_head + 1) % c->q_cap;
        c->q_len--;
        c->head_sent = 0;
    }
    window_progress(all.written);
    return w;
}

static void flush(struct conn *c) {
    for (;;) {
        ssize_t w;
        if (c->out_off < c->out_len && !c->head_sent) {     /* never inside an answer */
            w = send(c->fd, c->out + c->out_off, c->out_len - c->out_off, MSG_NOSIGNAL);
            if (w > 0) c->out_off += w;
        } else if (opt.mode == SEED && c->q_len) {
            w = send_answers(c, c->out_off < c->out_len ? 1 : BATCH_OUT);
        } else {
            if (c->polling_out) poll_set(c, EPOLL_CTL_MOD, 0);
            return;
        }
        if (w < 0 && errno == EINTR) continue;
        if (w < 0 && errno == EAGAIN) {
            if (!c->polling_out) poll_set(c, EPOLL_CTL_MOD, 1);
            return;
        }
        if (w < 0) { drop(c, strerror(errno)); return; }
    }
}

void connect_one(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in src = { .sin_family = AF_INET };
    struct conn *c;
    if (fd < 0) die("socket: %s", strerror(errno));
    if (opt.sources > 1) {
        src.sin_addr.s_addr = htonl(INADDR_LOOPBACK + all.opened % opt.sources);
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(fd, (void *) &src, sizeof src)) die("bind: %s", strerror(errno));
    }
    if (connect(fd, (void *) &opt.addr, sizeof opt.addr)) die("connect: %s", strerror(errno));
    c = conn_new(fd);
    c->next_piece = (uint64_t) (all.opened - 1) * opt.num_pieces / opt.conns;
    put_handshake(c);
    flush(c);
}

static void top_up(struct conn *c) {
    if (opt.mode != LEECH || !c->unchoked) return;
    uint64_t t = nanos(CLOCK_MONOTONIC);
    while (c->q_len < opt.depth && all.asked < opt.total) {
        struct req r = { c->next_piece, c->next_begin, BLOCK, t };
        if (!window_is_open()) window_open(all.received);
        put_message(c, REQUEST, (uint32_t[]) { r.index, r.begin, r.len }, 3);
        q_push(c, r);
        all.asked += BLOCK;
        if ((c->next_begin += BLOCK) == opt.piece_len) {
            c->next_begin = 0;
            if (++c->next_piece == opt.num_pieces) c->next_piece = 0;
        }
    }
}

/* ---- receiving: a streaming parser; handlers return NULL or what the peer did wrong ---- */

static void greet(struct conn *c) {     /* what follows the handshakes */
    if (c->ext) {
        static const char e[] = "d1:mde4:reqqi2000e1:v7:neutrale";
        uint8_t head[6] = { [4] = EXTENDED, [5] = 0 };
        put32(head, 2 + sizeof e - 1);
        put(c, head, 6);
        put(c, e, sizeof e - 1);
    }
    if (c->fast) {
        put_message(c, opt.mode == SEED ? HAVE_ALL : HAVE_NONE, NULL, 0);
    } else if (opt.mode == SEED) {
        uint32_t n = (opt.num_pieces + 7) / 8;
        uint8_t *m = malloc(5 + n);
        put32(m, 1 + n);
        m[4] = BITFIELD;
        memset(m + 5, 0xff, n);
        if (opt.num_pieces % 8) m[4 + n] = 0xff << (8 - opt.num_pieces % 8);
        put(c, m, 5 + n);
        free(m);
    }
    if (opt.mode == LEECH) put_message(c, INTERESTED, NULL, 0);
}

static const char *on_handshake(struct conn *c) {
    if (memcmp(c->head, "\x13" "BitTorrent protocol", 20)) return "not a BitTorrent handshake";
    if (memcmp(c->head + 28, opt.info_hash, 20)) return "wrong info hash";
    c->ext = opt.ext && c->head[25] & 0x10;
    c->fast = opt.fast && c->head[27] & 0x04;
    c->shaken = 1;
    all.shaken++;
    if (opt.mode == SEED) put_handshake(c);
    greet(c);
    return NULL;
}

static const char *on_head(struct conn *c) {    /* c->body is what follows the head */
    uint32_t a = be32(c->head + 5), b = be32(c->head + 9), len = be32(c->head + 13);
    struct req r;
    switch (c->head[4]) {
    case CHOKE:
        c->unchoked = 0;
        if (!c->fast) all.asked -= (uint64_t) c->q_len * BLOCK, c->q_len = 0;
        break;
    case UNCHOKE:
        c->unchoked = 1;
        break;
    case INTERESTED:
        if (opt.mode == SEED) put_message(c, UNCHOKE, NULL, 0);
        break;
    case REQUEST:
        if (opt.mode != SEED) break;
        if (a >= opt.num_pieces || !len || len > MAX_BLOCK || (uint64_t) b + len > opt.piece_len) {
            if (!c->fast) return "request out of range";
            put_message(c, REJECT, (uint32_t[]) { a, b, len }, 3);
            break;
        }
        if (!window_is_open()) window_open(all.written);
        q_push(c, (struct req) { a, b, len, 0 });
        break;
    case PIECE:
        if (opt.mode != LEECH || !q_take(c, a, b, &c->block)) return "a piece that was not requested";
        if (c->body != c->block.len) return "a piece of the wrong length";
        c->in_piece = 1;
        c->offset = (uint64_t) a * opt.piece_len + b;
        break;
    case REJECT:
        if (opt.mode == LEECH && q_take(c, a, b, &r)) all.asked -= BLOCK;
        break;
    }
    return NULL;
}

static const char *on_body(struct conn *c, const uint8_t *p, uint32_t n) {
    c->body -= n;
    if (!c->in_piece) return NULL;
    if (opt.verify && memcmp(p, pattern + c->offset % PERIOD, n)) return "payload differs from the pattern";
    c->offset += n;
    if (c->body) return NULL;
    c->in_piece = 0;
    all.received += c->block.len;
    window_latency(all.now_ns - c->block.sent_at);
    window_progress(all.received);
    return NULL;
}

static uint32_t head_size(const struct conn *c) {
    if (!c->shaken) return SHAKE;
    if (c->have < 4 || !be32(c->head)) return 4;
    if (c->have < 5) return 5;
    switch (c->head[4]) {
    case PIECE: return 13;
    case REQUEST: case CANCEL: case REJECT: return 17;
    default: return 5;
    }
}

static const char *feed(struct conn *c, const uint8_t *p, uint32_t n) {
    const char *wrong = NULL;
    while (!wrong) {
        uint32_t want = head_size(c), m;
        if (c->body) {
            if (!n) break;
            m = n < c->body ? n : c->body;
            wrong = on_body(c, p, m);
        } else if (c->have < want) {
            if (!n) break;
            m = n < want - c->have ? n : want - c->have;
            memcpy(c->head + c->have, p, m);
            c->have += m;
        } else {
            m = c->have = 0;
            if (!c->shaken) wrong = on_handshake(c);
            else if (want > 4) {
                uint32_t len = be32(c->head);
                if (len > MAX_MESSAGE || len < want - 4) return "bad message length";
                c->body = len - (want - 4);
                wrong = on_head(c);
            }
        }
        p += m;
        n -= m;
    }
    return wrong;
}

void on_event(struct conn *c, uint32_t events) {
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t n = recv(c->fd, read_buf, READ_SIZE, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) { flush(c); return; }
        if (n <= 0) { drop(c, n ? strerror(errno) : "end of stream"); return; }
        all.last_rx = all.now_ns = nanos(CLOCK_MONOTONIC);
        const char *wrong = feed(c, read_buf, n);
        if (wrong) { drop(c, wrong); return; }
        top_up(c);
    }
    flush(c);
}

void on_accept(int listener) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0; ) conn_new(fd);
}
