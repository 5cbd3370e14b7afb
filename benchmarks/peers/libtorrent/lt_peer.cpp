// SPDX-License-Identifier: MIT
// lt_peer seed  PORT PIECE_LEN NUM_PIECES                      (prints "ready INFOHASH", serves until killed)
// lt_peer leech PEER_PORT ADDRESSES PIECE_LEN NUM_PIECES DEPTH (one wire to each of 127.0.0.1 ... 127.0.0.N)
// lt_peer hash  PIECE_LEN NUM_PIECES                           (prints the info hash)
// lt_peer dht   PORT                                           (prints "ready PORT", a node of the DHT until killed)
// lt_peer version
// The torrents have all-zero piece hashes: async_hash() of disabled_disk_io yields the zero hash, so pieces
// pass, and neither disk nor SHA-1 is part of the picture.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>
#include <sys/resource.h>
#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/aux_/escape_string.hpp>
#include <libtorrent/bencode.hpp>
#include <libtorrent/disabled_disk_io.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/hex.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>
#include <libtorrent/torrent_status.hpp>
#include <libtorrent/version.hpp>

using sp = lt::settings_pack;

static std::shared_ptr<lt::torrent_info> torrent(int piece_len, int pieces) {
    lt::entry e;                                    // by hand: create_torrent refuses all-zero hashes
    auto& info = e["info"];
    info["name"] = "canned";
    info["length"] = std::int64_t(piece_len) * pieces;
    info["piece length"] = piece_len;
    info["pieces"] = std::string(std::size_t(pieces) * 20, '\0');
    std::vector<char> buf;
    lt::bencode(std::back_inserter(buf), e);
    return std::make_shared<lt::torrent_info>(
        lt::span<char const>(buf.data(), int(buf.size())), lt::load_torrent_limits{}, lt::from_span);
}

static sp settings(std::string const& listen, int depth) {
    sp s = lt::high_performance_seed();
    s.set_str(sp::listen_interfaces, listen);
    s.set_int(sp::alert_mask, lt::alert_category::error | lt::alert_category::status);
    for (int b : { sp::enable_outgoing_utp, sp::enable_incoming_utp, sp::enable_dht, sp::enable_lsd, sp::enable_upnp,
                   sp::enable_natpmp, sp::smooth_connects, sp::rate_limit_ip_overhead, sp::close_redundant_connections })
        s.set_bool(b, false);
    s.set_bool(sp::allow_multiple_connections_per_ip, true);
    s.set_bool(sp::announce_to_all_trackers, false);
    s.set_int(sp::in_enc_policy, sp::pe_disabled);
    s.set_int(sp::out_enc_policy, sp::pe_disabled);
    s.set_int(sp::mixed_mode_algorithm, sp::prefer_tcp);
    s.set_int(sp::connections_limit, 30000);
    s.set_int(sp::unchoke_slots_limit, -1);
    s.set_int(sp::choking_algorithm, sp::fixed_slots_choker);
    s.set_int(sp::max_peerlist_size, 0);
    s.set_int(sp::upload_rate_limit, 0);
    s.set_int(sp::download_rate_limit, 0);
    s.set_int(sp::listen_queue_size, 4096);
    s.set_int(sp::connection_speed, 2000);
    s.set_int(sp::peer_turnover, 0);
    s.set_int(sp::max_allowed_in_request_queue, 5000);
    s.set_int(sp::max_out_request_queue, depth);
    s.set_int(sp::send_buffer_watermark, 8 * 1024 * 1024);
    s.set_int(sp::send_buffer_low_watermark, 1024 * 1024);
    s.set_int(sp::send_buffer_watermark_factor, 300);
    s.set_int(sp::max_queued_disk_bytes, 256 * 1024 * 1024);
    s.set_int(sp::request_queue_time, 10);
    s.set_int(sp::aio_threads, 0);
    return s;
}

