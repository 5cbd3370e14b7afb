/* SPDX-License-Identifier: MIT */
/* What the load generator (neutral.c) and its connections (conn.c) share. */
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 16384, READ_SIZE = 1 << 18,
       PERIOD = 1 << 21 };     /* of the pattern */

enum mode { LEECH, SEED, IDLE };

extern struct options {
    enum mode mode;
    struct sockaddr_in addr;
    uint8_t info_hash[20];
    uint32_t piece_len, num_pieces, depth, conns, sources;
    uint64_t total, warm;
    int fast, ext, verify, pid, hold, stall;
} opt;

/* connections so far and now; payload bytes asked for, received and written; when bytes last came */
extern struct totals {
    uint32_t opened, shaken, alive;
    uint64_t asked, received, written, now_ns, last_rx;
} all;

extern int ep;              /* the epoll set */
extern uint8_t *pattern;    /* one period, and enough more for any block to be contiguous */

/* neutral.c */
void die(const char *fmt, ...);
uint64_t nanos(clockid_t clock);
int window_is_open(void);
void window_open(uint64_t bytes);
void window_progress(uint64_t bytes);
void window_latency(uint64_t ns);
void window_end(void);      /* the last connection of a seed has gone */

/* conn.c */
struct conn;
void connect_one(void);
void on_accept(int listener);
void on_event(struct conn *c, uint32_t events);
