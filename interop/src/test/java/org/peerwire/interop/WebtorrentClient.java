/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** WebTorrent over TCP, controlled by {@code clients/webtorrent/webtorrent_peer.mjs}. */
final class WebtorrentClient implements RealClient {
    private final String address;
    private final Program program;

    WebtorrentClient(Scene scene, String name, String ip, Task task) {
        if (task.encrypted() || !task.speaksPex() || !task.unchokes()) {
            throw new IllegalArgumentException("webtorrent cannot do " + task);
        }
        int port = Network.freePort();
        address = ip + ":" + port; // it listens on all addresses
        List<String> command = script(
                "webtorrent_peer.mjs", List.of(task.torrent(), task.folder().toString(), "" + port));
        if (task.peer() != null) {
            command.addAll(List.of("--peer", task.peer()));
        }
        if (task.node() != null) {
            command.addAll(List.of("--dht", task.node()));
        }
        if (task.down() != 0) {
            command.addAll(List.of("--down", "" + task.down()));
        }
        if (task.up() != 0) {
            command.addAll(List.of("--up", "" + task.up()));
        }
        program = scene.start(name, command);
        scene.await(name + " listens", () -> program.says("^listening"));
        if (task.seeds()) {
            scene.await(name + " has verified its data", this::isComplete);
        }
    }

    /** Returns the command that runs a script beside webtorrent. */
    static List<String> script(String name, List<String> arguments) {
        // the modules are beside the script, and so are the files that it reads
        List<String> command = new ArrayList<>(List.of("env", "--chdir=target/webtorrent", "node", name));
        command.addAll(arguments);
        return command;
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

    @Override
    public boolean isEncryptedWith(String ip) {
        return false; // it never encrypts over TCP
    }

    @Override
    public boolean hasMetadata(String name, int pieces) {
        return program.says("^metadata " + name + ", " + pieces + " pieces");
    }
}