// A node on loopback that takes all addresses there for nodes, and answers as fast as it can. It keeps as many peers as
// ours does.
static sp dht_settings(std::string const& port) {
    sp s = settings("127.0.0.1:" + port, 500);
    s.set_bool(sp::enable_dht, true);
    s.set_str(sp::dht_bootstrap_nodes, "");
    for (int b : { sp::dht_restrict_routing_ips, sp::dht_restrict_search_ips, sp::dht_prefer_verified_node_ids,
                   sp::dht_enforce_node_id, sp::dht_ignore_dark_internet })
        s.set_bool(b, false);
    s.set_int(sp::dht_upload_rate_limit, 500'000'000);
    s.set_int(sp::dht_block_ratelimit, 10'000'000);
    s.set_int(sp::dht_max_torrents, 10'000);
    s.set_int(sp::dht_max_peers, 100);
    s.set_int(sp::alert_mask, lt::alert_category::error);
    return s;
}

static void drain(lt::session& ses) {
    std::vector<lt::alert*> as;
    ses.pop_alerts(&as);
    for (auto* a : as)
        if (lt::alert_cast<lt::torrent_error_alert>(a) || lt::alert_cast<lt::listen_failed_alert>(a)
            || lt::alert_cast<lt::performance_alert>(a) || lt::alert_cast<lt::hash_failed_alert>(a))
            std::fprintf(stderr, "%s: %s\n", a->what(), a->message().c_str());
}

static bool wait_seeding(lt::session& ses, lt::torrent_handle const& h, int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    drain(ses);
    return h.status({}).is_seeding;
}

int main(int argc, char** argv) {
    rlimit files{ 70000, 70000 };
    setrlimit(RLIMIT_NOFILE, &files);
    std::string mode = argc > 1 ? argv[1] : "";
    bool seed = mode == "seed" && argc == 5, leech = mode == "leech" && argc == 7, hash = mode == "hash" && argc == 4;
    if (mode == "version") { std::puts(LIBTORRENT_VERSION); return 0; }
    if (mode == "dht" && argc == 3) {
        lt::session ses{lt::session_params(dht_settings(argv[2]))};
        while (!ses.is_dht_running()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        std::printf("ready %s\n", argv[2]);
        std::fflush(stdout);
        for (;; drain(ses)) std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    if (!seed && !leech && !hash) { std::fprintf(stderr, "usage: see the source\n"); return 2; }
    int k = hash ? 2 : seed ? 3 : 4;
    auto ti = torrent(std::atoi(argv[k]), std::atoi(argv[k + 1]));
    auto hex = lt::aux::to_hex(ti->info_hashes().v1);
    if (hash) { std::puts(hex.c_str()); return 0; }

    lt::session_params params(settings(
        seed ? "127.0.0.1:" + std::string(argv[2]) : "127.0.0.1:0", leech ? std::atoi(argv[6]) : 500));
    params.extensions.clear();                      // no ut_pex, ut_metadata, smart_ban plugins
    params.disk_io_constructor = lt::disabled_disk_io_constructor;
    lt::session ses(std::move(params));
    lt::add_torrent_params atp;
    atp.ti = ti;
    atp.save_path = ".";
    atp.flags = lt::torrent_flags::no_verify_files | lt::torrent_flags::disable_dht
        | lt::torrent_flags::disable_lsd | lt::torrent_flags::disable_pex;
    atp.max_connections = 30000;
    atp.max_uploads = -1;
    if (seed) atp.have_pieces.resize(ti->num_pieces(), true);
    auto h = ses.add_torrent(atp);
    if (seed) {
        while (!wait_seeding(ses, h, 20)) {}
        std::printf("ready %s\n", hex.c_str());
        std::fflush(stdout);
        for (;;) wait_seeding(ses, h, 1000);
    }
    for (int i = 0; i < std::atoi(argv[3]); ++i)
        h.connect_peer({ lt::make_address("127.0.0." + std::to_string(i + 1)), std::uint16_t(std::atoi(argv[2])) });
    while (!wait_seeding(ses, h, 20)) {}
    _exit(0);
}
