/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A libtorrent client, controlled by {@code clients/libtorrent_peer.py}. */
final class LibtorrentClient implements RealClient {
    private final String address;
    private final Program program;

    LibtorrentClient(Scene scene, String name, String ip, Task task) {
        address = ip + ":" + Network.freePort();
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-u", "clients/libtorrent_peer.py"));
        command.addAll(List.of(task.torrent(), task.folder().toString(), address));
        command.addAll(List.of("--down", "" + task.down(), "--up", "" + task.up()));
        command.addAll(List.of("--encryption", task.encrypted() ? "require" : "plaintext"));
        if (task.peer() != null) {
            command.addAll(List.of("--peer", task.peer()));
        }
        if (task.node() != null) {
            command.addAll(List.of("--dht", task.node()));
        }
        if (task.isLocal()) {
            command.add("--lsd");
        }
        if (task.seeds()) {
            command.add("--seed");
        }
        if (!task.speaksPex()) {
            command.add("--no-pex");
        }
        if (!task.unchokes()) {
            command.add("--choke");
        }
        program = scene.start(name, command);
        scene.await(name + " listens", () -> program.says("^listening"));
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isComplete() {
        return program.says("^complete");
    }

    @Override
    public Set<String> peers() {
        return program.find("^peer ([\\d.]+):").stream()
                .map(line -> line.group(1))
                .collect(Collectors.toSet());
    }

    /** Returns whether a client of this kind has dialled it from this IP address. */
    boolean wasDialledBy(String ip, Kind kind) {
        return program.says("^peer " + ip.replace(".", "\\.") + ":\\d+ incoming from incoming, " + kind.knownAs);
    }

    @Override
    public boolean isEncryptedWith(String ip) {
        return program.says("^peer " + ip.replace(".", "\\.") + ":.*, RC4$");
    }

    @Override
    public boolean hasMetadata(String name, int pieces) {
        return program.says("^metadata " + name + ", " + pieces + " pieces");
    }
}
